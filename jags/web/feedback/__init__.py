"""Pages for anonymous feedback, and for a facilitator's own reflection."""
