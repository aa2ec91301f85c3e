"""Reader for member lists in files, which runs in a separate process, and writer for workbooks."""
