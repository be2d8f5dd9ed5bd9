"""Revisions, in order of their numbers. Each is frozen: it never imports the tables it once described."""
