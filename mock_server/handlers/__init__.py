"""Handlers of the operations, one module per tag: unpack the request, call the domain, render."""
