"""The control plane: a second contract, at /__admin, to move the time and state of the mock."""

"""Below this path everything is the control plane's."""
