"""Read themes: the code frame, the texts and who has read them, agreement, and what is counted."""
