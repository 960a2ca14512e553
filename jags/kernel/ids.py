"""Identifiers: random UUIDs made in Python, so that a row's id exists before its values are sealed."""

import uuid


def new_id() -> uuid.UUID:
    """Return a random (version 4) UUID; it carries neither time nor order."""
    return uuid.uuid4()
