"""Tests of the control plane: clock, contract, guard."""
