"""Write a report as one CSV file with a row for each cell, and as JSON, the text that a release keeps."""

import json
from collections.abc import Iterator

from jags.evaluation.render.spreadsheet import Value, csv_file
from jags.evaluation.render.wording import EDITIONS, copy_in_words, period_in_words, standing
from jags.evaluation.rules.canonical import to_json
from jags.evaluation.rules.document import CopyFor, Document, sections_of, tables_of

HEAD = (
    "Section",
    "Table",
    "Row",
    "Column",
    "Shown",
    "Number",
    "Why hidden",
    "Note",
    "Report",
    "Partnership",
    "Edition",
    "Standing",
    "Period",
    "Copy",
)


def csv_of(document: Document, copy: CopyFor | None = None) -> bytes:
    """Return each cell of each table as a row; a report without tables has its heading alone. Each row says what it is of."""
    told = (
        document.title,
        document.partnership,
        EDITIONS[document.edition],
        standing(document),
        period_in_words(document.period),
        copy_in_words(copy) if copy else "",
    )
    return csv_file(HEAD, (row + told for row in _rows(document)), nothing="")


def json_of(document: Document, copy: CopyFor | None = None) -> bytes:
    """Return a report as canonical JSON, which says whether it is a draft and, of a copy, whose."""
    text = to_json(document)
    if copy:
        whole = {**json.loads(text), "copy": copy_in_words(copy)}
        text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return (text + "\n").encode()


def _rows(document: Document) -> Iterator[tuple[Value, ...]]:
    sections = {block: section.title for _, section in sections_of(document) for block in section.blocks}
    for table in tables_of(document):
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                yield (
                    sections[table],
                    table.title,
                    row.title,
                    column.title,
                    cell.shown,
                    cell.value,
                    cell.why,
                    table.note,
                )
