"""Member lists: every way to write one is read, every way to spoil one is told by file and cell."""
