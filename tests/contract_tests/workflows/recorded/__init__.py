"""Tests of the check of recorded traffic."""
