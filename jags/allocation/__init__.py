"""Find the two best independent facilitators, say why, offer, and keep declarations and exceptions."""
