"""The server under check: where it is, how to reach it, what is kept secret."""
