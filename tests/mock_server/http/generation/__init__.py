"""Values generated from schemas."""
