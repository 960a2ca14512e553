"""A promise of security: a formula in a field (= + - @ TAB CR NUL, full-width) is text in CSV and XLSX."""

import ast
import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from factories import pages
from factories.hostile import FORMULA, partnership_of
from factories.reports import report
from jags.accounts.rules import Role
from jags.evaluation.render.formats import write_document
from jags.evaluation.render.spreadsheet import csv_file
from jags.evaluation.rules.document import Cell, Column, Format, Row, Table

JAGS = Path(__file__).parents[2] / "jags"
WRITERS = ["evaluation/render/spreadsheet.py", "evaluation/render/workbook.py", "importing/render.py"]
BEGIN = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\0=1", " =1", "＝1", "＋1", "－1", "＠x")


def cells_of(written: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(written.lstrip("\ufeff"))) for cell in row]


def taken_for_formulas(cells: list[str]) -> list[str]:
    """Return what a spreadsheet could calculate: it drops blanks, controls and marks before it looks."""
    return [
        cell for cell in cells if cell.lstrip("\t\r\n\0 \ufeff")[:1] in set("=+-@＝＋－＠") and cell != "-"
    ]


@pytest.mark.parametrize("text", BEGIN)
def test_whatever_begins_a_formula_has_an_apostrophe_before_it(text: str) -> None:
    cells = cells_of(csv_file((text,), [(text, 1)], nothing="").decode("utf-8-sig"))
    assert cells == [f"'{text}", f"'{text}", "1"]
    assert taken_for_formulas(cells) == []
    assert taken_for_formulas([text]) == [text]


@pytest.mark.parametrize("kind", [Format.CSV, Format.XLSX])
def test_a_report_has_none_in_a_heading_or_a_cell(kind: Format) -> None:
    rows = tuple(Row(text, (Cell(text),)) for text in BEGIN if text[0] not in "\r\0")
    written = write_document(report(Table("t", "=1", "=2", (Column("a", "=3"),), rows)), kind)
    if kind is Format.CSV:
        assert taken_for_formulas(cells_of(written.decode())) == []
        return
    book = load_workbook(io.BytesIO(written))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    # They are there, as text.
    assert sum(cell.value == "=1+1" and cell.data_type == "s" for cell in cells) == 2


def test_what_people_take_along_has_none(client, work_on) -> None:
    ids = partnership_of(work_on, FORMULA)
    pages.sign_in(client, work_on, Role.COORDINATOR)
    token = pages.token(client.get("/records/find"))
    held = client.post(f"/records/find/{ids['dated']}", data={"csrf_token": token, "as": "csv"})
    for answer in (client.get("/promotion/log.csv"), held):
        cells = cells_of(answer.get_data(as_text=True))
        assert any(FORMULA in cell for cell in cells)
        assert taken_for_formulas(cells) == []


def test_every_spreadsheet_is_written_where_this_is_seen_to() -> None:
    """No page and no command writes rows of its own."""
    writers = {"writer", "DictWriter", "Workbook"}
    found = {
        str(path.relative_to(JAGS))
        for path in JAGS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in writers
    }
    assert sorted(found) == WRITERS
