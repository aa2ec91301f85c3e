"""Member lists in files, which are read by a separate process; and the writing of workbooks."""
