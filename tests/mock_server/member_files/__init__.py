"""Tests of member lists: those of many programs are read, and mistakes are reported by cell."""
