"""The project's own proofs."""
