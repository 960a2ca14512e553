"""The `jags` command."""
