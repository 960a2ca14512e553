"""Look into sealed texts for a requester or for words, within bounds; the trail keeps that it was done, never the words."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select

from jags.accounts.policy import require
from jags.accounts.rules import Permission, spelling
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import Waiting, contact_of, detail_of, lines_where, visible_to
from jags.requests.rules import OPEN, CaseDetail, RequesterContact

# So many open requests, received last, are looked into; so many of those found are shown.
SEARCHED_MOST = 1000
SHOWN_MOST = 50
_LEAST_LETTERS = 3


class SearchKind(StrEnum):
    """What was looked for."""

    ADDRESS = "address"
    NAME = "name"
    WORDS = "words"


@dataclass(frozen=True)
class Found:
    """What was found: the first lines, how many there are, and how many of how many open requests were looked into."""

    lines: tuple[Waiting, ...]
    number: int
    searched: int
    of: int

    @property
    def complete(self) -> bool:
        """Tell whether everything was looked into that could have been."""
        return self.searched == self.of


def find_of_requester(work: Work, typed: str) -> Found:
    """Return the requests that somebody asked for: by e-mail address all, by name the open ones; exactly as spelt.

    Raises `Invalid` when nothing was typed.
    """
    require(work.actor, Permission.REQUEST_READ)
    wanted = typed.strip()
    if not wanted:
        raise Invalid("Enter a name or an e-mail address.", field="requester")
    if "@" not in wanted:
        name = spelling(wanted)
        return _look(work, SearchKind.NAME, lambda contact, _detail: spelling(contact.name) == name)
    by_address = (Request.requester_email_index == work.vault.blind_index("email", wanted)) & visible_to(
        work.actor
    )
    number = work.session.scalar(select(func.count()).select_from(Request).where(by_address)) or 0
    return _told(
        work,
        SearchKind.ADDRESS,
        Found(lines_where(work, by_address, length=SHOWN_MOST), number, number, number),
    )


def search_open_requests(work: Work, words: str) -> Found:
    """Return the open requests in whose texts, or in what is known of the requester, every word is found.

    Capitals do not count, and part of a word is enough. Raises `Invalid` for fewer than three letters.
    """
    require(work.actor, Permission.REQUEST_READ)
    wanted = words.replace("’", "'").casefold().split()
    if len("".join(wanted)) < _LEAST_LETTERS:
        raise Invalid(f"Enter at least {_LEAST_LETTERS} letters.", field="words")

    def fits(contact: RequesterContact, detail: CaseDetail) -> bool:
        texts = [value for one in (contact, detail) for value in vars(one).values() if isinstance(value, str)]
        text = "\n".join(texts).replace("’", "'").casefold()
        return all(word in text for word in wanted)

    return _look(work, SearchKind.WORDS, fits)


def _look(work: Work, kind: SearchKind, fits: Callable[[RequesterContact, CaseDetail], bool]) -> Found:
    able = Request.state.in_(sorted(OPEN)) & visible_to(work.actor)
    number = work.session.scalar(select(func.count()).select_from(Request).where(able)) or 0
    looked = work.session.scalars(
        select(Request)
        .where(able)
        .order_by(Request.received_at.desc(), Request.id.desc())
        .limit(SEARCHED_MOST)
    ).all()
    work.vault.prefetch(looked)
    found = [r.id for r in looked if fits(contact_of(work, r), detail_of(work, r))]
    lines = lines_where(work, Request.id.in_(found) & visible_to(work.actor), length=SHOWN_MOST)
    return _told(work, kind, Found(lines, len(found), len(looked), number))


def _told(work: Work, kind: SearchKind, found: Found) -> Found:
    work.record("request:searched", "open_requests", kind=kind, searched=found.searched, found=found.number)
    return found
