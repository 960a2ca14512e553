"""Read people and agencies."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, bindparam, or_, select
from sqlalchemy.orm import joinedload, selectinload

from jags.accounts.model import Agency, AgencyAlias, Person, Recusal
from jags.accounts.rules import AgeRemit, Contact, spelling
from jags.kernel.errors import NotFound
from jags.kernel.sealing import KEY, DataKey
from jags.kernel.work import Work
from jags.settings.queries import partnership

_WITH_KEY = (
    select(Person, *KEY)
    .join(DataKey, DataKey.id == Person.key_id)
    .options(joinedload(Person.agency))
    .order_by(Person.id)
)
# Put together once: it is asked whenever somebody begins a request.
_NAMES_OF_TODAY = (
    select(Agency.name)
    .where(or_(Agency.valid_to.is_(None), Agency.valid_to >= bindparam("today")))
    .order_by(Agency.name)
)
_ADULT_SERVICES = _NAMES_OF_TODAY.where(Agency.age_remit == AgeRemit.ADULTS)


def agencies(work: Work) -> Sequence[Agency]:
    """Return all agencies by name, with their aliases."""
    return work.session.scalars(
        select(Agency).options(selectinload(Agency.aliases)).order_by(Agency.name)
    ).all()


def agency_names(work: Work) -> Sequence[str]:
    """Return the names of the agencies of today, for looking up while typing."""
    return work.session.scalars(_NAMES_OF_TODAY, {"today": work.today}).all()


def adult_services(work: Work) -> Sequence[str]:
    """Return the names of the agencies of today that work with adults only, by name."""
    return work.session.scalars(_ADULT_SERVICES, {"today": work.today}).all()


def organisations_of(work: Work) -> dict[uuid.UUID, str]:
    """Return for each agency, by id, what the two-agency rule compares: one text is one organisation.

    It is the agency itself, or its successor once it has ended; or the employer, where the partnership's setting says
    that the services of one employer are one (docs/glossary.md).
    """
    by_id = _by_id(work)
    apart = _apart(work, by_id)
    if partnership(work).employer_services_are_different:
        return apart
    one = _employers(by_id.values())
    return {agency_id: one.get(key, key) for agency_id, key in apart.items()}


def agencies_apart(work: Work) -> dict[uuid.UUID, str]:
    """Return for each agency, by id, the key of what it is today, whatever the setting on services of one employer says."""
    return _apart(work, _by_id(work))


def employers(work: Work) -> dict[str, str]:
    """Return by an agency's key the text of its employer, which counts instead where services of one employer are one."""
    return _employers(_by_id(work).values())


def _by_id(work: Work) -> dict[uuid.UUID, Agency]:
    """Return all agencies by id, without the aliases that nothing here asks for."""
    return {agency.id: agency for agency in work.session.scalars(select(Agency).order_by(Agency.name))}


def _apart(work: Work, by_id: Mapping[uuid.UUID, Agency]) -> dict[uuid.UUID, str]:
    return {agency.id: _present(agency, by_id, work.today).key for agency in by_id.values()}


def _employers(found: Iterable[Agency]) -> dict[str, str]:
    return {one.key: f"employer: {spelling(one.employer)}" for one in found if one.employer}


def get_agency(work: Work, agency_id: uuid.UUID) -> Agency:
    """Return an agency; raises `NotFound`."""
    agency = work.session.get(Agency, agency_id)
    if agency is None:
        raise NotFound("There is no such agency.")
    return agency


def find_agency(work: Work, text: str) -> Agency | None:
    """Return the agency of a spelling, by its name or an alias, never by a guess."""
    wanted = spelling(text)
    if not wanted:
        return None
    by_alias = select(AgencyAlias.agency_id).where(AgencyAlias.spelling == wanted)
    return work.session.scalar(
        select(Agency)
        .where((Agency.spelling == wanted) | Agency.id.in_(by_alias))
        .order_by(Agency.name)
        .limit(1)
    )


def find_person_by_email(work: Work, email: str) -> Person | None:
    """Return the person of an e-mail address, by its keyed index."""
    if not email.strip():
        return None
    return work.session.scalar(
        select(Person).where(Person.email_index == work.vault.blind_index("email", email))
    )


def get_person(work: Work, person_id: uuid.UUID) -> Person:
    """Return a person; raises `NotFound`."""
    person = work.session.get(Person, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    return person


def contact_of(work: Work, person: Person) -> Contact:
    """Open a person's contact; of somebody whose details were erased nothing is known but that they were here."""
    if person.contact_sealed is None:
        return Contact(name="Somebody who has left")
    return work.vault.open(person, "contact", Contact)


def names_of(work: Work, person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the names of several people, read as `people_of` reads them."""
    return {key: contact_of(work, person).name for key, person in people_of(work, person_ids).items()}


def people_of(work: Work, person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Person]:
    """Return several people by id, with agencies and keys: one query for those not yet read in this unit of work."""
    wanted, known = sorted(set(person_ids)), _known(work)
    missing = [key for key in wanted if key not in known]
    if missing:
        keep_known(work, work.session.execute(_WITH_KEY.where(Person.id.in_(missing))).all())
    return {key: known[key] for key in wanted if key in known}


def keep_known(work: Work, rows: Iterable[Row[*tuple[Any, ...]]]) -> None:
    """Keep people whom another query brought along, each row a person first, with the columns `KEY` of their name."""
    known = _known(work)
    for row in rows:
        work.vault.remember(row)
        known[row[0].id] = row[0]


def _known(work: Work) -> dict[uuid.UUID, Person]:
    known: dict[uuid.UUID, Person] = work.memo.setdefault("accounts.people", {})
    return known


def recusals_of(person_id: uuid.UUID | None) -> Select[uuid.UUID]:
    """Select the requests that a person neither acts on nor sees."""
    return select(Recusal.request_id).where(Recusal.person_id == person_id)


def is_recused(work: Work, person_id: uuid.UUID | None, request_id: uuid.UUID) -> bool:
    """Tell whether a person neither acts on a request nor sees it."""
    found = recusals_of(person_id).where(Recusal.request_id == request_id)
    return work.session.scalar(found) is not None


def _present(agency: Agency, by_id: Mapping[uuid.UUID, Agency], today: date) -> Agency:
    seen = {agency.id}
    while (
        agency.successor_id
        and agency.valid_to
        and agency.valid_to < today
        and agency.successor_id not in seen
    ):
        agency = by_id[agency.successor_id]
        seen.add(agency.id)
    return agency
