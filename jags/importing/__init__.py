"""Read what a Business Unit has today and say what does not agree."""
