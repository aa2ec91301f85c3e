"""Tests of the documentation's pages."""
