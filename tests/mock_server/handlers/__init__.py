"""Operations, from request to response."""
