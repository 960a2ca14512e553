"""Queue mail with its cause, render it at delivery and keep the state of its delivery."""
