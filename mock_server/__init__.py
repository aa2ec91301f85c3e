"""The mock: the contract, alive."""

import warnings

# connexion imports Starlette's TestClient, which then asks every user of ours to install httpx2.
warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient`")
