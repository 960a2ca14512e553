"""`jags identifiers measure` prints honest figures, and holds the goals of the guard on the texts kept for it."""

import re
from pathlib import Path

from click.testing import CliRunner

from jags.cli.main import main

TEXTS = Path(__file__).parents[2] / "data" / "identifiers"
ROW = re.compile(
    r"^(\S.*?) {2,}(\d+) +(\d+) \((\d+\.\d) %\) +(\d+) +(\d+) +(\d+) \((\d+\.\d) %\)$", re.MULTILINE
)
NUMBERS_DATES_POSTCODES = ("NHS numbers", "Dates of birth", "Postcodes")


def measured(*names, listed=False):
    """Return what the command says of files: for each row there, share found, other texts, share of false alarms."""
    words = [
        "identifiers",
        "measure",
        *(str(TEXTS / name) for name in names),
        *(["--list"] if listed else []),
    ]
    result = CliRunner().invoke(main, words)
    assert (result.exit_code, result.stderr) == (0, "")
    rows = {
        row[0]: (int(row[1]), float(row[3]), int(row[5]), float(row[7])) for row in ROW.findall(result.stdout)
    }
    return rows, result.stdout


def held(rows):
    for name in NUMBERS_DATES_POSTCODES:
        there, found, other, alarms = rows[name]
        assert there > 0
        assert found >= 98, name
        assert other > 0
        assert alarms <= 3, name


def test_the_goals_for_numbers_dates_and_postcodes_are_held_on_all_texts():
    rows, _ = measured("texts.txt", "texts-held-out.txt", "texts-as-pasted.txt")
    held(rows)
    # At least 200 texts that identify somebody, and at least 200 that do not.
    there, _found, other, alarms = rows["All that stop a text"]
    assert there >= 200
    assert other >= 200
    assert alarms <= 3


def test_the_goals_are_held_on_the_texts_that_were_written_after_the_rules():
    held(measured("texts-held-out.txt")[0])


def test_names_are_reported_apart_and_do_not_fall_behind():
    rows, _ = measured("names.txt", "names-held-out.txt", "names-small-letters.txt")
    there, found, other, alarms = rows["Likely names, hinted"]
    assert there >= 90
    assert found >= 90
    assert other >= 80
    assert alarms <= 10


def test_what_was_missed_and_what_alarmed_is_listed_when_asked(tmp_path):
    (tmp_path / "own.txt").write_text(
        "# today: 2026-11-24\nborn [[birth_date|in spring]]\nShe lives at NR3 1AB\nCall Jordan\n"
    )
    _, quiet = measured(tmp_path / "own.txt")
    _, said = measured(tmp_path / "own.txt", listed=True)
    assert "in spring" not in quiet
    assert "Missed (stops): 'in spring' in: born in spring" in said
    assert "False alarm (stops): 'NR3 1AB' in: She lives at NR3 1AB" in said
    assert "False alarm (names): 'Jordan' in: Call Jordan" in said


def test_a_file_that_cannot_be_read_or_understood_is_refused_in_one_line(tmp_path):
    (tmp_path / "wrong.txt").write_text("[[dob|12/03/2008]]\n")
    (tmp_path / "bytes.txt").write_bytes(b"\xff\xfe\x00")
    for name, said in (
        ("none.txt", "could not be read"),
        ("wrong.txt", "There is no kind 'dob'"),
        ("bytes.txt", "could not be read"),
    ):
        result = CliRunner().invoke(main, ["identifiers", "measure", str(tmp_path / name)])
        assert (result.exit_code, result.stdout) == (2, "")
        assert said in result.stderr
        assert result.stderr.count("\n") == 1
