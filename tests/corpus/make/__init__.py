"""The scripts that write the member files of the corpus.

They run in an environment of their own, with the packages of `requirements.txt`, the node packages
of `package.json` and LibreOffice: `make corpus-files`. The files are committed, so that only those
who add to the corpus need any of these. Nothing here imports the mock.
"""
