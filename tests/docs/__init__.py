"""What the documents say is what happens: commands, answers, options, links, languages."""
