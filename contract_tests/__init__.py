"""The check: any server against the contract; it knows the contract, HTTP and a target URL."""
