"""The forms of a coordinator's steps with a request."""
