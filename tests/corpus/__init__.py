"""Member files as programs write them and people damage them, with what has to come of each."""
