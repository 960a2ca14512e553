"""A promise of security: script, HTML and template syntax in any text is inert in PDF, Word, Excel, CSV, JSON and HTML files.

Each document is read back: the text is there as it was written, and nothing in the file acts, loads or leads elsewhere.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator

import docx
import pikepdf
import pytest
from openpyxl import load_workbook
from pikepdf import Dictionary, Name
from playwright.sync_api import Browser

from factories.hostile import CANARY, FORMULA
from factories.reports import report
from jags.evaluation.render.formats import write_document
from jags.evaluation.render.reading_pdf import pdf_tables
from jags.evaluation.rules.document import (
    Bullets,
    Cell,
    Column,
    Format,
    Paragraph,
    Quote,
    Recommendation,
    Row,
    Table,
)
from servers.browser import chromium, new_context

HOSTILE = (CANARY, FORMULA)
# What makes a PDF act or load something; what leads within the document, or to an address, is looked at apart.
ACTS = {
    "/JS",
    "/JavaScript",
    "/AA",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/EmbeddedFiles",
    "/RichMedia",
    "/XFA",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def document():
    """A report in which every kind of block says something hostile."""
    rows = tuple(Row(text, (Cell(text),)) for text in HOSTILE)
    said = [
        block
        for text in HOSTILE
        for block in (Paragraph(text), Bullets((text,)), Quote(text, text), Recommendation(text, text))
    ]
    return report(Table("hostile", CANARY, CANARY, (Column("a", CANARY),), rows, note=CANARY), *said)


def written(kind: Format) -> bytes:
    return write_document(document(), kind)


def actions(pdf) -> Iterator[str]:
    """Yield every key of a PDF that acts, and every address to which it leads."""
    for thing in pdf.objects:
        if isinstance(thing, Dictionary):
            yield from (key for key in dict(thing) if key in ACTS)
            if thing.get("/S") in {Name(one) for one in ("/JavaScript", "/Launch", "/SubmitForm", "/GoToR")}:
                yield str(thing["/S"])
            if "/URI" in thing:
                yield str(thing["/URI"])


def test_a_pdf_shows_it_as_text_and_does_nothing() -> None:
    file = written(Format.PDF)
    cells = [cell for table in pdf_tables(file) for row in table for cell in row]
    shown = ["".join(cell.split()) for cell in cells]
    assert [shown.count("".join(text.split())) for text in HOSTILE] == [4, 2]
    with pikepdf.open(io.BytesIO(file)) as pdf:
        assert list(actions(pdf)) == []


def test_what_looks_for_actions_in_a_pdf_finds_one() -> None:
    with pikepdf.new() as pdf:
        pdf.Root.OpenAction = pdf.make_indirect(Dictionary(S=Name("/JavaScript"), JS="app.alert(1)"))
        assert sorted(actions(pdf)) == ["/JS", "/JavaScript"]


def test_word_shows_it_as_text_and_holds_no_field_link_or_macro() -> None:
    file = written(Format.DOCX)
    read = docx.Document(io.BytesIO(file))
    told = [one.text for one in read.paragraphs]
    told += [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    for text in HOSTILE:
        assert sum(text in one for one in told) >= 5
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        names = parts.namelist()
        xml = "".join(parts.read(name).decode() for name in names if name.endswith(".xml"))
        relations = "".join(parts.read(name).decode() for name in names if name.endswith(".rels"))
    assert [name for name in names if name.endswith((".bin", ".exe", ".js")) or "embeddings" in name] == []
    assert "TargetMode" not in relations
    assert re.findall(r"<w:(?:fldSimple|hyperlink|object)\b", xml) == []
    # Fields number pages and make the list of contents; none of them was written by anybody.
    fields = [" ".join(one.split()) for one in re.findall(r"<w:instrText[^>]*>([^<]*)<", xml)]
    assert {one.partition(" ")[0] for one in fields} <= {"PAGE", "NUMPAGES", "TOC"}


def test_excel_holds_it_as_text_and_no_formula() -> None:
    book = load_workbook(io.BytesIO(written(Format.XLSX)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    values = [cell.value for cell in cells]
    for text in HOSTILE:
        assert any(isinstance(value, str) and text in value for value in values)
    with zipfile.ZipFile(io.BytesIO(written(Format.XLSX))) as parts:
        assert [one for one in parts.namelist() if "vba" in one.lower() or "externalLink" in one] == []
        sheets = "".join(parts.read(one).decode() for one in parts.namelist() if "worksheets/sheet" in one)
    assert "<f>" not in sheets


def test_csv_and_json_hold_it_as_text() -> None:
    rows = list(csv.reader(io.StringIO(written(Format.CSV).decode("utf-8-sig"))))
    assert any(CANARY in cell for row in rows for cell in row)
    assert any(cell == f"'{FORMULA}" for row in rows for cell in row)
    assert [cell for row in rows for cell in row if cell.lstrip()[:1] in set("=+@")] == []
    assert CANARY in json.dumps(json.loads(written(Format.JSON)), ensure_ascii=False).replace('\\"', '"')


def test_a_page_that_is_saved_and_opened_later_runs_nothing(browser: Browser, tmp_path) -> None:
    file = tmp_path / "report.html"
    file.write_bytes(written(Format.HTML))
    context = new_context(browser)
    page = context.new_page()
    dialogs, asked = [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert page.get_by_text("{{7*7}}${7*7}<%=7*7%>").count() >= 5
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("script").count() == 0
    assert [url for url in asked if url != file.as_uri() and not url.startswith("data:")] == []
    assert dialogs == []
    context.close()
