"""Who cannot come says so, with a reason and with who comes instead; independence is looked at once more."""

import pytest
from sqlalchemy import select

from factories.people import account, link
from factories.pool import involved
from factories.sessions import COORDINATOR, agree, arrange, deliver, event_of, mail
from jags.accounts.model import Person
from jags.accounts.queries import actor_of_link, contact_of
from jags.accounts.rules import Purpose, Role
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, NotFound
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind
from jags.requests.model import Request
from jags.requests.rules import PauseReason
from jags.requests.service import pause_request
from jags.scheduling.model import AccessNeed, JagsSession
from jags.scheduling.queries import (
    access_needs,
    apologies,
    attendees,
    get_session,
    stand_ins_waiting,
    who_is_coming,
)
from jags.scheduling.rules import ApologyReason
from jags.scheduling.service import change_participants, decide_on_stand_in, say_about_me, send_apologies

NO_TIME = ApologyReason.NO_CAPACITY


@pytest.fixture
def arranged(work_on):
    """A session of three people, whose invitations have arrived."""
    offered = agree(work_on, people=3)
    session_id = arrange(work_on, offered)
    deliver(work_on, session_id)
    return offered, session_id


def members_of(work_on, offered):
    with work_on() as work:
        return [m.id for m in work.session.get_one(Request, offered.request_id).network]


def by_link(work_on, member_id):
    with work_on() as work:
        found, _secret = link(work, Purpose.PARTICIPANT, member_id)
        return actor_of_link(found)


def names(lines):
    return [line.name for line in lines]


def test_who_cannot_come_is_taken_out_of_their_own_calendar_and_nobody_else_is_written_to(work_on, arranged):
    offered, session_id = arranged
    first, *_ = members_of(work_on, offered)
    with work_on(by_link(work_on, first)) as work:
        send_apologies(work, first, reason=NO_TIME)

    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        assert names(attendees(work, session)) == ["Person 1", "Person 2"]
        assert [(p.name, why) for p, why in apologies(work, session)] == [("Person 0", NO_TIME)]
        (sent,) = mail(work, session_id)
        assert (sent.kind, sent.envelope.email) == ("called_off", "person0@example.org")
        entry = event_of(sent)
        assert (sent.envelope.calendar_method, entry["UID"], entry["SEQUENCE"]) == (
            "CANCEL",
            session.calendar_uid,
            1,
        )
    with pytest.raises(NotFound), work_on(by_link(work_on, first)) as work:
        send_apologies(work, first, reason=NO_TIME)


def test_who_comes_instead_is_invited_at_once_where_nothing_ties_them_to_a_facilitator(work_on, arranged):
    offered, session_id = arranged
    first, *_ = members_of(work_on, offered)
    with work_on(by_link(work_on, first)) as work:
        send_apologies(
            work, first, reason=NO_TIME, instead=involved("Sorrel Hay", email="sorrel@example.org")
        )

    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        line = attendees(work, session)[-1]
        # A colleague is of the same agency unless somebody says otherwise.
        assert (line.name, line.agency) == ("Sorrel Hay", "A School")
        assert stand_ins_waiting(work, session) == []
        assert {(s.kind, s.envelope.email) for s in mail(work, session_id)} == {
            ("called_off", "person0@example.org"),
            ("session_invitation", "sorrel@example.org"),
        }


def as_facilitator_of(work_on, offered):
    """Return somebody with the address of one of the two facilitators."""
    with work_on() as work:
        contact = contact_of(work, work.session.get_one(Person, offered.people[0]))
    return involved(contact.name, email=contact.email)


def test_who_may_be_connected_to_a_facilitator_waits_for_the_coordinator(work_on, arranged):
    offered, session_id = arranged
    first, *_ = members_of(work_on, offered)
    connected = as_facilitator_of(work_on, offered)
    with work_on() as work:
        coordinator = account(work, Role.COORDINATOR).person_id
    with work_on(by_link(work_on, first)) as work:
        send_apologies(work, first, reason=NO_TIME, instead=connected)

    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        (waiting,) = stand_ins_waiting(work, session)
        assert waiting.name == "Ash Reed"
        assert names(attendees(work, session)) == ["Person 1", "Person 2"]
        assert {s.kind for s in mail(work, session_id)} == {"called_off", "stand_in_waits"}
        told = work.session.scalars(
            select(OutboxMessage.recipient_ref).where(OutboxMessage.kind == MailKind.STAND_IN_WAITS)
        ).all()
        assert told == [str(coordinator)]
        version = session.version
        with pytest.raises(MoveNotPossible, match="part of its network"):
            decide_on_stand_in(work, session_id, waiting.id, invite=True, version=version)
        decide_on_stand_in(work, session_id, waiting.id, invite=False, version=version)
    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        assert stand_ins_waiting(work, session) == []
        assert "Ash Reed" not in names(attendees(work, session))
        # They are off the network as well, so that they stand in the way of nothing any more.
        with pytest.raises(NotFound):
            decide_on_stand_in(work, session_id, waiting.id, invite=True, version=session.version)


def test_who_waited_is_invited_once_nothing_stands_against_it(work_on, arranged):
    offered, session_id = arranged
    first, *_ = members_of(work_on, offered)
    connected = as_facilitator_of(work_on, offered)
    with work_on(by_link(work_on, first)) as work:
        send_apologies(work, first, reason=NO_TIME, instead=connected)
    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        (waiting,) = stand_ins_waiting(work, session)
        # It was another person of the same name, as it turned out.
        member = next(a.member for a in session.attendees if a.member_id == waiting.id)
        work.vault.seal(member, "contact", involved("Rowan Reed", email="rowan@example.org").contact)
        member.email_index = work.vault.blind_index("email", "rowan@example.org")
        work.session.flush()
        decide_on_stand_in(work, session_id, waiting.id, invite=True, version=session.version)
    with work_on(COORDINATOR) as work:
        assert "Rowan Reed" in names(attendees(work, get_session(work, session_id)))
        assert ("session_invitation", "rowan@example.org") in {
            (s.kind, s.envelope.email) for s in mail(work, session_id)
        }


def test_only_the_person_themselves_or_a_coordinator_sends_apologies_and_only_in_time(
    work_on, arranged, clock
):
    offered, session_id = arranged
    first, second, third = members_of(work_on, offered)
    with pytest.raises(NotAllowed), work_on(by_link(work_on, second)) as work:
        send_apologies(work, first, reason=NO_TIME)
    with pytest.raises(Invalid), work_on(COORDINATOR) as work:
        send_apologies(work, first, reason=ApologyReason.NOT_INVITED)
    with work_on(COORDINATOR) as work:
        send_apologies(work, first, reason=ApologyReason.CHANGED_WORKER)
    with work_on() as work:
        pause_request(work, offered.request_id, reason=PauseReason.OTHER)
    with pytest.raises(MoveNotPossible, match="paused"), work_on(by_link(work_on, second)) as work:
        send_apologies(work, second, reason=NO_TIME)
    with work_on() as work:
        work.session.get_one(Request, offered.request_id).paused_at = None
        clock.instant = work.session.get_one(JagsSession, session_id).starts_at
    with pytest.raises(MoveNotPossible, match="Ring us"), work_on(by_link(work_on, third)) as work:
        send_apologies(work, third, reason=NO_TIME)


def test_who_can_come_after_all_is_invited_again_under_the_same_entry(work_on, arranged):
    offered, session_id = arranged
    everybody = members_of(work_on, offered)
    with work_on(COORDINATOR) as work:
        send_apologies(work, everybody[0], reason=NO_TIME)
    deliver(work_on, session_id)
    with work_on(COORDINATOR) as work:
        change_participants(
            work, session_id, member_ids=everybody, version=get_session(work, session_id).version
        )
    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        assert apologies(work, session) == []
        (sent,) = mail(work, session_id)
        assert (sent.kind, sent.envelope.email) == ("session_invitation", "person0@example.org")
        assert (event_of(sent)["UID"], event_of(sent)["SEQUENCE"]) == (session.calendar_uid, 2)


def test_a_name_is_shown_to_others_on_the_day_and_not_before_where_somebody_wishes_that(
    work_on, arranged, clock
):
    offered, session_id = arranged
    first, *_ = members_of(work_on, offered)
    with work_on(by_link(work_on, first)) as work:
        say_about_me(work, first, show_name=False, needs="")

    def shown():
        with work_on(COORDINATOR) as work:
            return names(who_is_coming(work, get_session(work, session_id)))

    assert shown() == ["Name not shown before the day", "Person 1", "Person 2"]
    with work_on() as work:
        starts = work.session.get_one(JagsSession, session_id).starts_at
    clock.instant = starts.replace(hour=0, minute=30)
    assert shown() == ["Person 0", "Person 1", "Person 2"]


def test_what_somebody_needs_is_seen_by_who_arranges_the_room_and_by_nobody_else(work_on, arranged):
    offered, session_id = arranged
    first, *_ = members_of(work_on, offered)
    with work_on(by_link(work_on, first)) as work:
        say_about_me(work, first, show_name=True, needs=" A hearing loop ")
    with work_on(COORDINATOR) as work:
        assert access_needs(work, get_session(work, session_id)) == [("Person 0", "A hearing loop")]
        assert b"hearing" not in work.session.scalars(select(AccessNeed.need_sealed)).one()
    with pytest.raises(NotAllowed), work_on(offered.actors[0]) as work:
        access_needs(work, get_session(work, session_id))
    with work_on(by_link(work_on, first)) as work:
        say_about_me(work, first, show_name=True, needs="")
    with work_on(COORDINATOR) as work:
        assert access_needs(work, get_session(work, session_id)) == []
