"""Pictures of the mock's pages in the READMEs."""
