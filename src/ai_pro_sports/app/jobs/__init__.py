"""Durable workflows over the use cases."""
