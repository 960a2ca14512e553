"""Read reflections, calls, concerns, observations, audits, and what is pooled from them."""
