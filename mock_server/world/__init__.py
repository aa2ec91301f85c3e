"""The records of a session, as one consistent set."""
