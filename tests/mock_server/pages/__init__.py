"""The mock's pages: the landing page, the contract's files, Swagger UI."""
