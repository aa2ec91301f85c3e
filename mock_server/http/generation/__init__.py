"""Values generated from schemas that have no example."""
