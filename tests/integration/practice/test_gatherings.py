"""Network meetings and training: time is held, answers give it back, attendance trains; on both databases."""

from datetime import date, time, timedelta
from email import message_from_bytes, policy

import pytest
from icalendar import Calendar
from sqlalchemy import select

from conftest import NOW, WorkOn
from factories.gatherings import meeting, plan, training_event
from factories.pool import facilitator, offers_slots, signs_in, span
from jags.audit.model import AuditEvent
from jags.facilitators.queries import coming_bookings, free_time, get_facilitator, load
from jags.facilitators.rules import BookingKind, FacilitatorAlreadyBooked, FacilitatorStatus, Span
from jags.facilitators.service import book, set_status
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, Stale
from jags.kernel.ids import new_id
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState
from jags.notifications.service import claim_next, note_sent
from jags.practice.queries import find_invitee, get_gathering
from jags.practice.rules import About, GatheringKind, GatheringState, NoPlaceLeft, Reply
from jags.practice.service import (
    answer_invitation,
    call_off_gathering,
    change_gathering,
    invite_to_gathering,
    plan_gathering,
    record_attendance,
    set_agenda,
)
from jags.requests.rules import is_working_day
from jags.scheduling.rules import Place, SessionFormat
from jags.settings.service import change_setting

IN_A_WEEK = NOW.date() + timedelta(days=7)


def free_that_day(work, person_id, day=IN_A_WEEK):
    found = free_time(
        work, [person_id], first_day=day, last_day=day, minutes=170, is_working_day=is_working_day
    )
    return found[person_id].slots


def replies(work, gathering_id):
    return {one.person_id: (one.reply, one.clashes) for one in get_gathering(work, gathering_id).invitees}


def mails(work):
    rows = work.session.scalars(select(OutboxMessage).where(OutboxMessage.state == MailState.QUEUED)).all()
    return sorted((row.kind, row.recipient_ref) for row in rows if row.kind.startswith("gathering"))


def send_everything(work_on):
    """Deliver what is due, and return the messages as they are on the wire."""
    found = []
    while True:
        with work_on() as work:
            claimed = claim_next(work, holder="test", paused=())
            if claimed is None:
                return found
            note_sent(work, claimed.id)
            found.append(message_from_bytes(claimed.message.as_bytes(), policy=policy.default))


def test_whoever_is_invited_is_offered_no_session_then_until_they_send_apologies(work_on: WorkOn):
    with work_on() as work:
        ann = facilitator(work, "Ann")
        offers_slots(work, ann, *range(20))
        assert free_that_day(work, ann) == {0, 1}
        made = meeting(work, ann).id
        assert free_that_day(work, ann) == {1}
        assert load(work, [ann], work.today)[ann].last_twelve_months == 0
        as_ann = signs_in(work, ann)
    with work_on(as_ann) as work:
        answer_invitation(work, made, ann, coming=False)
        answer_invitation(work, made, ann, coming=False)
        assert free_that_day(work, ann) == {0, 1}
        answer_invitation(work, made, ann, coming=True)
        assert free_that_day(work, ann) == {1}
        assert replies(work, made) == {ann: (Reply.COMING, False)}
    with work_on() as work:
        answers = work.session.scalars(
            select(AuditEvent.tag).where(AuditEvent.tag == "gathering:answered")
        ).all()
        # The second apologies changed nothing.
        assert len(answers) == 2


def test_what_is_booked_already_stays_and_is_told(work_on: WorkOn):
    with work_on() as work:
        ann = facilitator(work, "Ann")
        session = new_id()
        taken = span(IN_A_WEEK, 9, 12)
        book(work, ann, taken.starts_at, taken.ends_at, BookingKind.SESSION, session)
        made = meeting(work, ann).id
        assert replies(work, made) == {ann: (Reply.INVITED, True)}
        assert [one.ref for one in coming_bookings(work, [ann])[ann]] == [session]
        as_ann = signs_in(work, ann)
    with pytest.raises(FacilitatorAlreadyBooked, match="Something else is booked"), work_on(as_ann) as work:
        answer_invitation(work, made, ann, coming=True)
    with work_on(as_ann) as work:
        answer_invitation(work, made, ann, coming=False)
        assert replies(work, made) == {ann: (Reply.APOLOGIES, False)}


def test_an_invitation_carries_an_entry_a_change_updates_it_and_calling_off_cancels_it(work_on: WorkOn):
    with work_on() as work:
        ann = facilitator(work, "Ann")
        made = meeting(work, ann).id
        set_agenda(work, made, ("Endings",), version=get_gathering(work, made).version)
    (invited,) = send_everything(work_on)
    with work_on() as work:
        later = plan(date(2027, 4, 6), minutes=90)
        change_gathering(work, made, later, version=get_gathering(work, made).version)
    (changed,) = send_everything(work_on)
    with work_on() as work:
        # Nothing that anybody is told of has changed.
        change_gathering(work, made, later, version=get_gathering(work, made).version)
        assert mails(work) == []
        call_off_gathering(work, made, version=get_gathering(work, made).version)
        assert coming_bookings(work, [ann]) == {}
    (called_off,) = send_everything(work_on)
    assert [m["Subject"] for m in (invited, changed, called_off)] == [
        "Invitation: network meeting of JAGS facilitators, 1 December 2026",
        "Changed: network meeting of JAGS facilitators",
        "Called off: network meeting of JAGS facilitators",
    ]
    assert "Tuesday 6 April 2027, 10am to 11:30am (London time)" in changed.get_body(("plain",)).get_content()
    parts = [
        next(p for p in m.walk() if p.get_content_type() == "text/calendar")
        for m in (invited, changed, called_off)
    ]
    assert [part.get_param("method") for part in parts] == ["REQUEST", "REQUEST", "CANCEL"]
    entries = [next(iter(Calendar.from_ical(part.get_content()).walk("VEVENT"))) for part in parts]
    assert len({str(entry["UID"]) for entry in entries}) == 1
    assert [entry["SEQUENCE"] for entry in entries] == [0, 1, 2]
    # Summer time has begun: ten o'clock in London is nine by UTC.
    assert entries[1]["DTSTART"].dt.utcoffset() == timedelta(hours=1)
    assert str(entries[1]["SUMMARY"]) == "JAGS network meeting"


def test_at_another_time_everybody_is_asked_again_and_held_there(work_on: WorkOn):
    with work_on() as work:
        ann, ben = facilitator(work, "Ann"), facilitator(work, "Ben")
        made = meeting(work, ann, ben).id
        answer_invitation(work, made, ann, coming=False)
        answer_invitation(work, made, ben, coming=True)
        day_after = IN_A_WEEK + timedelta(days=1)
        taken = span(day_after, 9, 12)
        book(work, ben, taken.starts_at, taken.ends_at, BookingKind.SESSION, new_id())
        change_gathering(work, made, plan(day_after), version=get_gathering(work, made).version)
        assert replies(work, made) == {ann: (Reply.INVITED, False), ben: (Reply.INVITED, True)}
        assert [one.from_on for one in coming_bookings(work, [ann])[ann]] == [day_after]
        # The invitations had not left: they go once, as things are now.
        assert [kind for kind, _to in mails(work)] == [MailKind.GATHERING_INVITATION] * 2


def test_no_more_people_than_places_are_invited_and_the_last_place_is_given_once(work_on: WorkOn):
    with work_on() as work:
        ann, ben, cat = (facilitator(work, name) for name in ("Ann", "Ben", "Cat"))
        made = training_event(work, ann, ben, places=2).id
        version = get_gathering(work, made).version
        with pytest.raises(NoPlaceLeft):
            invite_to_gathering(work, made, [cat], version=version)
        answer_invitation(work, made, ann, coming=False)
        invite_to_gathering(work, made, [cat, ben], version=version)
        with pytest.raises(NoPlaceLeft, match="All places are taken now"):
            answer_invitation(work, made, ann, coming=True)
        with pytest.raises(Invalid, match="2 people are invited already"):
            change_gathering(
                work,
                made,
                plan(IN_A_WEEK, about=About(title="Refresher"), places=1),
                version=get_gathering(work, made).version,
            )


def test_who_was_at_training_is_trained_by_the_terms_and_no_more_after_a_correction(work_on: WorkOn, clock):
    with work_on() as work:
        change_setting(work, "refresher_months", 24)
        ann, ben, cat = (facilitator(work, name, trained_on=None) for name in ("Ann", "Ben", "Cat"))
        made = training_event(work, ann, ben, cat, transitional=True).id
        answer_invitation(work, made, cat, coming=False)
        with pytest.raises(MoveNotPossible, match="once it has begun"):
            record_attendance(
                work, made, attended=[ann], apologies=[], version=get_gathering(work, made).version
            )
    clock.instant = NOW + timedelta(days=8)
    with work_on() as work:
        record_attendance(
            work, made, attended=[ann, ben], apologies=[cat], version=get_gathering(work, made).version
        )
        gathering = get_gathering(work, made)
        assert gathering.state is GatheringState.HELD
        assert replies(work, made) == {
            ann: (Reply.ATTENDED, False),
            ben: (Reply.ATTENDED, False),
            cat: (Reply.APOLOGIES, False),
        }
        (course,) = get_facilitator(work, ann).training
        assert (course.course, course.trained_on, course.refresher_due_on) == ("Refresher", IN_A_WEEK, None)
        assert get_facilitator(work, ann).transitional_training
    with work_on() as work:
        # The same once more changes nothing; without Ben, his training goes.
        version = get_gathering(work, made).version
        record_attendance(work, made, attended=[ann], apologies=[cat], version=version)
        assert [len(get_facilitator(work, one).training) for one in (ann, ben, cat)] == [1, 0, 0]
        assert replies(work, made)[ben] == (Reply.NOT_THERE, False)
        assert [get_facilitator(work, one).transitional_training for one in (ann, ben, cat)] == [
            True,
            False,
            False,
        ]
        with pytest.raises(Invalid, match="Select people from this list"):
            record_attendance(
                work, made, attended=[new_id()], apologies=[], version=get_gathering(work, made).version
            )


def attend(work_on, made, *people):
    with work_on() as work:
        record_attendance(
            work, made, attended=people, apologies=[], version=get_gathering(work, made).version
        )


def trained_for_transitions(work_on, *people):
    with work_on() as work:
        return [get_facilitator(work, one).transitional_training for one in people]


def test_a_correction_takes_back_only_what_that_attendance_gave(work_on: WorkOn, clock):
    with work_on() as work:
        ann, ben = facilitator(work, "Ann", transitional_training=True), facilitator(work, "Ben")
        first, second = (
            training_event(work, ann, ben, title=title, in_days=days, transitional=True).id
            for title, days in (("First", 7), ("Second", 8))
        )
    clock.instant = NOW + timedelta(days=9)
    attend(work_on, first, ann, ben)
    attend(work_on, second, ann, ben)
    # Ann was trained before; Ben was at the other one, too.
    attend(work_on, first)
    assert trained_for_transitions(work_on, ann, ben) == [True, True]
    attend(work_on, second)
    assert trained_for_transitions(work_on, ann, ben) == [True, False]


def test_a_meeting_takes_the_way_and_a_pause_as_a_session_does_and_less_once_it_is_online(work_on: WorkOn):
    def held(work):
        return [one.span for one in coming_bookings(work, [ann])[ann]]

    with work_on() as work:
        change_setting(work, "pause_minutes", 15)
        change_setting(work, "travel_minutes", 45)
        ann = facilitator(work, "Ann")
        made = meeting(work, ann).id
        assert held(work) == [Span(at_minutes(10, -60), at_minutes(12, 60))]
    with work_on() as work:
        change_gathering(
            work,
            made,
            plan(
                IN_A_WEEK, format=SessionFormat.ONLINE, place=Place(online_link="https://meet.example.org/a")
            ),
            version=get_gathering(work, made).version,
        )
        assert held(work) == [Span(at_minutes(10, -15), at_minutes(12, 15))]
        assert replies(work, made) == {ann: (Reply.INVITED, False)}


def at_minutes(hour, minutes):
    return span(IN_A_WEEK, hour, hour).starts_at + timedelta(minutes=minutes)


def test_at_a_network_meeting_nobody_is_trained(work_on: WorkOn, clock):
    with work_on() as work:
        ann = facilitator(work, "Ann", trained_on=None)
        made = meeting(work, ann).id
    clock.instant = NOW + timedelta(days=7, hours=1)
    with work_on() as work:
        record_attendance(work, made, attended=[ann], apologies=[], version=get_gathering(work, made).version)
        assert get_facilitator(work, ann).training == []


def test_who_comes_without_an_invitation_is_added_afterwards_without_a_mail(work_on: WorkOn, clock):
    with work_on() as work:
        ann = facilitator(work, "Ann")
        made = meeting(work).id
    clock.instant = NOW + timedelta(days=8)
    with work_on() as work:
        invite_to_gathering(work, made, [ann], version=get_gathering(work, made).version)
        assert mails(work) == []
        with pytest.raises(MoveNotPossible, match="begun already"):
            answer_invitation(work, made, ann, coming=True)
        with pytest.raises(MoveNotPossible, match="stays as it is"):
            change_gathering(
                work, made, plan(IN_A_WEEK + timedelta(days=9)), version=get_gathering(work, made).version
            )


def test_only_who_looks_after_the_pool_arranges_and_only_the_invited_answer(work_on: WorkOn):
    with work_on() as work:
        ann, ben, gone = (facilitator(work, name) for name in ("Ann", "Ben", "Gone"))
        made = meeting(work, ann).id
        version = get_gathering(work, made).version
        as_ben = signs_in(work, ben)
        set_status(work, gone, FacilitatorStatus.LEFT)
        with pytest.raises(Invalid, match="from this list"):
            invite_to_gathering(work, made, [gone], version=version)
        with pytest.raises(Invalid, match="from this list"):
            invite_to_gathering(work, made, [ann], version=version)
        with pytest.raises(Stale):
            call_off_gathering(work, made, version=version + 1)
    with work_on(as_ben) as work:
        with pytest.raises(NotFound):
            answer_invitation(work, made, ben, coming=True)
        with pytest.raises(NotAllowed):
            answer_invitation(work, made, ann, coming=False)
        for act in (
            lambda: plan_gathering(work, GatheringKind.NETWORK_MEETING, plan(IN_A_WEEK)),
            lambda: invite_to_gathering(work, made, [ben], version=version),
            lambda: record_attendance(work, made, attended=[], apologies=[], version=version),
            lambda: set_agenda(work, made, (), version=version),
            lambda: change_gathering(work, made, plan(IN_A_WEEK), version=version),
            lambda: call_off_gathering(work, made, version=version),
        ):
            with pytest.raises(NotAllowed):
                act()
    with work_on() as work:
        call_off_gathering(work, made, version=version)
        with pytest.raises(MoveNotPossible, match="called off"):
            invite_to_gathering(work, made, [ben], version=get_gathering(work, made).version)
        with pytest.raises(MoveNotPossible, match="called off"):
            answer_invitation(work, made, ann, coming=True)
        assert find_invitee(work, made, ann).reply is Reply.INVITED
        # Her invitation had not left, so there is nothing to call off.
        assert mails(work) == []


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"minutes": 29}, "minutes"),
        ({"minutes": 481}, "minutes"),
        ({"on": NOW.date()}, "day"),
        ({"on": NOW.date() + timedelta(days=400)}, "day"),
        ({"on": date(2027, 3, 28), "at": (1, 30)}, "start_time"),
        ({"at": (7, 59)}, "start_time"),
        ({"places": 0}, "places"),
        ({"title": ""}, "title"),
    ],
)
def test_what_cannot_be_planned_is_explained_at_its_field(work_on: WorkOn, details, field):
    values = {"on": IN_A_WEEK, "at": (10, 0), "title": "Refresher", **details}
    about = About(title=values.pop("title"))
    wanted = plan(values.pop("on"), at=time(*values.pop("at")), about=about, **values)
    with work_on() as work, pytest.raises(Invalid) as found:
        plan_gathering(work, GatheringKind.TRAINING, wanted)
    assert found.value.field == field


def test_who_has_left_is_told_of_no_change_but_of_calling_off(work_on: WorkOn):
    with work_on() as work:
        ann = facilitator(work, "Ann")
        made = meeting(work, ann).id
    send_everything(work_on)
    with work_on() as work:
        set_status(work, ann, FacilitatorStatus.LEFT)
        later = plan(IN_A_WEEK + timedelta(days=1))
        change_gathering(work, made, later, version=get_gathering(work, made).version)
        assert mails(work) == []
        call_off_gathering(work, made, version=get_gathering(work, made).version)
        assert mails(work) == [(MailKind.GATHERING_CALLED_OFF, str(ann))]
