"""What is said beneath a table of the cells that show nothing."""

from dataclasses import replace

from factories.reports import report
from jags.evaluation.render.wording import standing, why_hidden
from jags.evaluation.rules.document import Column, Row, Table, hidden, number

FEW, GIVES_AWAY = "Fewer than six children", "It would give another figure away"


def test_a_row_in_which_nothing_is_shown_is_named_once() -> None:
    table = Table(
        "age",
        "Ages",
        "Age",
        (Column("confirmed", "Confirmed"), Column("other", "Not confirmed")),
        (
            Row("Under 16", (hidden(FEW), hidden(FEW))),
            Row("16 to 25", (hidden(FEW), hidden(GIVES_AWAY))),
            Row("Not recorded", (number(0), hidden(FEW))),
            Row("All", (number(12), number(30))),
        ),
    )

    assert list(why_hidden(table)) == [
        f"{FEW}: Under 16; 16 to 25, Confirmed; Not recorded, Not confirmed",
        f"{GIVES_AWAY}: 16 to 25, Not confirmed",
    ]


def test_what_is_neither_a_draft_nor_a_release_says_what_it_is() -> None:
    assert standing(report()) == "Draft of 20 July 2026, not for release"
    assert standing(replace(report(), standing="Made for an inspection")) == "Made for an inspection"
