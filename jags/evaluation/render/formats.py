"""Hand a report out in a format: written, read back, compared, and only then given."""

from collections.abc import Callable, Mapping

from jags.evaluation.render.flat import csv_of, json_of
from jags.evaluation.render.html import html_page
from jags.evaluation.render.pdf import pdf_file
from jags.evaluation.render.reading import check_file
from jags.evaluation.render.word import word_file
from jags.evaluation.render.workbook import workbook_file
from jags.evaluation.rules.document import CopyFor, Document, Format

MIMETYPES: Mapping[Format, str] = {
    Format.HTML: "text/html; charset=utf-8",
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON: "application/json",
}
# What people call each format.
NAMES: Mapping[Format, str] = {
    Format.HTML: "A page (HTML)",
    Format.PDF: "PDF, tagged for screen readers",
    Format.DOCX: "Word",
    Format.XLSX: "Excel, a sheet for each table",
    Format.CSV: "CSV, a row for each figure",
    Format.JSON: "JSON, for programs",
}


def write_document(document: Document, kind: Format, copy: CopyFor | None = None) -> bytes:
    """Return a report as a file; without a copy the unmarked master, which is the same bytes each time.

    Raises `FileSaysOtherwise` when the file does not show what the document says.
    """
    written = _WRITERS[kind](document, copy)
    check_file(document, kind, written)
    return written


def _html_file(document: Document, copy: CopyFor | None) -> bytes:
    return html_page(document, copy).encode()


_WRITERS: Mapping[Format, Callable[[Document, CopyFor | None], bytes]] = {
    Format.HTML: _html_file,
    Format.PDF: pdf_file,
    Format.DOCX: word_file,
    Format.XLSX: workbook_file,
    Format.CSV: csv_of,
    Format.JSON: json_of,
}
