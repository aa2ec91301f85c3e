"""The control plane at /__admin: a second contract, which changes the mock's time and state."""
