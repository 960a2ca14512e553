"""Real servers and a real browser, started and stopped by tests and benchmarks."""
