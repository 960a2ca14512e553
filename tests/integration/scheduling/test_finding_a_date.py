"""Ask which dates suit: two first, a poll where neither does; answers, who comes instead, and changes."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from factories.dates import (
    DATES,
    agreed_around_five,
    answer,
    ask,
    asked_ids,
    bring,
    by_dates_link,
    change,
    later,
    mail_about,
    poll,
    question_of,
)
from factories.pool import involved, offers_slots, span
from factories.requests import coordinator, envelopes
from factories.sessions import COORDINATOR
from jags.accounts.rules import AgeRemit
from jags.audit.model import AuditEvent
from jags.facilitators.rules import BookingKind
from jags.facilitators.service import book, give_availability, note_leave
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, Stale
from jags.kernel.ids import new_id
from jags.notifications.rules import MailKind, MailState
from jags.requests.model import Request
from jags.requests.queries import get_request
from jags.requests.rules import CaseDetail
from jags.scheduling.model import DateAsked, DateQuestion
from jags.scheduling.queries import (
    board,
    get_question,
    member_ids_for,
    proposed_slots,
)
from jags.scheduling.rules import Outcome, QuestionKind, SessionFormat, Vote
from jags.scheduling.service import (
    Told,
    answer_dates,
    close_question,
    decide_on_instead,
)

YES, IF, NO, ELSE = Vote.YES, Vote.IF_NEED_BE, Vote.NO, Vote.SOMEBODY_ELSE


@pytest.fixture
def offered(work_on):
    """Three people of one school, one of the police and one of adult care, with facilitators who agreed."""
    return agreed_around_five(work_on)


def test_two_dates_are_asked_of_each_by_a_link_of_their_own(work_on, offered) -> None:
    ask(work_on, offered)

    with work_on() as work:
        question = question_of(work, offered)
        assert [o.wall_start for o in question.options] == list(DATES[:2])
        assert mail_about(work, MailKind.DATES_PROPOSED) == sorted(str(a.member_id) for a in question.asked)
        sent = envelopes(work, MailKind.DATES_PROPOSED, offered.request_id)
        assert {m["link_subject"] for m in sent} == {str(a.id) for a in question.asked}
        assert {m["link_purpose"] for m in sent} == {"dates"}
        assert sent[0]["params"]["dates"] == (
            "– Monday 7 December 2026, 10am to 12pm (London time)\n"
            "– Tuesday 8 December 2026, 10am to 12pm (London time)"
        )
        assert sent[0]["params"]["reply_by"] == "Tuesday 1 December 2026"


def test_a_poll_comes_only_after_two_dates_and_closes_them(work_on, offered) -> None:
    with pytest.raises(MoveNotPossible, match="Propose two dates first"):
        ask(work_on, offered, *DATES)

    poll(work_on, offered)

    with work_on() as work:
        found = work.session.scalars(select(DateQuestion).order_by(DateQuestion.kind.desc())).all()
        assert [(q.kind, q.outcome) for q in found] == [
            (QuestionKind.TWO_DATES, Outcome.ASKED_AGAIN),
            (QuestionKind.POLL, None),
        ]
        assert len(mail_about(work, MailKind.DATES_PROPOSED, state=MailState.WITHDRAWN)) == 3
        assert len(mail_about(work, MailKind.DATES_POLL)) == 3


@pytest.mark.parametrize(
    ("starts", "details", "field", "message"),
    [
        (DATES[:1], {"kind": QuestionKind.TWO_DATES}, "slots", "Select two dates; you have 1."),
        ((DATES[0], DATES[0]), {}, "slots", "Select two dates; you have 1."),
        (DATES, {"kind": QuestionKind.TWO_DATES}, "slots", "Select two dates; you have 3."),
        ((datetime(2026, 11, 23, 10), DATES[0]), {}, "slots", "in the future"),  # noqa: DTZ001 - A wall time.
        ((datetime(2026, 12, 7, 3), DATES[1]), {}, "slots", "between 8am and 8pm"),  # noqa: DTZ001 - A wall time.
        (DATES[:2], {"answer_by": date(2026, 12, 7)}, "answer_by", "Sunday 6 December 2026 at the latest"),
        (DATES[:2], {"answer_by": date(2026, 11, 23)}, "answer_by", "a day that is to come"),
        (DATES[:2], {"minutes": 600}, "minutes", "between 60 and 180"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field(work_on, offered, starts, details, field, message) -> None:
    with pytest.raises(Invalid, match=message) as caught:
        ask(work_on, offered, *starts, **details)
    assert caught.value.field == field


def test_what_speaks_against_a_typed_date_is_told_and_asked_once_more(work_on, offered) -> None:
    first, _ = offered.people
    saturday = datetime.fromisoformat("2026-12-12T10:00")
    with work_on() as work:
        book(work, first, *_around(DATES[0], 8, 9), BookingKind.TRAINING, new_id())
        request = work.session.get_one(Request, offered.request_id)
        work.vault.seal(request, "detail", CaseDetail(not_these_dates="12 December"))

    with pytest.raises(Invalid) as caught:
        ask(work_on, offered, DATES[0], saturday)
    said = str(caught.value)
    assert caught.value.field == "despite"
    # Half an hour to prepare, half an hour of way and ten minutes between: from 8:50am on.
    assert "Monday 7 December 2026 at 10am: Ash Reed is not free then" in said
    assert "Saturday 12 December 2026 at 10am: it is a weekend or a bank holiday; the requester seems" in said

    ask(work_on, offered, DATES[0], saturday, despite=True)
    with work_on() as work:
        lines = board(work, question_of(work, offered)).lines
        assert all(line.slot.against for line in lines)


def _around(wall, first, last):
    found = span(wall.date(), first, last)
    return found.starts_at, found.ends_at


def test_proposed_are_times_at_which_both_are_free_for_the_whole_of_it(work_on, offered) -> None:
    first, second = offered.people
    with work_on() as work:
        # Half-days from tomorrow, a Wednesday: 24 and 25 are Monday 7 December, 26 is Tuesday morning, 28 Wednesday morning.
        offers_slots(work, first, 24, 25, 26, 28)
        offers_slots(work, second, 24, 26, 28, 30)
        note_leave(work, second, from_on=date(2026, 12, 8), to_on=date(2026, 12, 8))
        request = get_request(work, offered.request_id)
        found = proposed_slots(work, request, minutes=120, format_=SessionFormat.IN_PERSON, number=6)

    # Half an hour to prepare after nine; not Tuesday, when the second is away.
    assert [s.wall_start.isoformat() for s in found] == ["2026-12-07T09:30:00", "2026-12-09T09:30:00"]
    assert [(s.against, s.ask) for s in found] == [((), ())] * 2


def test_online_needs_no_way_so_that_more_is_free(work_on, offered) -> None:
    first, second = offered.people
    monday = DATES[0].date()
    with work_on() as work:
        for person in (first, second):
            give_availability(work, person, [span(monday, 9, 13)])
        book(work, first, *_around(DATES[0], 7, 8), BookingKind.TRAINING, new_id())
        work.session.flush()
        request = get_request(work, offered.request_id)
        by = {
            f: proposed_slots(work, request, minutes=120, format_=f, number=1)[0].wall_start.hour * 60
            + proposed_slots(work, request, minutes=120, format_=f, number=1)[0].wall_start.minute
            for f in (SessionFormat.ONLINE, SessionFormat.IN_PERSON)
        }
    assert by == {SessionFormat.ONLINE: 9 * 60 + 30, SessionFormat.IN_PERSON: 9 * 60 + 30}


def test_answers_count_as_agencies_and_can_be_changed_until_it_is_closed(work_on, offered) -> None:
    question_id = ask(work_on, offered)
    with work_on() as work:
        teacher, officer, carer = asked_ids(work, offered.request_id)

    answer(work_on, teacher, YES, YES)
    answer(work_on, officer, YES, NO)
    answer(work_on, officer, NO, YES)

    with work_on() as work:
        shown = board(work, get_question_as_test(work, question_id))
        assert [line.option.wall_start for line in shown.lines] == [DATES[1], DATES[0]]
        best, other = (line.covered for line in shown.lines)
        assert (best.there, best.unheard, other.lost) == (
            ("A School", "Police"),
            ("Adult Care",),
            ("Police",),
        )
        # Adult care could still make Monday as good, and Monday is the earlier one.
        assert [a.matters for a in shown.asked] == [False, False, True]
        assert not shown.settled
    with work_on(COORDINATOR) as work:
        close_question(work, question_id, version=get_question(work, question_id).version)
    with pytest.raises(MoveNotPossible, match="not asked about any more"):
        answer(work_on, carer, YES, YES)


def get_question_as_test(work, question_id):
    return work.session.get_one(DateQuestion, question_id)


def test_adult_services_weigh_more_when_transitional_safeguarding_is_confirmed(work_on, offered) -> None:
    question_id = ask(work_on, offered)
    with work_on() as work:
        teacher, officer, carer = asked_ids(work, offered.request_id)
    answer(work_on, teacher, YES, NO)
    answer(work_on, officer, YES, NO)
    answer(work_on, carer, NO, YES)

    for confirmed, best, missing in ((None, DATES[0], ()), (True, DATES[1], ())):
        with work_on() as work:
            work.session.get_one(Request, offered.request_id).transitional_confirmed = confirmed
            shown = board(work, get_question_as_test(work, question_id))
            first = shown.lines[0]
            assert shown.sides_unasked == ((AgeRemit.CHILDREN,) if confirmed else ())
            assert (first.option.wall_start, first.covered.sides_missing) == (best, missing)


def test_an_answer_is_complete_and_of_this_question_and_of_its_owner(work_on, offered) -> None:
    ask(work_on, offered)
    with work_on() as work:
        one, other, _ = asked_ids(work, offered.request_id)
        options = [o.id for o in question_of(work, offered).options]

    def send(actor, votes):
        with work_on(actor) as work:
            answer_dates(work, one, votes)

    with pytest.raises(Invalid, match="Select an answer for Tuesday 8 December 2026") as caught:
        send(by_dates_link(one), {options[0]: YES})
    assert caught.value.field == f"date_{options[1].hex}"
    with pytest.raises(Invalid):
        send(by_dates_link(one), dict.fromkeys(options, IF))
    with pytest.raises(MoveNotPossible):
        send(by_dates_link(one), {**dict.fromkeys(options, YES), new_id(): YES})
    for stranger in (by_dates_link(other), COORDINATOR, Actor(ActorKind.ANONYMOUS, "anonymous")):
        with pytest.raises(NotAllowed):
            send(stranger, dict.fromkeys(options, YES))


def test_the_same_answer_again_changes_nothing(work_on, clock, offered) -> None:
    ask(work_on, offered)
    with work_on() as work:
        one = asked_ids(work, offered.request_id)[0]
    answer(work_on, one, YES, NO)
    later(clock, hours=1)
    answer(work_on, one, YES, NO)
    with work_on() as work:
        events = work.session.scalars(
            select(AuditEvent).where(AuditEvent.tag == "date_question:answered")
        ).all()
        assert len(events) == 1
        assert work.session.get_one(DateAsked, one).answered_at == clock.instant - timedelta(hours=1)


def test_who_comes_instead_joins_counts_and_is_invited_on_that_date(work_on, offered) -> None:
    ask(work_on, offered)
    with work_on() as work:
        officer = asked_ids(work, offered.request_id)[1]
    with pytest.raises(Invalid, match="Enter who comes instead"):
        answer(work_on, officer, YES, ELSE)

    instead = involved("Sorrel Hay", email="sorrel@example.org")
    answer(work_on, officer, YES, ELSE, instead=instead)
    answer(work_on, officer, NO, ELSE, instead=instead)

    with work_on() as work:
        asked = work.session.get_one(DateAsked, officer)
        assert asked.stand_in.agency.name == "Police"
        assert not asked.stand_in_waits
        first, second = question_of(work, offered).options
        assert asked.member_id in member_ids_for(first)
        assert asked.stand_in_id in member_ids_for(second)
        assert asked.member_id not in member_ids_for(second)
        covered = {line.option.id: line.covered for line in board(work, question_of(work, offered)).lines}
        assert (covered[first.id].lost, covered[second.id].there) == (("Police",), ("Police",))
        named = asked.stand_in_id
    answer(work_on, officer, NO, NO)
    with work_on() as work:
        assert work.session.get_one(DateAsked, officer).stand_in_id is None
        assert named not in {
            m.id for m in work.session.get_one(Request, offered.request_id).network if not m.removed_at
        }


def test_who_comes_instead_is_looked_at_once_more_and_the_coordinator_is_told(work_on, offered) -> None:
    question_id = ask(work_on, offered)
    with work_on() as work:
        actor = coordinator(work)
        officer = asked_ids(work, offered.request_id)[1]
    # The name of a facilitator.
    answer(work_on, officer, YES, ELSE, instead=involved("Birch Lane", email="birch.lane@example.org"))

    with work_on() as work:
        assert work.session.get_one(DateAsked, officer).stand_in_waits
        assert mail_about(work, MailKind.STAND_IN_WAITS) == [str(actor.person_id)]
        second = question_of(work, offered).options[1]
        assert work.session.get_one(DateAsked, officer).member_id in member_ids_for(second)
        tuesday = second.id
    with work_on(COORDINATOR) as work:
        with pytest.raises(MoveNotPossible, match="Something stands between them and a facilitator"):
            decide_on_instead(work, question_id, officer, come=True)
        decide_on_instead(work, question_id, officer, come=False)
    with work_on() as work:
        covered = {line.option.id: line.covered for line in board(work, question_of(work, offered)).lines}
        assert covered[tuesday].lost == ("Police",)


def test_told_by_telephone_is_shown_with_day_and_who_noted_it(work_on, clock, offered) -> None:
    with work_on() as work:
        actor = coordinator(work)
        bring(work, work.session.get_one(Request, offered.request_id), "Kit Rowe", "A Charity", email="")
    question_id = ask(work_on, offered)
    with work_on() as work:
        *_, silent = asked_ids(work, offered.request_id)
        assert len(mail_about(work, MailKind.DATES_PROPOSED)) == 3
        shown = board(work, get_question_as_test(work, question_id)).asked[-1]
        assert (shown.reachable, shown.ring) == (False, True)

    answer(work_on, silent, YES, NO, actor=actor, told=Told(clock.instant.date(), "Their manager"))

    with work_on() as work:
        shown = board(work, get_question_as_test(work, question_id)).asked[-1]
        assert (
            shown.told == "told us by telephone on 24 November 2026 (by Their manager), noted by Wren Young"
        )
        assert not shown.ring
    with pytest.raises(Invalid, match="today, or before"):
        answer(work_on, silent, YES, NO, actor=actor, told=Told(date(2026, 11, 25)))


def test_a_change_keeps_votes_and_asks_who_has_something_new_to_answer(work_on, offered) -> None:
    question_id = poll(work_on, offered)
    with work_on() as work:
        teacher, officer, _ = asked_ids(work, offered.request_id)
    answer(work_on, teacher, YES, IF, NO)
    friday = datetime.fromisoformat("2026-12-11T10:00")

    change(work_on, question_id, *DATES[:2], friday)

    with work_on() as work:
        question = get_question_as_test(work, question_id)
        assert [o.wall_start for o in question.options] == [*DATES[:2], friday]
        votes = {v.option.wall_start: v.vote for v in work.session.get_one(DateAsked, teacher).votes}
        assert votes == {DATES[0]: YES, DATES[1]: IF}
        assert (question.edition, len(mail_about(work, MailKind.DATES_POLL))) == (2, 3)
        assert len(mail_about(work, MailKind.DATES_POLL, state=MailState.WITHDRAWN)) == 3
        keep = [a.member_id for a in question.asked if a.id != officer]
    change(work_on, question_id, *DATES[:2], friday, member_ids=keep, answer_by=date(2026, 12, 3))
    with work_on() as work:
        assert officer not in asked_ids(work, offered.request_id)
        sent = envelopes(work, MailKind.DATES_POLL, offered.request_id)
        assert [m["params"]["reply_by"] for m in sent] == ["Thursday 3 December 2026"] * 2
    with pytest.raises(NotFound), work_on(by_dates_link(officer)) as work:
        answer_dates(work, officer, {})
    with pytest.raises(Stale):
        change(work_on, question_id, *DATES, version=1)


def test_a_closed_question_can_be_asked_again(work_on, clock, offered) -> None:
    question_id = ask(work_on, offered)
    with work_on() as work:
        one = asked_ids(work, offered.request_id)[0]
    later(clock, days=8)
    with pytest.raises(MoveNotPossible):
        answer(work_on, one, YES, YES)
    with work_on(COORDINATOR) as work:
        close_question(work, question_id, version=get_question(work, question_id).version)

    change(work_on, question_id, answer_by=date(2026, 12, 4))

    answer(work_on, one, YES, YES)
    with work_on() as work:
        question = get_question_as_test(work, question_id)
        assert (question.closed_at, question.outcome, question.edition) == (None, None, 2)
