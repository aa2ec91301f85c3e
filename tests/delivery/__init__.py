"""Tests of what users receive: generated types and clients, the wheel."""
