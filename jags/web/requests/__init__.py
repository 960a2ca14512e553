"""Pages to ask for a JAGS, to follow a request, and to decide on it."""
