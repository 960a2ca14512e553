"""Pages for anonymous feedback."""
