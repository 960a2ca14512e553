"""Mails as people read them: each opened once, in the order in which they came, and all of them kept."""

import re
from collections.abc import Iterable

from icalendar import Calendar, Event

from servers.smtp import MailServer, ReceivedMail

PATIENCE = 20.0


class Letters:
    """Everybody's post: `take` waits for a letter and opens it, `unopened` tells what nobody has expected."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._opened: set[int] = set()

    def take(self, recipient: str, subject: str) -> ReceivedMail:
        """Return the oldest unopened mail to an address whose subject contains the words; wait for it if need be."""

        def fits(mail: ReceivedMail) -> bool:
            return id(mail) not in self._opened and recipient in mail.recipients and subject in mail.subject

        try:
            mails = self._server.wait_until(lambda all_: any(map(fits, all_)), seconds=PATIENCE)
        except TimeoutError as error:
            raise TimeoutError(f"No mail about “{subject}” came to {recipient}. {error}") from error
        found = next(filter(fits, mails))
        self._opened.add(id(found))
        return found

    def take_from_each(self, recipients: Iterable[str], subject: str) -> dict[str, ReceivedMail]:
        """Return the mail of each address about one thing."""
        return {recipient: self.take(recipient, subject) for recipient in recipients}

    @property
    def unopened(self) -> list[str]:
        """Who has got what without its being taken."""
        return [
            f"{', '.join(mail.recipients)}: {mail.subject}"
            for mail in self._server.mails
            if id(mail) not in self._opened
        ]

    @property
    def everything_said(self) -> str:
        """Every header and every part of every mail, decoded."""
        return "\n".join(
            "\n".join([*(f"{name}: {value}" for name, value in mail.message.items()), *_parts(mail)])
            for mail in self._server.mails
        )


def link_of(mail: ReceivedMail) -> str:
    """Return the one link of a mail."""
    (link,) = mail.links
    return link


def reference_in(mail: ReceivedMail) -> str:
    """Return the public reference that a mail names."""
    found = re.search(r"JAGS-\d{4}-\d{4}", mail.text)
    assert found, mail.text
    return found[0]


def calendar_entry(mail: ReceivedMail) -> tuple[str, Event]:
    """Return the method and the one entry of the calendar part of a mail."""
    (part,) = [part for part in mail.message.walk() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    # A calendar program acts on the header, and refuses a part that says something else inside.
    assert part.get_param("method") == str(calendar["METHOD"])
    (entry,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), entry


def _parts(mail: ReceivedMail) -> list[str]:
    return [str(part.get_content()) for part in mail.message.walk() if not part.is_multipart()]
