"""Do due work on time: one table of jobs and one runner."""
