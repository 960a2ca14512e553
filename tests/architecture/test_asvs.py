"""docs/security/asvs.md answers every requirement of levels 1 and 2, and names tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ANSWERS = (ROOT / "docs" / "security" / "asvs.md").read_text("utf-8")
NUMBER = re.compile(r"\b\d+\.\d+\.\d+\b")


def rows():
    """Return the cells of each row that answers something."""
    for line in ANSWERS.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 4 and NUMBER.search(cells[0]):
            yield cells


def test_every_requirement_of_levels_1_and_2_is_answered_once():
    listed = (ROOT / "tests" / "architecture" / "asvs_5.txt").read_text("utf-8")
    wanted = NUMBER.findall("\n".join(line for line in listed.splitlines() if not line.startswith("#")))
    answered = [number for cells in rows() for number in NUMBER.findall(cells[0])]
    assert len(wanted) == 253
    assert len(answered) == len(set(answered))
    assert sorted(set(wanted) - set(answered)) == []


def test_every_row_says_how():
    assert [cells[0] for cells in rows() if not cells[1] or not cells[2] or not cells[3]] == []


def test_every_path_that_the_document_names_is_there_whatever_row_it_stands_in():
    tests = set(re.findall(r"`((?:tests|jags|docs)/[^`]+)`", ANSWERS))
    beside = {f"docs/security/{path}" for path in re.findall(r"\]\(([^)#:]+)\)", ANSWERS)}
    assert (len(tests) > 60, len(beside) > 4) == (True, True)
    assert sorted(path for path in tests | beside if not (ROOT / path).exists()) == []
