"""Collections of requests for API desks: Postman, Bruno, and `.http` files for httpYac.

All have the same requests in the same order, made from the examples of the contract and its links:
the login comes first, and ids of created records are passed on.
"""
