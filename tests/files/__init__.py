"""Files: their types, what a download may be asked, how much room there is, large ones."""
