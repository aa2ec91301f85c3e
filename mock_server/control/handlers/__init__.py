"""Handlers of the control plane, one module for each area."""
