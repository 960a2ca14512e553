"""Themes for learning: the code frame, the reading of texts by two people, their agreement, and what is counted."""
