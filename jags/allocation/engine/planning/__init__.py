"""Plan all waiting requests at once: the best answer, with its proof, and what follows from it."""
