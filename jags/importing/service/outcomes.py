"""Move an imported request on as the tracker tells, and take over its session with the pair that held it."""

from datetime import date

from jags.accounts.queries import organisations_of
from jags.accounts.rules import spelling
from jags.facilitators.model import Facilitator
from jags.importing import queries
from jags.importing.rules.sheets import RowReading
from jags.importing.rules.tracker import (
    FACILITATOR_COLUMNS,
    Outcome,
    TrackerColumn,
    TrackerEntry,
)
from jags.importing.rules.words import excerpt
from jags.importing.service.held import place, take_over_session, tell_story
from jags.kernel.time import date_in_words, london_date
from jags.kernel.words import listing
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import PROCEEDED, MoveNote, State, Verb
from jags.requests.service import move_request
from jags.scheduling.rules import Named
from jags.settings.queries import partnership

_ENDINGS = {
    Outcome.SIGNPOSTED: Verb.SIGNPOST,
    Outcome.WITHDRAWN: Verb.WITHDRAW,
    Outcome.CANCELLED: Verb.CANCEL,
}
_STANDS_FOR = {
    Outcome.PROCEEDED: PROCEEDED,
    Outcome.SIGNPOSTED: frozenset({State.SIGNPOSTED}),
    Outcome.WITHDRAWN: frozenset({State.WITHDRAWN}),
    Outcome.CANCELLED: frozenset({State.CANCELLED}),
}


class Outcomes:
    """Takes over outcomes in one unit of work; the pool's names are read once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._pool = queries.pool_by_name(work)
        self._minutes = partnership(work).session_minutes
        self._organisations = organisations_of(work)

    def take_over(self, request: Request, entry: TrackerEntry, reading: RowReading) -> None:
        """Move a request that has just been imported on as the tracker tells; without an outcome it stays undecided.

        The dates of the steps before a session were not recorded: they are kept as of the session, "by then at the
        latest". A step without any date is kept as of the import.
        """
        work = self._work
        day = self._day_held(request, entry, reading)
        if entry.outcome is Outcome.PROCEEDED and day is not None:
            self._take_over_session(request, entry, day, reading)
            return
        if any((day, *entry.facilitators, entry.agencies, entry.forms)):
            said = (
                "The request did not proceed"
                if entry.outcome in _ENDINGS
                else "There is no session to take over"
            )
            reading.problem(TrackerColumn.HELD, f"{said}: date, facilitators and counts were not taken over.")
        if entry.outcome is Outcome.PROCEEDED:
            move_request(work, request, Verb.ACCEPT, note=_note(entry))
        elif entry.outcome is not None:
            if entry.outcome is Outcome.SIGNPOSTED:
                request.route = entry.route
            move_request(work, request, _ENDINGS[entry.outcome], note=_note(entry))

    def undecided(self, request: Request) -> bool:
        """Tell whether nobody has moved or paused a request since it was imported without an outcome."""
        untouched = [m.verb for m in request.moves] == [Verb.SUBMIT, Verb.CONFIRM]
        return request.state is State.IN_TRIAGE and untouched and not request.paused

    def disagree(self, request: Request, entry: TrackerEntry, reading: RowReading) -> bool:
        """List where the tracker says something else than what stands here; return whether it does anywhere."""
        session = queries.held_session(self._work, request)
        held_on = self._day_held(request, entry, reading) if entry.outcome is Outcome.PROCEEDED else None
        found = []
        if entry.outcome is not None and request.state not in _STANDS_FOR[entry.outcome]:
            found.append(TrackerColumn.OUTCOME)
        if entry.outcome is Outcome.SIGNPOSTED and request.route not in {None, entry.route}:
            found.append(TrackerColumn.WHERE_TO)
        if held_on is not None and (session is None or london_date(session.starts_at) != held_on):
            found.append(TrackerColumn.HELD)
        if session is not None and session.imported:
            named = {facilitator.person_id for facilitator in self._pair(entry, reading)}
            if named != {facilitator.person_id for facilitator in session.facilitators}:
                found.append(TrackerColumn.FACILITATOR_1)
            if entry.agencies != session.imported_agencies:
                found.append(TrackerColumn.AGENCIES)
            if entry.forms != session.imported_forms:
                found.append(TrackerColumn.FORMS)
        for column in found:
            reading.disagreement(
                column, f"The tracker says something else than what stands here as {request.reference}."
            )
        return bool(found)

    def _day_held(self, request: Request, entry: TrackerEntry, reading: RowReading) -> date | None:
        if (
            entry.held_on is not None
            and request.received_on is not None
            and entry.held_on < request.received_on
        ):
            reading.problem(
                TrackerColumn.HELD,
                f"{date_in_words(entry.held_on)} is before the request was received: left empty.",
            )
            return None
        return entry.held_on

    def _take_over_session(
        self, request: Request, entry: TrackerEntry, day: date, reading: RowReading
    ) -> None:
        work = self._work
        person_ids = [facilitator.person_id for facilitator in self._pair(entry, reading)]
        placed = place(work, person_ids, day, self._minutes)
        session = take_over_session(work, request, placed=placed, person_ids=person_ids)
        session.imported_agencies, session.imported_forms = entry.agencies, entry.forms
        outside = tuple(n for n in entry.facilitators if n and len(self._pool.get(spelling(n), [])) != 1)
        work.vault.seal(session, "named", Named(outside))
        if not placed.free:
            reading.problem(
                TrackerColumn.HELD,
                "The day is full for these facilitators: this session does not count in their load.",
            )
        tell_story(work, request, placed, note=_note(entry))

    def _pair(self, entry: TrackerEntry, reading: RowReading) -> list[Facilitator]:
        """Return the facilitators whose names are in the pool, exactly and once; whatever else is listed."""
        pair: list[Facilitator] = []
        for column, name in zip(FACILITATOR_COLUMNS, entry.facilitators, strict=True):
            people = self._pool.get(spelling(name), [])
            if not name:
                reading.problem(column, "This facilitator is not recorded.")
            elif not people:
                reading.problem(column, f"{excerpt(name)} is not in the pool: not matched.")
            elif len(people) > 1:
                reading.problem(
                    column, f"Several people in the pool are called {excerpt(name)}: not matched."
                )
            elif people[0] in pair:
                reading.problem(column, f"{excerpt(name)} is named twice.")
            else:
                pair.append(people[0])
        agencies = [f.person.agency for f in pair if f.person.agency]
        if len(agencies) > len({self._organisations[agency.id] for agency in agencies}):
            names = list(dict.fromkeys(agency.name for agency in agencies))
            kind = "agency" if len(names) == 1 else "organisation"
            reading.problem(
                TrackerColumn.FACILITATOR_2,
                f"Both facilitators are from one {kind}, {listing(names)}: taken over as it was.",
            )
        return pair


def _note(entry: TrackerEntry) -> MoveNote:
    source = f"From the old tracker, {entry.number}." if entry.number else "From the old tracker."
    return MoveNote(reason=" ".join(part for part in (source, entry.where_to) if part), told=entry.notes)
