"""Records of a session as one consistent set."""
