"""Find, prove and explain the best two facilitators for a request, purely from a `Problem`."""
