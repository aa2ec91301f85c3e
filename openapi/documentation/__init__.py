"""The documentation: pages in Chinese and English that work from files, without a network.

`Documentation` renders them; `python -m openapi.documentation FOLDER` writes them. The text of the
reference comes from the contract, the rest from `DECISIONS.md`, `readings.yaml` and the guides.
"""
