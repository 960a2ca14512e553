"""Pages of the pool, and of a facilitator's own time."""
