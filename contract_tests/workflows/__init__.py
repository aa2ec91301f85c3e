"""Workflows: chains of linked operations, compared with a model of the records written."""
