"""Repositories: one file per thing kept. Each works on the connection of its unit of work and never commits."""
