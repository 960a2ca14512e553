"""Hold the partnership's own lists, words, numbers, targets and thresholds."""
