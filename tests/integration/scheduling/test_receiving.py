"""What comes back is noted where somebody sees it, or passed on; nothing hostile stops it, and nothing is lost."""

import pytest
from sqlalchemy import select

from factories.coming_back import bounce, calendar_reply, letter
from factories.feedback_rounds import open_round
from factories.sessions import COORDINATOR, WALL, agree, appointment, arrange, deliver
from jags.audit.service import verify
from jags.kernel.errors import MoveNotPossible
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState
from jags.notifications.service import claim_next, send_again
from jags.requests.queries import undelivered
from jags.requests.service import note_rung
from jags.scheduling.queries import attendees, calendar_answers, get_session
from jags.scheduling.service import Taken, move_session, receive_mail
from jags.settings.service import change_setting


def invited(work_on):
    """Arrange a session, deliver its invitations, and return its id with the Message-ID of the first participant's."""
    session_id = arrange(work_on, agree(work_on, people=2))
    deliver(work_on, session_id)
    with work_on(COORDINATOR) as work:
        first = person(work, session_id, "person0@example.org")
        message_id = work.session.scalars(
            select(OutboxMessage.message_id).where(OutboxMessage.recipient_ref == str(first))
        ).one()
    return session_id, message_id


def person(work, session_id, email):
    """Return the member of the network who is invited under an address."""
    (found,) = [line.id for line in attendees(work, get_session(work, session_id)) if line.email == email]
    return found


def take(work_on, raw):
    with work_on() as work:
        return receive_mail(work, raw)


def forwarded(work_on):
    """Return what is passed on, as it leaves: its subject and the attached file."""
    found = []
    with work_on() as work:
        while claimed := claim_next(work, holder="a", paused=[]):
            found += [
                (claimed.message["Subject"], claimed.message["To"], part.get_content())
                for part in claimed.message.iter_attachments()
                if part.get_filename() == "message.eml"
            ]
    return found


@pytest.mark.parametrize("headers_only", [False, True])
def test_the_coordinator_is_told_whom_the_invitation_did_not_reach(work_on, headers_only):
    session_id, message_id = invited(work_on)
    assert take(work_on, bounce(message_id, headers_only=headers_only)) is Taken.REPORTED
    with work_on(COORDINATOR) as work:
        row = work.session.scalars(select(OutboxMessage).where(OutboxMessage.message_id == message_id)).one()
        assert (row.state, row.last_problem) == (MailState.CAME_BACK, "came back 5.1.1")
        (line,) = undelivered(work, get_session(work, session_id).request)
        assert (line.kind, line.role, line.came_back) == (MailKind.SESSION_INVITATION, "Person 0", True)
        # On the first page of the Business Unit nobody is named.
        assert [one.role for one in undelivered(work)] == ["a participant"]
        with pytest.raises(MoveNotPossible):
            send_again(work, row.id)
        note_rung(work, row.id)
        assert undelivered(work) == []
        work.seal()
        assert verify(work) == []


def test_a_report_has_one_effect_and_a_delay_has_none(work_on):
    _, message_id = invited(work_on)
    assert take(work_on, bounce(message_id, action="delayed", status="4.4.1")) is Taken.REPORTED
    with work_on(COORDINATOR) as work:
        assert undelivered(work) == []
    for _ in range(2):
        assert take(work_on, bounce(message_id)) is Taken.REPORTED
    with work_on(COORDINATOR) as work:
        assert len(undelivered(work)) == 1
    assert forwarded(work_on) == []


def test_a_report_on_what_we_never_sent_is_for_a_person(work_on):
    invited(work_on)
    assert take(work_on, bounce("<unknown@example.org>")) is Taken.FORWARDED
    with work_on(COORDINATOR) as work:
        assert undelivered(work) == []


def test_a_feedback_invitation_that_comes_back_names_nobody(work_on):
    open_round(work_on)
    with work_on() as work:
        row = work.session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == MailKind.FEEDBACK_INVITATION)
        ).first()
        row.state = MailState.SENT
        message_id = row.message_id
    assert take(work_on, bounce(message_id)) is Taken.REPORTED
    with work_on(COORDINATOR) as work:
        assert [line.role for line in undelivered(work)] == ["somebody who was there"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("ACCEPTED", "Their calendar accepted (24 November 2026)"),
        ("TENTATIVE", "Their calendar says perhaps (24 November 2026)"),
        ("DECLINED", "Their calendar says that they cannot come (24 November 2026)"),
    ],
)
def test_what_a_calendar_answers_stands_beside_the_person(work_on, answer, words):
    session_id, _ = invited(work_on)
    with work_on(write=False) as work:
        uid = get_session(work, session_id).calendar_uid
    raw = calendar_reply(uid, "Person1@Example.org", answer)
    assert [take(work_on, raw), take(work_on, raw)] == [Taken.ANSWERED] * 2
    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        assert calendar_answers(work, session) == {person(work, session_id, "person1@example.org"): words}


def test_an_answer_to_an_earlier_date_says_so_and_does_not_replace_a_later_one(work_on):
    session_id, _ = invited(work_on)
    with work_on(write=False) as work:
        uid = get_session(work, session_id).calendar_uid
    take(work_on, calendar_reply(uid, "person1@example.org", "ACCEPTED"))
    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        move_session(
            work,
            session_id,
            appointment(WALL.replace(day=9)),
            version=session.version,
        )
    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        assert list(calendar_answers(work, session).values()) == [
            "Their calendar accepted (24 November 2026, before the last change)"
        ]
    take(work_on, calendar_reply(uid, "person1@example.org", "DECLINED", sequence=1))
    take(work_on, calendar_reply(uid, "person1@example.org", "ACCEPTED", sequence=0))
    with work_on(COORDINATOR) as work:
        assert list(calendar_answers(work, get_session(work, session_id)).values()) == [
            "Their calendar says that they cannot come (24 November 2026)"
        ]


def test_an_answer_of_somebody_who_is_not_invited_is_for_a_person(work_on):
    session_id, _ = invited(work_on)
    with work_on(write=False) as work:
        uid = get_session(work, session_id).calendar_uid
    for raw in (
        calendar_reply(uid, "stranger@example.org", "ACCEPTED"),
        calendar_reply("other-uid", "person1@example.org", "ACCEPTED"),
        calendar_reply(uid, "person1@example.org", "MAYBE"),
        calendar_reply(uid, "person1@example.org", "ACCEPTED", method="COUNTER"),
    ):
        assert take(work_on, raw) is Taken.FORWARDED
    with work_on(COORDINATOR) as work:
        assert calendar_answers(work, get_session(work, session_id)) == {}


@pytest.mark.parametrize("sequence", [-1, 1, 2**31, 10**30])
def test_an_answer_to_a_date_that_never_was_is_for_a_person_and_keeps_no_later_one_out(work_on, sequence):
    session_id, _ = invited(work_on)
    with work_on(write=False) as work:
        uid = get_session(work, session_id).calendar_uid
    forged = calendar_reply(uid, "person1@example.org", "DECLINED", sequence=sequence)
    assert take(work_on, forged) is Taken.FORWARDED
    assert take(work_on, calendar_reply(uid, "person1@example.org", "ACCEPTED")) is Taken.ANSWERED


@pytest.mark.parametrize(
    "raw",
    [
        letter(message_id="<nul\x00@example.org>"),
        bounce("<nul\x00@example.org>"),
        bounce("<nul\x00@example.org>", headers_only=True),
        letter().replace(b"Message-ID: <hello@", b"Message-ID: <\xff\xfehello@"),
        letter().replace(b"Subject: Re", b"Subject: \x00\xff\x1b"),
        calendar_reply("nul", "person1@example.org", "ACCEPTED").replace(b"UID:nul", b"UID:n\x00l"),
        calendar_reply("surrogate", "person1@example.org", "ACCEPTED").replace(
            b"UID:sur", b"UID:\xed\xa0\x80"
        ),
    ],
)
def test_bytes_that_no_database_takes_are_for_a_person(work_on, raw):
    assert take(work_on, raw) is Taken.FORWARDED
    ((_, _, attached),) = forwarded(work_on)
    assert attached == raw


def test_anything_else_is_passed_on_whole_and_once(work_on):
    with work_on() as work:
        change_setting(work, "return_email", "back@example.org")
    raw = letter()
    assert [take(work_on, raw), take(work_on, raw)] == [Taken.FORWARDED] * 2
    ((subject, to, attached),) = forwarded(work_on)
    assert subject == "To read: Re: Invitation"
    assert "jags@partnership.example.org" in str(to)
    assert attached == raw
    with work_on(write=False) as work:
        stored = repr(work.session.execute(select(OutboxMessage.__table__)).mappings().all())
    assert "cannot come" not in stored


def test_a_message_of_ours_that_comes_round_is_left_alone(work_on):
    _, message_id = invited(work_on)
    assert take(work_on, letter(message_id=message_id)) is Taken.OURS
    assert forwarded(work_on) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\xff\xfe",
        b"Content-Type: multipart/report\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
        + b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 2000,
        b"Subject: " + b"=?utf-8?b?!!!!?=" * 500 + b"\r\n\r\nhello",
        b"Subject: =?no-such-set?q?x?=\r\nFrom: \r\n\r\nhello",
        b"Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nEND:VCALENDAR",
        b"Content-Type: text/calendar\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%%METHOD:REPLY",
    ],
)
def test_what_nobody_can_read_is_passed_on(work_on, raw):
    assert take(work_on, raw) is Taken.FORWARDED
    ((subject, _, attached),) = forwarded(work_on)
    assert "\n" not in subject
    assert attached == raw
