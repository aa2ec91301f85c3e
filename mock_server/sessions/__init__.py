"""Sessions: isolated worlds, each with a clock of its own."""
