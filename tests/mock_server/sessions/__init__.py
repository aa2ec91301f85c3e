"""Sessions and their worlds."""
