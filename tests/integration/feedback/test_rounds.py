"""From a held session to tallies: rounds, tickets, pots, pools."""

import json
import uuid
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from conftest import WorkOn
from factories.feedback_rounds import AFTER_CLOSING, answer, close, open_round
from factories.held_sessions import add_held_session
from jags.adapters.clock import FixedClock
from jags.audit.model import AuditEvent
from jags.feedback.model import Comment, Pool, Pot, Round, Tally, Ticket
from jags.feedback.queries import round_status, ticket_page
from jags.feedback.rules import CommentText, Outcome, RoundState, spares_for
from jags.feedback.service import accept_answer, close_due_rounds, open_due_rounds
from jags.feedback.service.answering import SEALED_BYTES
from jags.kernel.actor import ANONYMOUS
from jags.kernel.errors import Invalid, NotAllowed
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState, SealedTo
from jags.requests.model import Request
from jags.requests.rules import AgeBand, PauseReason
from jags.scheduling.model import JagsSession
from jags.settings.model import Setting


def round_of(work_on: WorkOn, session_id: uuid.UUID) -> Round:
    with work_on(write=False) as work:
        found = work.session.scalars(select(Round).where(Round.session_id == session_id)).one()
        work.session.expunge(found)
        return found


def count(work_on: WorkOn, table: type) -> int:
    with work_on(write=False) as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def test_round_asks_everybody_present_who_has_an_address(work_on: WorkOn) -> None:
    session_id, tickets = open_round(work_on, people=6, without_address=2)

    with work_on() as work:
        found = work.session.scalars(select(Round)).one()
        request = work.session.get_one(JagsSession, session_id).request
        status = round_status(work, request)
        mails = work.session.scalars(select(OutboxMessage)).all()

        assert (found.invited, found.state) == (6, RoundState.OPEN)
        assert len(set(tickets)) == 6
        # Ten working days after Tuesday 24 November end with Tuesday 8 December, London time.
        assert found.closes_at == datetime(2026, 12, 9, 0, 0, tzinfo=UTC)
        assert status is not None
        assert (status.invited, status.not_reached, status.closes_on) == (6, 2, date(2026, 12, 8))
        assert {(m.kind, m.sealed_to, m.about_ref) for m in mails} == {
            (MailKind.FEEDBACK_INVITATION, SealedTo.JOBS, str(request.id))
        }


def test_people_who_share_an_address_are_each_asked(work_on: WorkOn) -> None:
    _, tickets = open_round(work_on, people=3, shared_address="duty@example.org")

    assert len(set(tickets)) == 3
    assert answer(work_on, tickets) == [Outcome.GOOD] * 3


def test_round_is_opened_once(work_on: WorkOn) -> None:
    open_round(work_on)

    with work_on() as work:
        assert open_due_rounds(work) == 0


def test_nobody_is_asked_about_paused_or_imported_sessions(work_on: WorkOn) -> None:
    with work_on() as work:
        paused = add_held_session(work)
        paused.request.paused_at, paused.request.paused_reason = work.now, PauseReason.DEATH
        paused_id = paused.request_id
        add_held_session(work).imported = True
    with work_on() as work:
        assert open_due_rounds(work) == 0

    with work_on() as work:
        work.session.get_one(Request, paused_id).paused_at = None
    with work_on() as work:
        assert open_due_rounds(work) == 1


def test_only_the_machine_opens_and_closes_rounds(work_on: WorkOn) -> None:
    for act in (open_due_rounds, close_due_rounds):
        with pytest.raises(NotAllowed), work_on(ANONYMOUS) as work:
            act(work)


def test_looking_and_sending_a_form_as_found_spend_nothing(work_on: WorkOn) -> None:
    _, tickets = open_round(work_on)

    with work_on(ANONYMOUS, write=False) as work:
        page = ticket_page(work, tickets[0])
    with pytest.raises(Invalid), work_on(ANONYMOUS) as work:
        accept_answer(work, tickets[0], {"comment": "Sent by a scanner"})

    assert page.outcome is Outcome.GOOD
    assert page.closes_on == date(2026, 12, 8)
    assert [item.key for item in page.items if not item.more] == [
        "safe", "time", "impact", "views", "centre", "even_handed", "reflected", "comment", "may_quote",
    ]  # fmt: skip
    assert answer(work_on, tickets[:1]) == [Outcome.GOOD]


def test_invented_and_changed_tickets_are_not_valid(work_on: WorkOn) -> None:
    _, tickets = open_round(work_on)
    changed = tickets[0][:-1] + ("A" if tickets[0][-1] != "A" else "B")

    assert answer(work_on, ["nonsense", "a" * 64, changed]) == [Outcome.INVALID] * 3
    assert count(work_on, Ticket) == 6 + spares_for(6)


def test_round_closes_for_all_at_one_moment_whether_or_not_the_job_has_run(
    work_on: WorkOn, clock: FixedClock
) -> None:
    _, tickets = open_round(work_on)
    clock.instant = AFTER_CLOSING - timedelta(seconds=2)
    assert answer(work_on, tickets[:1]) == [Outcome.GOOD]

    clock.instant = AFTER_CLOSING
    assert answer(work_on, tickets[:2]) == [Outcome.CLOSED, Outcome.CLOSED]
    close(work_on, clock)
    assert answer(work_on, tickets[:2]) == [Outcome.CLOSED, Outcome.CLOSED]


@pytest.mark.parametrize("answers", range(11))
def test_answers_are_opened_from_five_and_stay_sealed_below(
    work_on: WorkOn, clock: FixedClock, answers: int
) -> None:
    session_id, tickets = open_round(work_on, people=10)
    answer(work_on, tickets[:answers], comment="It helped")

    assert close(work_on, clock) == 1

    found = round_of(work_on, session_id)
    assert count(work_on, Ticket) == 0
    if answers < 5:
        assert (found.state, found.pool_id) == (RoundState.WAITING, None)
        assert found.private_key_sealed is not None
        assert (count(work_on, Pool), count(work_on, Tally), count(work_on, Comment)) == (0, 0, 0)
        with work_on(write=False) as work:
            assert work.session.scalar(select(func.sum(func.length(Pot.body)))) == answers * SEALED_BYTES
    else:
        assert (found.state, found.private_key_sealed) == (RoundState.OPENED, None)
        assert (count(work_on, Pot), count(work_on, Comment)) == (0, answers)
        with work_on(write=False) as work:
            pool = work.session.scalars(select(Pool)).one()
            tallies = work.session.execute(select(Tally.item, Tally.option, Tally.n)).all()
            assert (pool.id, pool.answers) == (found.pool_id, answers)
        assert [tuple(t) for t in tallies] == [("safe", "agree", answers)]


def test_small_rounds_of_one_kind_are_opened_together(work_on: WorkOn, clock: FixedClock) -> None:
    first, first_tickets = open_round(work_on)
    second, second_tickets = open_round(work_on)
    young, young_tickets = open_round(work_on, age_bands=frozenset({AgeBand.SIXTEEN_SEVENTEEN}))
    answer(work_on, first_tickets[:2], time="agree")
    answer(work_on, second_tickets[:3], time="disagree")
    answer(work_on, young_tickets[:4])

    assert close(work_on, clock) == 3

    with work_on(write=False) as work:
        rounds = {r.session_id: r for r in work.session.scalars(select(Round))}
        pool = work.session.scalars(select(Pool)).one()
        tallies = Counter({(t.item, t.option): t.n for t in work.session.scalars(select(Tally))})
        assert rounds[first].pool_id == rounds[second].pool_id == pool.id
        assert (pool.answers, pool.kind) == (5, "participant/other-age/not-transitional")
        assert tallies == {("safe", "agree"): 5, ("time", "agree"): 2, ("time", "disagree"): 3}
        assert (rounds[young].state, rounds[young].kind) == (
            RoundState.WAITING,
            "participant/16-25/not-transitional",
        )


def test_small_round_waits_for_one_that_closes_later(work_on: WorkOn, clock: FixedClock) -> None:
    first, tickets = open_round(work_on)
    answer(work_on, tickets[:4])
    close(work_on, clock)
    assert round_of(work_on, first).state is RoundState.WAITING

    second, tickets = open_round(work_on)
    answer(work_on, tickets[:1])
    clock.instant += timedelta(days=30)
    with work_on() as work:
        close_due_rounds(work)

    assert round_of(work_on, first).pool_id == round_of(work_on, second).pool_id is not None
    with work_on(write=False) as work:
        told = work.session.execute(
            select(AuditEvent.tag, AuditEvent.subject_ref, AuditEvent.payload)
            .where(AuditEvent.tag.in_(["feedback_round:closed", "feedback_round:tallied"]))
            .order_by(AuditEvent.seq)
        ).all()
    by_round = [(tag, subject, json.loads(payload).get("state")) for tag, subject, payload in told]
    earlier, later = (str(round_of(work_on, session_id).id) for session_id in (first, second))
    assert by_round == [
        ("feedback_round:closed", earlier, "waiting"),
        ("feedback_round:closed", later, "opened"),
        ("feedback_round:tallied", earlier, None),
    ]


def test_no_setting_opens_fewer_than_five(work_on: WorkOn, clock: FixedClock) -> None:
    with work_on() as work:
        # No page and no command takes it; somebody wrote it into the table.
        work.session.add(Setting(key="feedback_least_inside", value="0", changed_at=work.now))
    session_id, tickets = open_round(work_on)
    answer(work_on, tickets[:4])

    close(work_on, clock)

    assert round_of(work_on, session_id).state is RoundState.WAITING


def test_comments_are_kept_with_the_leave_of_their_writer(work_on: WorkOn, clock: FixedClock) -> None:
    _, tickets = open_round(work_on)
    answer(work_on, tickets[:4], comment="Quote me", may_quote="yes")
    answer(work_on, tickets[4:], comment="Not me")

    close(work_on, clock)

    with work_on(write=False) as work:
        comments = [
            (work.vault.open(c, "text", CommentText).text, c.may_quote)
            for c in work.session.scalars(select(Comment).order_by(Comment.id))
        ]
    assert Counter(comments) == {("Quote me", True): 4, ("Not me", False): 2}


def test_round_of_forty_has_pots_of_at_most_32(work_on: WorkOn, clock: FixedClock) -> None:
    _, tickets = open_round(work_on, people=40)
    with work_on(write=False) as work:
        held = work.session.scalars(select(func.count()).select_from(Ticket).group_by(Ticket.pot_id)).all()
    # Forty, and the spare ones.
    assert sorted(held) == [27, 27]

    answer(work_on, tickets[:7])
    close(work_on, clock)

    with work_on(write=False) as work:
        assert work.session.scalars(select(Pool.answers)).one() == 7


def test_invitation_that_has_not_left_is_withdrawn_at_closing(work_on: WorkOn, clock: FixedClock) -> None:
    open_round(work_on)

    close(work_on, clock)

    with work_on(write=False) as work:
        states = set(work.session.scalars(select(OutboxMessage.state)))
    assert states == {MailState.WITHDRAWN}


def test_opening_and_closing_are_one_event_each(work_on: WorkOn, clock: FixedClock) -> None:
    _, tickets = open_round(work_on)
    answer(work_on, tickets)

    close(work_on, clock)

    with work_on(write=False) as work:
        tags = work.session.scalars(
            select(AuditEvent.tag).where(AuditEvent.tag.startswith("feedback")).order_by(AuditEvent.seq)
        ).all()
    assert tags == ["feedback_round:opened", "feedback_round:closed"]


def test_a_session_has_one_round_of_each_form_and_a_round_one_subject(work_on: WorkOn) -> None:
    session_id, _ = open_round(work_on)
    first = round_of(work_on, session_id)
    values = {
        "form": first.form,
        "form_version_id": first.form_version_id,
        "invited": 0,
        "closes_at": first.closes_at,
        "public_key": b"x",
    }

    for subject in ({"session_id": session_id}, {"session_id": session_id, "cohort_id": uuid.uuid4()}, {}):
        with pytest.raises(IntegrityError), work_on() as work:
            work.session.add(Round(**values, **subject))
    with work_on() as work:
        work.session.add(Round(**values, cohort_id=uuid.uuid4()))
    assert count(work_on, Round) == 2
