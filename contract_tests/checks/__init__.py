"""Checks of single requests and answers, and of a whole run's completeness."""
