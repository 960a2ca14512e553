"""One page of a report for a group shows nothing that the edition does not, and years of accounts begin on 1 April."""

from datetime import date

import pytest

from jags.evaluation.rules import Period, year_from, year_of
from jags.evaluation.rules.document import (
    Chart,
    ChartKind,
    Column,
    Definition,
    Document,
    Edition,
    Paragraph,
    Row,
    Section,
    Table,
    number,
)
from jags.evaluation.rules.views import View, view_of


def table(key: str, definition: str) -> Table:
    return Table(key, key, "What", (Column("now", "Now", definition),), (Row("Row", (number(3),)),))


DOCUMENT = Document(
    title="Evaluation of JAGS",
    partnership="Eastmoor Safeguarding Partnership",
    edition=Edition.RESTRICTED,
    period=Period(date(2026, 1, 13), date(2026, 7, 12)),
    dated_on=date(2026, 7, 20),
    method=("Counted from the records.",),
    cautions=("Nobody has released it.",),
    sections=(
        Section(
            "how-much",
            "How much",
            (Paragraph("Of 24 requests 20 proceeded."),),
            (
                Section(
                    "from-received-to-held",
                    "From received to held",
                    (
                        table("funnel", "received"),
                        Chart("funnel-drawn", ChartKind.FUNNEL, "Funnel", "24, then 20.", "funnel"),
                    ),
                ),
                Section("by-locality", "Where from", (table("localities", "localities"),)),
            ),
        ),
        Section("gaps", "What we do not know", (Paragraph("Nothing was left out."),)),
        Section("recommendations", "Recommendations", (Paragraph("Invite adult services."),)),
    ),
    definitions=(
        Definition("received", "Received", "Received in the period."),
        Definition("localities", "Localities", "Where from."),
    ),
)


def test_a_page_has_the_tables_and_words_of_its_group_and_what_they_mean() -> None:
    page = view_of(DOCUMENT, View.LOCALITY_GROUP)

    assert page.title == "Evaluation of JAGS, for the locality group"
    assert [section.key for section in page.sections] == ["how-much", "recommendations"]
    inner = page.sections[0].sections
    assert [[block.key for block in part.blocks] for part in inner] == [["localities"]]
    assert [one.key for one in page.definitions] == ["localities"]
    assert page.one_page
    assert (page.method, page.cautions, page.edition) == ((), DOCUMENT.cautions, Edition.RESTRICTED)


def test_another_group_does_not_see_what_it_did_not_ask_for() -> None:
    page = view_of(DOCUMENT, View.ADULT_BOARD)

    assert [section.key for section in page.sections] == ["how-much", "recommendations"]
    assert (page.sections[0].sections, page.definitions) == ((), ())


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 4, 1), date(2026, 4, 1), date(2027, 3, 31)),
        (date(2026, 3, 31), date(2025, 4, 1), date(2026, 3, 31)),
        (date(2027, 12, 31), date(2027, 4, 1), date(2028, 3, 31)),
    ],
)
def test_a_year_of_accounts_is_from_april_to_march(day: date, first: date, last: date) -> None:
    found = year_of(day)

    assert (found, found.is_account_of_a_year) == (Period(first, last), True)
    assert not Period(first, date(last.year, 3, 30)).is_account_of_a_year
    assert year_from(first.year) == found
