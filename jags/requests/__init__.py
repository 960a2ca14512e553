"""Hold what is asked for, the network around the child, triage and the lifecycle of a request."""
