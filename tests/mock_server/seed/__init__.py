"""First worlds: what they hold, that a seed decides it, and that a large one is listed rightly."""
