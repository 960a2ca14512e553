"""The demonstration: made-up people, a made-up year, and the command that shows them."""
