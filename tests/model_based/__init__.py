"""A small model of the platform, compared with the mock after every step."""
