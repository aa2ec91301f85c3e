"""Strength of the check, measured by the number of faulty servers that it finds."""
