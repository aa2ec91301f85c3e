"""The safety policy: what may be sent to a server that is not ours."""
