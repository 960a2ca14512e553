"""Draw codes for the camera of a phone."""


def dark_squares(address: str) -> list[tuple[int, int]]:
    """Return the dark squares of the QR code of an address, as column and row; a template draws them."""
    import segno  # noqa: PLC0415 - Only pages for paper need it.

    rows = segno.make(address, error="m", micro=False).matrix
    return [(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
