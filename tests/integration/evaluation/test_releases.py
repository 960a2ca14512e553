"""A report from draft to release: who may do what, what is frozen, and that nobody can be found over several releases."""

import uuid
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from sqlalchemy import func, select, text

from conftest import WorkOn
from factories.released_reports import QUARTER, QUARTER_BEFORE, add_requests, person, released, sent
from jags.accounts.rules import Role
from jags.audit.model import AuditEvent
from jags.evaluation.model import LedgerBlock, LedgerEntry, Report
from jags.evaluation.queries.reports import frozen_edition, get_report, reports, statement_of
from jags.evaluation.render.formats import write_document
from jags.evaluation.rules import Period
from jags.evaluation.rules.document import HIDDEN, Document, Edition, Format, tables_of
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.rules.reports import ReportState, Words
from jags.evaluation.service import (
    ask,
    begin_report,
    copy_of,
    give_back,
    ledger,
    name_readers,
    release_report,
    reply,
    send_for_review,
    state_own_view,
    withdraw_report,
    write_words,
)
from jags.kernel.actor import Actor
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, Stale
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind
from jags.requests.model import Request

SQLITE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


@pytest.fixture
def writer(work_on: WorkOn) -> Actor:
    with work_on() as work:
        add_requests(work, QUARTER, 24)
    return person(work_on, Role.COORDINATOR)


@pytest.fixture
def reviewer(work_on: WorkOn) -> Actor:
    return person(work_on, Role.SCRUTINEER, "Sam Scrutiny")


def edition(work_on: WorkOn, report_id: uuid.UUID, wanted: Edition) -> Document:
    with work_on(write=False) as work:
        return frozen_edition(work, get_report(work, report_id), wanted)


def state(work_on: WorkOn, report_id: uuid.UUID) -> ReportState:
    with work_on(write=False) as work:
        return get_report(work, report_id).state


def version(work_on: WorkOn, report_id: uuid.UUID) -> int:
    with work_on(write=False) as work:
        return get_report(work, report_id).version


def test_report_goes_from_draft_to_release_and_is_withdrawn(
    work_on: WorkOn, writer: Actor, reviewer: Actor
) -> None:
    reader = person(work_on, Role.EVALUATION_READER, "Robin Vale")
    report_id = released(work_on, writer, reviewer, Asked(QUARTER), readers=(reader.person_id,))

    public = edition(work_on, report_id, Edition.PUBLIC)
    assert public.released is not None
    assert (public.released.release_id, public.cautions) == ("JAGS-R-2026-1", ())
    with work_on(write=False) as work:
        mailed = work.session.scalars(
            select(OutboxMessage.recipient_ref).where(OutboxMessage.kind == MailKind.REPORT_RELEASED)
        ).all()
        tags = set(work.session.scalars(select(AuditEvent.tag)))
    assert mailed == [str(reader.person_id)]
    assert {"report:begun", "ledger:block_formed", "report:sent", "report:released"} <= tags
    with work_on(reader) as work:
        document, written = copy_of(work, report_id, Format.HTML, Edition.RESTRICTED)
    assert "For Robin Vale, Tuesday 24 November 2026, 10am" in written.decode()
    assert "Robin Vale" not in write_document(document, Format.HTML).decode()
    with work_on(reviewer) as work:
        withdraw_report(work, report_id, "A figure was wrong.", version=version(work_on, report_id))
    with work_on(reader) as work, pytest.raises(MoveNotPossible):
        copy_of(work, report_id, Format.HTML, Edition.PUBLIC)
    assert state(work_on, report_id) is ReportState.WITHDRAWN


@SQLITE
def test_reader_who_is_named_after_the_release_is_written_to_and_nobody_twice(
    work_on: WorkOn, writer: Actor, reviewer: Actor
) -> None:
    first, later = (person(work_on, Role.EVALUATION_READER, name) for name in ("Robin Vale", "Late Reader"))
    report_id = released(work_on, writer, reviewer, Asked(QUARTER), readers=(first.person_id,))

    with work_on(writer) as work:
        name_readers(work, report_id, (first.person_id, later.person_id))

    with work_on(write=False) as work:
        mailed = work.session.scalars(
            select(OutboxMessage.recipient_ref).where(OutboxMessage.kind == MailKind.REPORT_RELEASED)
        ).all()
    assert sorted(mailed) == sorted(str(one.person_id) for one in (first, later))


@SQLITE
def test_nobody_reviews_their_own_report(work_on: WorkOn, writer: Actor) -> None:
    report_id = sent(work_on, writer, Asked(QUARTER))

    with work_on(writer) as work, pytest.raises(NotAllowed):
        release_report(work, report_id, version=version(work_on, report_id))
    reader = person(work_on, Role.EVALUATION_READER)
    with work_on(reader) as work, pytest.raises(NotFound):
        release_report(work, report_id, version=version(work_on, report_id))
    assert state(work_on, report_id) is ReportState.IN_REVIEW


@SQLITE
def test_only_named_readers_see_a_report_and_only_when_it_is_released(
    work_on: WorkOn, writer: Actor, reviewer: Actor
) -> None:
    named = person(work_on, Role.EVALUATION_READER, "Robin Vale")
    other = person(work_on, Role.EVALUATION_READER, "Nobody Named")
    report_id = sent(work_on, writer, Asked(QUARTER), readers=(named.person_id,))

    def seen(actor: Actor) -> list[uuid.UUID]:
        with work_on(actor, write=False) as work:
            return [one.id for one in reports(work)]

    assert (seen(named), seen(other), seen(reviewer)) == ([], [], [report_id])
    with work_on(reviewer) as work:
        release_report(work, report_id, version=version(work_on, report_id))
    assert (seen(named), seen(other)) == ([report_id], [])


@SQLITE
@pytest.mark.parametrize(
    ("period", "says"),
    [
        (Period(date(2026, 7, 2), date(2026, 9, 30)), "its dates are not on the list"),
        (Period(date(2026, 10, 1), date(2026, 12, 31)), "its period has not ended"),
    ],
)
def test_draft_of_other_dates_cannot_be_sent_and_says_why(
    work_on: WorkOn, writer: Actor, period: Period, says: str
) -> None:
    with work_on(writer) as work, pytest.raises(Invalid, match=says):
        send_for_review(work, begin_report(work, Asked(period)).id, version=1)
    with work_on() as work:
        assert work.session.scalar(select(func.count()).select_from(LedgerBlock)) == 0


@SQLITE
def test_what_was_frozen_does_not_change_and_words_wait_for_the_report_to_come_back(
    work_on: WorkOn, writer: Actor, reviewer: Actor
) -> None:
    report_id = sent(work_on, writer, Asked(QUARTER))
    before = edition(work_on, report_id, Edition.RESTRICTED)
    with work_on() as work:
        add_requests(work, QUARTER, 3, seed=9)
    assert edition(work_on, report_id, Edition.RESTRICTED) == before
    words = Words({"who": "More schools than before."}, (("Ask adult services.", "The lead", "2027-03-31"),))
    with work_on(writer) as work, pytest.raises(MoveNotPossible, match="with its reviewer"):
        write_words(work, report_id, words, version=version(work_on, report_id))

    with work_on(reviewer) as work:
        give_back(work, report_id, "Say more of schools.", version=version(work_on, report_id))
    with work_on(writer) as work, pytest.raises(Stale):
        write_words(work, report_id, words, version=1)
    with work_on(writer) as work:
        write_words(work, report_id, words, version=version(work_on, report_id))
    with work_on(writer) as work:
        send_for_review(work, report_id, version=version(work_on, report_id))

    told = write_document(edition(work_on, report_id, Edition.PUBLIC), Format.HTML).decode()
    assert "More schools than before." in told
    assert "Owner: The lead. By 31 March 2027." in told
    with work_on() as work:
        # The three that came too late wait for the next block; nothing is counted twice.
        assert work.session.scalar(select(func.sum(LedgerBlock.requests))) == 24
        assert work.session.scalar(select(func.count()).select_from(LedgerEntry)) == 24


@SQLITE
def test_scrutineer_states_and_asks_and_nobody_else_can_edit_it(
    work_on: WorkOn, writer: Actor, reviewer: Actor
) -> None:
    other = person(work_on, Role.SCRUTINEER, "Another Scrutineer")
    report_id = sent(work_on, writer, Asked(QUARTER))
    with work_on(reviewer) as work:
        state_own_view(work, report_id, "I looked at ten of them.", version=version(work_on, report_id))
        question = ask(work, report_id, "Why so few from housing?").id
    for actor, error in ((writer, NotAllowed), (other, MoveNotPossible)):
        with work_on(actor) as work, pytest.raises(error):
            state_own_view(work, report_id, "Changed", version=version(work_on, report_id))
    with work_on(writer) as work:
        reply(work, question, "They were not invited.", version=1)
    with work_on(reviewer) as work:
        release_report(work, report_id, version=version(work_on, report_id))
        assert statement_of(work, get_report(work, report_id)) == "I looked at ten of them."
    assert "I looked at ten of them." in str(edition(work_on, report_id, Edition.PUBLIC))
    with work_on(reviewer) as work, pytest.raises(MoveNotPossible):
        state_own_view(work, report_id, "Later", version=version(work_on, report_id))


@SQLITE
def test_release_is_rebuilt_byte_for_byte_after_its_requests_are_gone(
    work_on: WorkOn, writer: Actor, reviewer: Actor
) -> None:
    report_id = released(work_on, writer, reviewer, Asked(QUARTER))
    kinds = [kind for kind in Format if kind is not Format.PDF] + [Format.PDF]
    before = {kind: write_document(edition(work_on, report_id, Edition.RESTRICTED), kind) for kind in kinds}
    with work_on() as work:
        work.session.execute(text("DELETE FROM request_choice"))
        work.session.execute(text("DELETE FROM request"))

    document = edition(work_on, report_id, Edition.RESTRICTED)

    assert {kind: write_document(document, kind) for kind in kinds} == before
    with work_on() as work:
        assert work.session.scalar(select(func.count()).select_from(Request)) == 0


@SQLITE
def test_quarter_with_too_few_requests_tells_of_no_children(work_on: WorkOn, reviewer: Actor) -> None:
    with work_on() as work:
        add_requests(work, QUARTER, 4)
    writer = person(work_on, Role.COORDINATOR)
    report_id = released(work_on, writer, reviewer, Asked(QUARTER))

    document = edition(work_on, report_id, Edition.RESTRICTED)

    assert [one.key for one in tables_of(document) if one.key.startswith("children")] == []
    assert "too few requests to tell whom they were about" in str(document)


@SQLITE
def test_both_editions_hide_the_same_cells_about_children_and_only_one_says_why(
    work_on: WorkOn, writer: Actor, reviewer: Actor
) -> None:
    report_id = released(work_on, writer, reviewer, Asked(QUARTER))

    def cells(wanted: Edition) -> list[str]:
        document = edition(work_on, report_id, wanted)
        return [
            cell.shown
            for table in tables_of(document)
            if table.key.startswith("children")
            for row in table.rows
            for cell in row.cells
        ]

    named, public = cells(Edition.RESTRICTED), cells(Edition.PUBLIC)
    assert named == public
    assert HIDDEN in named
    numbers = {int(one) for one in named if one.isdigit()}
    assert not numbers & {1, 2, 3, 4, 5}


def shares(documents: Sequence[Document]) -> float:
    shown = [
        cell.shown
        for one in documents
        for table in tables_of(one)
        for row in table.rows
        for cell in row.cells
    ]
    return sum(cell != HIDDEN for cell in shown) / len(shown)


@SQLITE
def test_two_quarters_and_the_half_year_show_most_of_their_tables(
    work_on: WorkOn, writer: Actor, reviewer: Actor
) -> None:
    with work_on() as work:
        add_requests(work, QUARTER_BEFORE, 20, seed=4)
    half = Period(QUARTER_BEFORE.from_on, QUARTER.to_on)
    made = [
        released(work_on, writer, reviewer, Asked(period, transitional=confirmed))
        for period, confirmed in ((QUARTER_BEFORE, False), (QUARTER, False), (half, False), (QUARTER, True))
    ]

    documents = [edition(work_on, one, Edition.PUBLIC) for one in made]

    assert shares(documents) > 0.5
    with work_on() as work:
        references = list(work.session.scalars(select(Report.reference).order_by(Report.reference)))
    assert references == [f"JAGS-R-2026-{n}" for n in range(1, 5)]


def test_nobody_waits_while_what_a_report_shows_is_worked_out(
    work_on: WorkOn, writer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile() -> None:
        with work_on(writer) as work:
            begin_report(work, Asked(QUARTER_BEFORE))

    tried = solving(monkeypatch, meanwhile)
    with work_on(writer) as work:
        report_id = begin_report(work, Asked(QUARTER)).id
    with work_on(writer, write=False) as work:
        send_for_review(work, report_id, version=1)

    assert tried == ["meanwhile"]
    assert state(work_on, report_id) is ReportState.IN_REVIEW


def test_report_is_not_sent_when_what_it_counts_changed_while_it_was_worked_out(
    work_on: WorkOn, writer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile() -> None:
        with work_on() as work:
            add_requests(work, QUARTER, 1, seed=5)

    solving(monkeypatch, meanwhile)
    with work_on(writer) as work:
        report_id = begin_report(work, Asked(QUARTER)).id
    with work_on(writer, write=False) as work, pytest.raises(Stale):
        send_for_review(work, report_id, version=1)

    assert state(work_on, report_id) is ReportState.DRAFT
    with work_on() as work:
        assert work.session.scalar(select(func.count()).select_from(LedgerBlock)) == 0


def solving(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], None]) -> list[str]:
    """Let somebody else do something while the first table is worked out."""
    done: list[str] = []
    decide = ledger.decide

    def slowly(*arguments: object, **named: object) -> object:
        if not done:
            done.append("meanwhile")
            meanwhile()
        return decide(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(ledger, "decide", slowly)
    return done
