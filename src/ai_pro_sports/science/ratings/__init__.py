"""Ratings: how strong each side is, replayed over results in the order they became known. Compiled recursions."""
