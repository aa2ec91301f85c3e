"""Tests of the check: it passes on the mock, and fails on faulty servers with the right reason."""
