"""The control plane: a second contract, at /__admin, to move the time and state of the mock."""
