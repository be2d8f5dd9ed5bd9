"""What the product does: use cases, jobs, reports, the sandbox, and the one place that wires them."""
