"""The check is proved: green on the mock, red on broken servers, and it says which and why."""
