"""Read the tables of a tagged PDF back, by its structure and the text that its pages show."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

_CODE_BYTES = 2
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")


def pdf_tables(written: bytes) -> list[list[list[str]]]:
    """Return the cells of each table, a table that goes over pages as one, without the repeated headings."""
    import pikepdf  # noqa: PLC0415 - It loads slowly, and little else needs it.

    with pikepdf.open(BytesIO(written)) as pdf:
        texts = [_texts_of(page) for page in pdf.pages]
        pages: dict[Any, int] = {page.objgen: number for number, page in enumerate(pdf.pages)}
        tables: list[list[list[str]]] = []
        for table in _found(pdf.Root.StructTreeRoot, {"/Table"}):
            rows = [
                ["".join(_said(cell, texts, pages)) for cell in _found(row, {"/TH", "/TD"})]
                for row in _found(table, {"/TR"})
            ]
            if any(True for _ in _found(table, {"/Caption"})) or not tables:
                tables.append(rows)
            elif rows:
                # What goes on from the page before has no caption of its own; on that page there may have been no room for a row.
                goes_on = bool(tables[-1]) and rows[0] == tables[-1][0]
                tables[-1] += rows[1:] if goes_on else rows
        return tables


def _kids(element: Any) -> list[Any]:
    import pikepdf  # noqa: PLC0415 - As above.

    kids = element.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _found(element: Any, kinds: set[str]) -> Iterator[Any]:
    """Return the nearest elements of some kinds beneath another, in reading order."""
    for kid in _kids(element):
        if not hasattr(kid, "get"):
            continue
        if str(kid.get("/S", "")) in kinds:
            yield kid
        else:
            yield from _found(kid, kinds)


def _said(element: Any, texts: list[dict[int, str]], pages: dict[Any, int]) -> Iterator[str]:
    for kid in _kids(element):
        if hasattr(kid, "get"):
            yield from _said(kid, texts, pages)
        else:
            yield texts[pages[element["/Pg"].objgen]].get(int(kid), "")


def _texts_of(page: Any) -> dict[int, str]:
    """Return what each piece of marked content of a page shows."""
    import pikepdf  # noqa: PLC0415 - As above.

    fonts = {name: _letters(font) for name, font in page.Resources.get("/Font", {}).items()}
    texts: dict[int, str] = {}
    letters: dict[int, str] = {}
    mark: list[int | None] = []
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        match str(instruction.operator):
            case "BDC":
                named = operands[1]
                mark.append(int(named["/MCID"]) if hasattr(named, "get") and "/MCID" in named else None)
            case "BMC":
                mark.append(None)
            case "EMC":
                mark.pop()
            case "Tf":
                letters = fonts[str(operands[0])]
            case "Tj" | "TJ":
                at = next((one for one in reversed(mark) if one is not None), None)
                if at is not None:
                    texts[at] = texts.get(at, "") + _decoded(operands[0], letters)
    return texts


def _decoded(shown: Any, letters: dict[int, str]) -> str:
    import pikepdf  # noqa: PLC0415 - As above.

    parts = (
        [one for one in shown if isinstance(one, pikepdf.String)]
        if isinstance(shown, pikepdf.Array)
        else [shown]
    )
    text = ""
    for part in map(bytes, parts):
        codes = (part[n : n + _CODE_BYTES] for n in range(0, len(part), _CODE_BYTES))
        text += "".join(letters.get(int.from_bytes(code, "big"), "\ufffd") for code in codes)
    return text


def _letters(font: Any) -> dict[int, str]:
    """Return the text of each glyph code of a font, from its own table."""
    table = font.get("/ToUnicode")
    if table is None:
        return {}
    letters: dict[int, str] = {}
    data = table.read_bytes()
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", data, re.DOTALL):
        codes = _HEX.findall(block)
        for code, text in zip(codes[::2], codes[1::2], strict=True):
            letters[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return letters
