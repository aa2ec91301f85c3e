"""The control plane: its clock, its contract, its guard."""
