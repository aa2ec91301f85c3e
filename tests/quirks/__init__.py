"""Servers with one real-world quirk each, and the verdict that the check must give on each."""
