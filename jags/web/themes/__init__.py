"""Pages of themes: reading texts by two people, what they agree on, the code frame, and drafts for facilitators."""
