"""What may be sent to a server that is not ours."""
