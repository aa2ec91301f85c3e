"""One run: set up, carried out by pytest, shared among workers, merged, ended, cleaned up."""
