"""Show what a step would tell people before it does (docs/adr/0013-preview-by-rolling-back.md).

The step is carried out in the page's unit of work, what it queues is rendered as it will be delivered, and the work is
abandoned. The page carries what was typed, so that a second post does the same again and keeps it.
"""

import hashlib
import uuid
from dataclasses import astuple, dataclass
from typing import Any

from flask import request

from jags.kernel.work import Work
from jags.notifications.rules import Letter
from jags.notifications.service import letters
from jags.requests.model import Request
from jags.requests.queries import recipient_roles

SEND = "send"
CHANGE = "change"
# Stands where each reader's own address will be; it is minted at delivery, for their eyes only.
_LINK = "(their own link)"
_BUTTONS = frozenset({"csrf_token", "go", "seen"})


@dataclass(frozen=True)
class Shown:
    """What would be sent: each letter with its reader's role, what was typed, and the mark of what is seen here."""

    letters: tuple[tuple[str, Letter], ...]
    typed: tuple[tuple[str, str], ...]
    seen: str

    @property
    def papers(self) -> list[tuple[str, Letter, list[str]]]:
        """Return each letter with its reader's role, and the names of others of that role who get the same but for their name."""
        alike: dict[tuple[object, ...], tuple[str, Letter, list[str]]] = {}
        for role, letter in self.letters:
            own = letter.name if letter.problem else ""
            text = letter.text.replace(letter.name, "") if letter.name else letter.text
            mark = (role, own, letter.subject, text, letter.calendar, letter.sent_when_paused)
            if mark in alike:
                alike[mark][2].append(letter.name or letter.email)
            else:
                alike[mark] = (role, letter, [])
        return list(alike.values())


def preview(work: Work, about: Request, form: Any) -> Shown:
    """Return what this unit of work would send about a request, and what was typed in a form that leads to it.

    The mark is of everything that is shown: when it is another at the second post, something has changed in between, and
    nobody has seen what would be sent now.
    """
    found = letters(work, link=_LINK)
    marks = repr([astuple(letter) for letter in found])
    roles = [
        _role(work, about, role, letter)
        for role, letter in zip(recipient_roles(work, found), found, strict=True)
    ]
    return Shown(
        tuple(zip(roles, found, strict=True)),
        tuple(
            (name, value)
            for name, value in request.form.items(multi=True)
            if name in form and name not in _BUTTONS
        ),
        hashlib.sha256(marks.encode()).hexdigest(),
    )


def _role(work: Work, about: Request, role: str, letter: Letter) -> str:
    """Return a reader's role, and of which request where it is another."""
    if letter.about_ref in {"", str(about.id)}:
        return role
    other = work.session.get_one(Request, uuid.UUID(letter.about_ref))
    return f"{role} of {other.reference}"
