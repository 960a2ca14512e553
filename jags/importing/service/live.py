"""Hold the old form and the tracker against what came in here, while both run side by side."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jags.importing import queries
from jags.importing.rules.form import FormColumn, FormEntry
from jags.importing.rules.live import NEAR_DAYS, contradictions, days_apart, is_near
from jags.importing.rules.sheets import RowReading
from jags.kernel.time import date_in_words, days
from jags.kernel.words import listing
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import Source, State

_ASKED = {Source.WEB: "on the web", Source.TELEPHONE: "by telephone", Source.IMPORT: "before"}


@dataclass(frozen=True)
class Match:
    """A request of the same person near in time; `apart` are the columns that speak for two different requests."""

    request: Request
    apart: tuple[FormColumn, ...]


class LiveIntake:
    """The requests that came in here around the time of the rows; each is matched with one row at most."""

    def __init__(self, work: Work, received: Sequence[date]) -> None:
        self._work = work
        self._by_address: dict[bytes, list[Request]] = defaultdict(list)
        self._taken: set[object] = set()
        if not received:
            return
        near = days(NEAR_DAYS)
        for request in queries.live_requests(work, from_on=min(received) - near, to_on=max(received) + near):
            if request.requester_email_index is not None:
                self._by_address[request.requester_email_index].append(request)

    def take(self, request: Request) -> None:
        """Keep a request from being matched with another row."""
        self._taken.add(request.id)

    def match(self, entry: FormEntry) -> Match | None:
        """Return the request of the same person that is nearest in time, one that nothing speaks against first."""
        if not entry.contact.email:
            return None
        work = self._work
        found = [
            (
                len(match.apart),
                days_apart(entry, request.received_on or date.min),
                request.reference or "",
                match,
            )
            for request in self._by_address[work.vault.blind_index("email", entry.contact.email)]
            if request.id not in self._taken and is_near(entry, request.received_on)
            for match in [Match(request, contradictions(entry, queries.as_it_stands(work, request)))]
        ]
        return min(found, key=lambda one: one[:3])[3] if found else None


def asked_here(request: Request) -> str:
    """Return how a request came in here, with its reference."""
    return f"{_ASKED[request.source]} as {request.reference}"


def list_link(reading: RowReading, request: Request) -> None:
    """List that a row is not imported because its request came in here as well."""
    reading.problem(FormColumn.ID, f"Also asked {asked_here(request)}: not imported, so that it counts once.")


def list_likeness(reading: RowReading, match: Match) -> None:
    """List that the same person asked here near in time for what seems to be something else."""
    reading.disagreement(
        FormColumn.EMAIL,
        f"The same person asked {asked_here(match.request)}, but {listing([c.value for c in match.apart])} "
        f"{'differ' if len(match.apart) > 1 else 'differs'}: imported. Mark it as a duplicate if it is one.",
    )


def list_double(reading: RowReading, imported: Request, match: Match) -> None:
    """List that a request which was imported earlier came in here as well, unless somebody has settled it."""
    if State.DUPLICATE in {imported.state, match.request.state} or match.apart:
        return
    reading.disagreement(
        FormColumn.ID,
        f"Imported as {imported.reference}, and also asked {asked_here(match.request)}: both count until one of them "
        "is marked as a duplicate.",
    )


def list_received(reading: RowReading, column: str, told: date | None, request: Request) -> None:
    """List that the tracker tells another day of receipt than the request that came in here."""
    if told is None or request.received_on is None or told == request.received_on:
        return
    reading.disagreement(
        column,
        f"The tracker says {date_in_words(told)}, but {request.reference} was received here on "
        f"{date_in_words(request.received_on)}.",
    )
