"""The contract, as the check reads it: operations, links, formats, statuses."""
