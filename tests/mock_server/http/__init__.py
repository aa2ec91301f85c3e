"""Tests of HTTP: parsing, validation, routing, errors."""
