"""The verbs: take in texts, read them, agree, change the code frame, and say something about a draft theme."""
