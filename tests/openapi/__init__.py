"""Is the contract whole, true to itself and readable?"""
