"""Reports, baseline and merging, on records that are made up."""
