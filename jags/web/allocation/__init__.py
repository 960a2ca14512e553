"""Pages for choosing facilitators and for answering an offer."""
