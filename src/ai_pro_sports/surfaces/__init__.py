"""How people reach the product; thin."""
