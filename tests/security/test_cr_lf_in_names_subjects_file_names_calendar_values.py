"""A promise of security: CR/LF in names, subjects, file names and calendar values is refused or folded; lines of a calendar fold at
75 octets, never inside a character."""

import re

import pytest
from icalendar import Calendar

from factories import pages
from factories.hostile import partnership_of
from jags.accounts.rules import Role
from jags.kernel.addresses import checked_email
from jags.kernel.errors import Invalid
from jags.notifications.render import default_wording
from jags.notifications.rules import MailKind
from jags.notifications.service import change_wording, claim_next, note_sent

INJECTED = "x\r\nBcc: evil@example.org\r\nATTENDEE:mailto:evil@example.org\r\n\r\nx"
WIDE = "漢字😀é" * 40


def delivered(work_on):
    found = []
    while True:
        with work_on() as work:
            claimed = claim_next(work, holder="test", paused=())
            if claimed is None:
                return found
            found.append(claimed.message)
            note_sent(work, claimed.id)


def calendars_of(message):
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            yield part.get_payload(decode=True)


def test_a_name_or_a_place_adds_no_header_and_no_line_of_a_calendar(work_on):
    partnership_of(work_on, INJECTED)
    sent = delivered(work_on)
    assert len(sent) > 5
    calendars = [one for message in sent for one in calendars_of(message)]
    assert calendars
    for message in sent:
        assert message["Bcc"] is None
        assert "evil@example.org" not in {one.addr_spec for one in message["To"].addresses}
        # As a mail server gets it: the head ends where we end it.
        head = message.as_bytes().partition(b"\r\n\r\n")[0].decode()
        assert not re.search(r"^Bcc:", head, re.MULTILINE)
    for raw in calendars:
        (event,) = Calendar.from_ical(raw).events
        addresses = event.get("ATTENDEE", [])
        assert "evil" not in "".join(map(str, addresses if isinstance(addresses, list) else [addresses]))
        assert not re.search(rb"^ATTENDEE:mailto:evil", raw, re.MULTILINE)


def test_lines_of_a_calendar_fold_at_75_octets_and_never_inside_a_character(work_on):
    partnership_of(work_on, WIDE)
    calendars = [one for message in delivered(work_on) for one in calendars_of(message)]
    assert calendars
    folded = 0
    for raw in calendars:
        assert b"\n" not in raw.replace(b"\r\n", b"")
        for line in raw.split(b"\r\n"):
            assert len(line) <= 75
            # It would raise where a character is cut in two.
            line.decode()
            folded += line.startswith(b" ")
        (event,) = Calendar.from_ical(raw).events
        assert "漢字😀é漢字" in str(event["LOCATION"]) + str(event.get("DESCRIPTION", ""))
    assert folded > 0


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\u2028", "\x0b"])
def test_a_subject_has_one_line(work_on, line_break):
    with work_on() as work, pytest.raises(Invalid):
        change_wording(
            work,
            MailKind.NEW_DEVICE,
            subject=f"Hello{line_break}Bcc: evil@example.org",
            body=default_wording(MailKind.NEW_DEVICE).body,
            version=0,
        )


@pytest.mark.parametrize("more", ["\r\nBcc: evil@example.org", "\n", ",evil@example.org", "\r x"])
def test_an_address_of_two_lines_is_none(more):
    with pytest.raises(Invalid):
        checked_email(f"wren@example.org{more}x")


def test_the_name_of_a_download_is_made_by_us(client, work_on):
    partnership_of(work_on, INJECTED)
    pages.sign_in(client, work_on, Role.COORDINATOR)
    answer = client.get("/promotion/log.csv")
    assert re.fullmatch(r'attachment; filename="[a-z0-9.-]+"', answer.headers["Content-Disposition"])
    assert "Bcc" not in answer.headers
