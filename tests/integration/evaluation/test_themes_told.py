"""Themes in a report: exact inside, in bands outside from ten texts on, and of the cohort alone where only that is asked."""

from datetime import UTC, date, datetime

from factories.people import account
from factories.reading import add_comment, add_learning
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.evaluation.rules import Period
from jags.evaluation.rules.document import Edition, Paragraph, Table
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.service import draft_report
from jags.themes.model import ReadingText
from jags.themes.queries.texts import words_of
from jags.themes.service.reading import read_text, take_in_texts

JULY = Period(date(2026, 7, 1), date(2026, 7, 31))
HELD = datetime(2026, 7, 6, 10, 0, tzinfo=UTC)


def read_all(work_on, keys_of_words, *, texts=None):
    """Let two people find the same themes in every text, by its words."""
    with work_on() as work:
        take_in_texts(work)
        readers = [actor_of(account(work, Role.OBSERVER, name=f"Reader {n}")) for n in range(2)]
        rows = [(row.id, words_of(work, row).text) for row in work.session.query(ReadingText)]
    for text_id, words in rows:
        for reader in readers:
            with work_on(reader) as work:
                read_text(work, text_id, keys_of_words[words], none_of_them=False, version=0)


def draft(work_on, edition, *, transitional=False):
    with work_on(write=False) as work:
        return draft_report(work, Asked(JULY, transitional), edition)


def themes_of(document):
    section = next(one for one in document.sections if one.key == "themes")
    return (
        {
            block.title: {row.title: row.cells[0].shown for row in block.rows}
            for block in section.blocks
            if isinstance(block, Table)
        },
        " ".join(block.text for block in section.blocks if isinstance(block, Paragraph)),
    )


def test_themes_stand_exactly_inside_and_in_bands_outside(work_on):
    with work_on() as work:
        for n in range(9):
            add_comment(work, f"Comment {n % 3}")
        add_learning(work, "Learning", starts_at=HELD)
        add_learning(work, "Another month", starts_at=datetime(2026, 8, 1, 10, 0, tzinfo=UTC))
    read_all(
        work_on,
        {
            "Comment 0": {"silos", "relational"},
            "Comment 1": {"silos"},
            "Comment 2": {"relational"},
            "Learning": {"silos", "self-harm"},
            "Another month": {"divides"},
        },
    )
    tables, told = themes_of(draft(work_on, Edition.INTERNAL))
    assert tables == {
        "Recurrent in reviews": {"Working in silos": "7 of 10"},
        "Principles of transitional safeguarding": {"Relational": "6 of 10"},
        "What the young person lives with": {"Self-harm": "1 of 10"},
    }
    assert told.startswith("Two people read 10 texts each by themselves")
    for edition in (Edition.RESTRICTED, Edition.PUBLIC):
        tables, _ = themes_of(draft(work_on, edition))
        assert tables["What the young person lives with"] == {"Self-harm": "1–5"}
        assert tables["Recurrent in reviews"] == {"Working in silos": "6–10"}


def test_fewer_than_ten_texts_are_told_of_inside_alone(work_on):
    with work_on() as work:
        for n in range(9):
            add_comment(work, f"Comment {n}")
    read_all(work_on, {f"Comment {n}": {"silos"} for n in range(9)})
    assert themes_of(draft(work_on, Edition.INTERNAL))[0] == {
        "Recurrent in reviews": {"Working in silos": "9 of 9"}
    }
    for edition in (Edition.RESTRICTED, Edition.PUBLIC):
        tables, told = themes_of(draft(work_on, edition))
        assert (tables, told) == (
            {},
            "Too few texts were read for themes by two people and agreed to tell of them.",
        )


def test_a_report_on_transitional_safeguarding_tells_of_its_own_sessions_alone(work_on):
    with work_on() as work:
        add_comment(work, "Comment")
        add_learning(work, "Confirmed", starts_at=HELD, confirmed=True)
        add_learning(work, "Not", starts_at=HELD, confirmed=False)
    read_all(work_on, {"Comment": {"silos"}, "Confirmed": {"divides"}, "Not": {"curiosity"}})
    tables, _ = themes_of(draft(work_on, Edition.INTERNAL, transitional=True))
    assert tables == {"Recurrent in reviews": {"Divides in the network": "1 of 1"}}


def test_a_period_without_texts_says_so(work_on):
    tables, told = themes_of(draft(work_on, Edition.PUBLIC))
    assert (tables, told) == ({}, "No text of this period was read for themes by two people and agreed.")
