"""The words of the field: immutable, typed, no I/O. Everything else imports from here; this imports nothing of ours."""
