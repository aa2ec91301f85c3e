"""Tests of the documents: commands, responses, options, links, languages."""
