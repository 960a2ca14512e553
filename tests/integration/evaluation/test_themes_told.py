"""Themes in a report: exact inside, in bands outside from ten texts on, and of the cohort alone where only that is asked."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from factories.people import account
from factories.reading import add_comment, add_learning
from factories.released_reports import QUARTER, QUARTER_BEFORE, add_requests, person, sent
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.evaluation.model import LedgerBlock, LedgerEntry, ReportBlock
from jags.evaluation.queries.reports import frozen_edition, get_report
from jags.evaluation.rules import Period
from jags.evaluation.rules.blocks import OF_TEXTS
from jags.evaluation.rules.document import Edition, Paragraph, Table
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.service import draft_report
from jags.feedback.service.joining import join_pools
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
        unread = [row for row in work.session.query(ReadingText) if not row.readings]
        rows = [(row.id, words_of(work, row).text) for row in unread]
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
            add_comment(work, f"Comment {n % 3}", held_at=HELD)
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
            add_comment(work, f"Comment {n}", held_at=HELD)
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
        add_comment(work, "Comment", held_at=HELD)
        add_comment(work, "Confirmed comment", held_at=HELD, confirmed=True)
        add_learning(work, "Confirmed", starts_at=HELD, confirmed=True)
        add_learning(work, "Not", starts_at=HELD, confirmed=False)
    read_all(
        work_on,
        {
            "Comment": {"silos"},
            "Confirmed comment": {"divides"},
            "Confirmed": {"divides"},
            "Not": {"curiosity"},
        },
    )
    tables, _ = themes_of(draft(work_on, Edition.INTERNAL, transitional=True))
    assert tables == {"Recurrent in reviews": {"Divides in the network": "2 of 2"}}


def test_a_period_without_texts_says_so(work_on):
    tables, told = themes_of(draft(work_on, Edition.PUBLIC))
    assert (tables, told) == ({}, "No text of this period was read for themes by two people and agreed.")


SUMMER, YEAR_SO_FAR = QUARTER, Period(date(2026, 4, 1), date(2026, 9, 30))


def comments(work_on, first, last, *, held_at=HELD, confirmed=False, theme="silos"):
    """Add comments, each of another session, that two people have read and agreed on."""
    with work_on() as work:
        for n in range(first, last):
            add_comment(work, f"Comment {n}", held_at=held_at, confirmed=confirmed)
        join_pools(work)
    read_all(work_on, {f"Comment {n}": {theme} for n in range(last)})


def told_in_release(work_on, report_id):
    with work_on(write=False) as work:
        document = frozen_edition(work, get_report(work, report_id), Edition.PUBLIC)
    tables, told = themes_of(document)
    return {row: shown for rows in tables.values() for row, shown in rows.items()}, told


def texts_counted(work_on, report_id):
    with work_on(write=False) as work:
        of_report = select(ReportBlock.block_id).where(ReportBlock.report_id == report_id)
        texts = select(LedgerBlock.id).where(
            LedgerBlock.id.in_(of_report), LedgerBlock.kind.in_(sorted(OF_TEXTS))
        )
        return set(
            work.session.scalars(select(LedgerEntry.record_hash).where(LedgerEntry.block_id.in_(texts)))
        )


def test_a_release_tells_of_whole_blocks_of_texts_as_they_were_when_it_was_sent(work_on):
    with work_on() as work:
        add_requests(work, SUMMER, 12)
    writer = person(work_on, Role.COORDINATOR)
    comments(work_on, 0, 10)
    first = sent(work_on, writer, Asked(SUMMER))
    # Four more of the same weeks are agreed later: fewer than a block, so no release tells of them yet.
    comments(work_on, 10, 14)
    again = sent(work_on, writer, Asked(SUMMER))
    assert told_in_release(work_on, first)[0] == {"Working in silos": "6–10"}
    assert told_in_release(work_on, again)[0] == {"Working in silos": "6–10"}
    assert len(texts_counted(work_on, first)) == 10
    assert texts_counted(work_on, first) == texts_counted(work_on, again)


def test_releases_of_texts_differ_by_nobody_or_by_ten(work_on):
    with work_on() as work:
        add_requests(work, QUARTER_BEFORE, 12)
        add_requests(work, SUMMER, 12, seed=1)
    writer = person(work_on, Role.COORDINATOR)
    in_may = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
    # The first three of May are too few, and go with what follows; those about confirmed sessions are apart.
    comments(work_on, 0, 3, held_at=in_may)
    asked = [Asked(QUARTER_BEFORE), Asked(SUMMER), Asked(SUMMER, transitional=True), Asked(YEAR_SO_FAR)]
    told = [sent(work_on, writer, asked[0])]
    comments(work_on, 3, 12)
    comments(work_on, 12, 22, confirmed=True)
    told += [sent(work_on, writer, one) for one in asked[1:]]

    counted = [texts_counted(work_on, one) for one in told]

    assert [len(one) for one in counted] == [0, 22, 10, 22]
    assert {len(one ^ other) for one in counted for other in counted} == {0, 10, 12, 22}


def test_comments_whose_pool_waits_for_its_block_are_told_of_inside_alone(work_on):
    with work_on() as work:
        add_requests(work, SUMMER, 12)
        for n in range(10):
            add_comment(work, f"Comment {n}", held_at=HELD)
    read_all(work_on, {f"Comment {n}": {"silos"} for n in range(10)})

    report_id = sent(work_on, person(work_on, Role.COORDINATOR), Asked(SUMMER))

    assert told_in_release(work_on, report_id)[1].startswith("Too few texts were read")
    assert themes_of(draft(work_on, Edition.INTERNAL))[0] == {
        "Recurrent in reviews": {"Working in silos": "10 of 10"}
    }
