"""Write a report as a Word document with real headings, lists and tables; what charts show is said in words."""

import io
from typing import TYPE_CHECKING, Any

from jags.evaluation.render.packed import packed_again
from jags.evaluation.render.wording import (
    DEFINITIONS,
    METHOD,
    SIGNS,
    front,
    notes,
    owner_in_words,
    standing,
)
from jags.evaluation.rules.document import (
    Block,
    Bullets,
    Chart,
    CopyFor,
    Document,
    Paragraph,
    Quote,
    Recommendation,
    Table,
    sections_of,
    tables_of,
)

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.table import Table as WordTable

_TABLE_STYLE = "Table Grid"
_FONT = "Arial"
_DEEP = (0x12, 0x47, 0x4F)
_COLOURED = ("Title", "Heading 1", "Heading 2", "Heading 3", "Caption", "Intense Quote")


def word_file(document: Document, copy: CopyFor | None = None) -> bytes:
    """Return a report as a DOCX file."""
    import docx  # noqa: PLC0415 - It loads slowly, and little else needs it.

    word = docx.Document()
    _prepare(word, document, copy)
    word.add_heading(document.title, level=0)
    about = front(document, copy)
    _table(word, "About this report", "", ("",), [(label, (told,)) for label, told in about], head=False)
    for caution in document.cautions:
        word.add_paragraph(style="Intense Quote").add_run(caution)
    titles = {table.key: table.title for table in tables_of(document)}
    for level, section in sections_of(document):
        word.add_heading(section.title, level=level)
        for block in section.blocks:
            _block(word, block, titles)
    if document.method:
        word.add_heading(METHOD, level=1)
        for text in document.method:
            word.add_paragraph(text)
    _definitions(word, document)
    written = io.BytesIO()
    word.save(written)
    return packed_again(
        written.getvalue(),
        title=document.title,
        language=document.language,
        dated_on=document.file_dated_on,
    )


def _prepare(word: "Word", document: Document, copy: CopyFor | None) -> None:
    """Set paper, language and the foot of each page."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - As above.
    from docx.shared import Mm, RGBColor  # noqa: PLC0415 - As above.

    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    told = [standing(document), *(told for label, told in front(document, copy) if label == "Copy")]
    page.footer.paragraphs[0].text = ". ".join(told)
    styles: Any = word.styles.element
    normal: Any = word.styles["Normal"]
    normal.font.name = _FONT
    # The template's own colours are too pale to be read by everybody.
    for name in _COLOURED:
        style: Any = word.styles[name]
        style.font.color.rgb, style.font.name = RGBColor(*_DEEP), _FONT
    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:val"), document.language)


def _block(word: "Word", block: Block, titles: dict[str, str]) -> None:
    match block:
        case Paragraph():
            word.add_paragraph(block.text)
        case Bullets():
            for item in block.items:
                word.add_paragraph(item, style="List Bullet")
        case Quote():
            word.add_paragraph(f"“{block.text}”", style="Quote")
            if block.said_by:
                word.add_paragraph(block.said_by)
        case Recommendation():
            word.add_paragraph(block.text, style="List Number")
            word.add_paragraph(owner_in_words(block), style="List Continue")
        case Chart():
            word.add_paragraph(
                f"{block.title}: {block.description} The numbers stand in “{titles[block.table]}”."
            )
        case Table():
            _told_table(word, block)


def _told_table(word: "Word", block: Table) -> None:
    rows = [(row.title, tuple(cell.shown for cell in row.cells)) for row in block.rows]
    _table(word, block.title, block.corner or "What", tuple(column.title for column in block.columns), rows)
    for note in ([] if rows else ["Nothing was counted here."]) + notes(block):
        word.add_paragraph(note)


def _table(
    word: "Word",
    title: str,
    corner: str,
    columns: tuple[str, ...],
    rows: list[tuple[str, tuple[str, ...]]],
    *,
    head: bool = True,
) -> None:
    """Write a table under its caption; the row of headings is marked as one and repeated on each page."""
    if head:
        caption = word.add_paragraph(title, style="Caption")
        caption.paragraph_format.keep_with_next = True
    table = word.add_table(rows=int(head) + len(rows), cols=1 + len(columns), style=_TABLE_STYLE)
    _describe(table, title, head=head)
    lines = [(corner, columns), *rows] if head else rows
    # The cells are taken row by row once: looking one up by its place reads the whole table again.
    for number, (row, (first, others)) in enumerate(zip(table.rows, lines, strict=True)):
        for cell, text in zip(row.cells, (first, *others), strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.add_run(text).bold = head and number == 0
    word.add_paragraph()


def _describe(table: "WordTable", title: str, *, head: bool) -> None:
    """Give a table its title for who cannot see it, and say that its first row (and column) are headings."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - As above.
    from docx.oxml.ns import qn  # noqa: PLC0415 - As above.

    properties: Any = table._tbl.tblPr  # noqa: SLF001 - The library has no other way to these marks.
    caption: Any = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), title)
    properties.append(caption)
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        look.set(qn("w:firstRow"), str(int(head)))
        look.set(qn("w:firstColumn"), "1")
    if head:
        marked: Any = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - As above.
        marked.append(OxmlElement("w:tblHeader"))


def _definitions(word: "Word", document: Document) -> None:
    word.add_heading(DEFINITIONS, level=1)
    for sign, means in SIGNS:
        word.add_paragraph(f"{sign} {means}", style="List Bullet")
    for definition in document.definitions:
        paragraph = word.add_paragraph()
        paragraph.add_run(definition.term).bold = True
        source = f" Source: {definition.source}" if definition.source else ""
        paragraph.add_run(f": {definition.text}{source}")
