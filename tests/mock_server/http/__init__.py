"""HTTP: parsing, validation, routing, refusals."""
