"""One module a tag, one public function an operation: unpack, call the domain, render."""
