"""Tests of the mock's pages: landing page, contract files, Swagger UI."""
