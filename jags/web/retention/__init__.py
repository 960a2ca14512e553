"""Pages on how long records are kept."""
