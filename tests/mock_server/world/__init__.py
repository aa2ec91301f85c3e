"""The records of a session."""
