"""The server under check."""
