"""Check hypothetical military deployments against arms-control clauses."""
