"""Make an Office file the same bytes each time, without author, program or path: fixed times, and properties of our own."""

import io
import zipfile
from datetime import date
from html import escape

_CORE = "docProps/core.xml"


def packed_again(written: bytes, *, title: str, language: str, dated_on: date) -> bytes:
    """Return an Office file with the same parts in the same order, all of one date, and core properties that name nobody."""
    again = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written)) as old, zipfile.ZipFile(again, "w") as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename == _CORE:
                part = _core(title, language, dated_on)
            kept = zipfile.ZipInfo(entry.filename, (dated_on.year, dated_on.month, dated_on.day, 0, 0, 0))
            kept.compress_type = zipfile.ZIP_DEFLATED
            kept.create_system = 0
            new.writestr(kept, part)
    return again.getvalue()


def _core(title: str, language: str, dated_on: date) -> bytes:
    moment = f"{dated_on.isoformat()}T00:00:00Z"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:language>{escape(language)}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>'
        "</cp:coreProperties>"
    ).encode()
