"""A CSV file that a spreadsheet opens: encoding, gaps, and texts that look like formulas."""

import csv
import io
from datetime import date

import pytest

from jags.evaluation.render.spreadsheet import csv_file


def read(made: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))


def test_values_are_told_so_that_nothing_is_lost_and_no_gap_is_zero() -> None:
    made = csv_file(
        ("Date", "Text", "Number"),
        [(date(2026, 3, 3), 'One, "two"\nthree é', 0), (date(2026, 3, 4), "", None)],
        nothing=":",
    )

    assert made[:3] == b"\xef\xbb\xbf"
    assert read(made) == [
        ["Date", "Text", "Number"],
        ["2026-03-03", 'One, "two"\nthree é', "0"],
        ["2026-03-04", "", ":"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\rx",
        "\nx",
        "\0=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "  =1",
        " \0=1",
        "-",
    ],
)
def test_what_could_be_a_formula_is_written_as_text(text: str) -> None:
    assert read(csv_file(("A",), [(text,)], nothing="")) == [["A"], [f"'{text}"]]
    assert read(csv_file((text,), [], nothing="")) == [[f"'{text}"]]


@pytest.mark.parametrize("text", ["1+1", "a=b", "’tis", "'=1", "Team A - B", "é"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert read(csv_file(("A",), [(text,)], nothing="")) == [["A"], [text]]
