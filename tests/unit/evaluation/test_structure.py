"""What assistive technology finds in the PDF, the Word document and the workbook; the last two as LibreOffice opens them."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from factories.reports import RELEASED, report
from jags.evaluation.render.formats import write_document
from jags.evaluation.rules.document import Format
from servers.office import opened

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


@pytest.fixture(scope="module")
def pdf() -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(write_document(report(released=RELEASED), Format.PDF))) as read:
        yield read


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    def walk(element: Any) -> Iterator[Any]:
        kids = element.get("/K")
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield kid
                yield from walk(kid)

    return walk(pdf.Root.StructTreeRoot)


class TestPdf:
    def test_says_what_it_is_and_in_which_language(self, pdf: pikepdf.Pdf) -> None:
        assert str(pdf.Root.Lang) == "en-GB"
        assert str(pdf.docinfo["/Title"]) == "Evaluation of transitional JAGS"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert bool(pdf.Root.MarkInfo.Marked)
        assert b'pdfuaid:part="1"' in pdf.Root.Metadata.read_bytes()

    def test_names_nobody_and_has_one_date(self, pdf: pikepdf.Pdf) -> None:
        assert {key: str(value) for key, value in pdf.docinfo.items()} == {
            "/Title": "Evaluation of transitional JAGS",
            "/Producer": str(pdf.docinfo["/Producer"]),
            "/CreationDate": "D:20260803",
            "/ModDate": "D:20260803",
        }

    def test_headings_follow_the_sections(self, pdf: pikepdf.Pdf) -> None:
        levels = [str(e["/S"]) for e in elements(pdf) if str(e["/S"]).startswith("/H")]
        assert levels == ["/H1", "/H2", "/H3", "/H2", "/H2", "/H2"]
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Evaluation of transitional JAGS"]
            assert [item.title for item in outline.root[0].children] == [
                "How much",
                "What difference",
                "How this was counted",
                "What the figures mean",
            ]

    def test_tables_have_headers_of_rows_and_columns(self, pdf: pikepdf.Pdf) -> None:
        named = {str(e["/ID"]) for e in elements(pdf) if e["/S"] == "/TH"}
        # Five lines say what the report is; two tables have three and four columns, three and two rows.
        assert len(named) == 5 + (3 + 3) + (4 + 2)
        heads = [[str(one) for one in e["/A"]["/Headers"]] for e in elements(pdf) if e["/S"] == "/TD"]
        assert [len(one) for one in heads] == [1] * 5 + [2] * (3 * 2 + 2 * 3)
        assert {one for head in heads for one in head} < named

    def test_every_chart_says_what_it_shows(self, pdf: pikepdf.Pdf) -> None:
        told = [str(e["/Alt"]) for e in elements(pdf) if e["/S"] == "/Figure"]
        assert told == [
            "From received to held. Received 24, proceeded 20.",
            "Both periods. This period beside the one before.",
            "Agencies by month. Most in January.",
            "Agencies over time. Few in February.",
            "Agencies in dots. January apart from March.",
        ]

    def test_fonts_are_inside(self, pdf: pikepdf.Pdf) -> None:
        descriptors = [
            o
            for o in pdf.objects
            if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"
        ]
        assert descriptors
        assert all("/FontFile2" in one or "/FontFile3" in one for one in descriptors)


def words_of(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


class TestOpenedByLibreOffice:
    def test_word_document_has_headings_and_tables_with_header_rows(self, tmp_path: Path) -> None:
        file = tmp_path / "report.docx"
        file.write_bytes(write_document(report(), Format.DOCX))
        root = opened(file)
        headings = [(h.get(f"{TEXT}outline-level"), words_of(h)) for h in root.iter(f"{TEXT}h")]
        assert headings == [
            ("1", "How much"),
            ("2", "Who took part"),
            ("1", "What difference"),
            ("1", "How this was counted"),
            ("1", "What the figures mean"),
        ]
        tables = list(root.iter(f"{TABLE}table"))
        head_rows = [
            [[words_of(cell) for cell in row.iter(f"{TABLE}table-cell")] for row in rows]
            for table in tables
            for rows in table.iter(f"{TABLE}table-header-rows")
        ]
        assert head_rows == [
            [["Step", "Requests", "The period before"]],
            [["Agency", "January 2026", "February 2026", "March 2026"]],
        ]
        assert [words_of(cell) for cell in tables[1].iter(f"{TABLE}table-cell")][3:] == [
            *("Received", "24", "1,180"),
            *("Proceeded", "20 of 24", "6–10"),
            *("Not proceeded", "4 of 24", ":"),
        ]

    def test_workbook_has_its_sheets_and_no_formula(self, tmp_path: Path) -> None:
        file = tmp_path / "report.xlsx"
        file.write_bytes(write_document(report(), Format.XLSX))
        root = opened(file)
        sheets = {sheet.get(f"{TABLE}name"): sheet for sheet in root.iter(f"{TABLE}table")}
        assert list(sheets) == [
            "About this report",
            "From received to held",
            "Agencies by month",
            "Words",
            "What the figures mean",
        ]
        cells = list(root.iter(f"{TABLE}table-cell"))
        assert not any(cell.get(f"{TABLE}formula") for cell in cells)
        by_month = [
            (cell.get(f"{OFFICE}value-type"), words_of(cell))
            for cell in sheets["Agencies by month"].iter(f"{TABLE}table-cell")
            if words_of(cell)
        ]
        assert by_month[4:12] == [
            ("string", "Riverside School"),
            ("float", "2"),
            ("float", "0"),
            ("string", ":"),
            ("string", '=HYPERLINK("https://example.org") & <b>'),
            ("float", "3.5"),
            ("string", "c"),
            ("string", "z"),
        ]
