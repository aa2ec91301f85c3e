"""Safety policy: the requests that are allowed on a server that is not ours."""
