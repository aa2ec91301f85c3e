"""The server under check: its address, the connection to it, and its secrets."""
