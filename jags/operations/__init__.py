"""Know which jobs ran, who holds the scheduler's lease, and whether the system is healthy."""
