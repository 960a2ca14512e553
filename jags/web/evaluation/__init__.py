"""Pages that show the figures of a period."""
