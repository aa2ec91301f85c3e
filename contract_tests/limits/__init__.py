"""What may be done to a server that is not this machine, looked at request by request."""
