"""Member lists in files: read in a process of its own, and written."""
