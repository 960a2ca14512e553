"""Take somebody into the pool by hand, and change what is recorded of the person: agency, team, manager, localities, needs."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from jags.accounts.model import Affiliation, Agency, Person
from jags.accounts.queries import contact_of, find_agency, find_person_by_email
from jags.accounts.rules import Contact
from jags.accounts.service import add_person
from jags.facilitators.model import Facilitator, FacilitatorLocality
from jags.facilitators.policy import require_pool
from jags.facilitators.queries import find_facilitator, get_facilitator
from jags.facilitators.service.pool import add_facilitator, add_training
from jags.kernel.addresses import checked_email
from jags.kernel.errors import Invalid
from jags.kernel.work import Work


@dataclass(frozen=True)
class PersonDetails:
    """What the Business Unit knows of somebody of the pool.

    `agency` is one of the names in use. Of the line manager only a keyed index is kept, so `manager_email` None leaves it as it is, and ""
    takes it away.
    """

    name: str
    phone: str = ""
    access_needs: str = ""
    agency: str = ""
    team: str = ""
    job_title: str = ""
    manager_email: str | None = None
    localities: frozenset[str] = frozenset()


def take_in(
    work: Work,
    details: PersonDetails,
    *,
    email: str,
    sessions_per_quarter: int,
    transitional_training: bool,
    trained_on: date | None,
    course: str = "",
) -> Facilitator:
    """Take somebody into the pool, whom the Business Unit may know already; without a training date they are not current.

    Raises `Invalid` for somebody who is in it already, and for details that cannot be.
    """
    require_pool(work.actor)
    person = find_person_by_email(work, email)
    if person is not None and find_facilitator(work, person.id) is not None:
        raise Invalid("Somebody with this e-mail address is in the pool already.", field="email")
    if person is None:
        person = add_person(work, contact=Contact(name=details.name, email=email))
    facilitator = add_facilitator(
        work,
        person=person,
        sessions_per_quarter=sessions_per_quarter,
        transitional_training=transitional_training,
    )
    _keep(work, facilitator, details)
    if trained_on is not None:
        add_training(work, person.id, trained_on=trained_on, course=course)
    return facilitator


def change_details(work: Work, person_id: uuid.UUID, details: PersonDetails, *, version: int) -> Facilitator:
    """Change what is recorded of somebody; what they have agreed to is checked again by every query that asks.

    `version` is that of the person. Raises `Stale` when somebody else has changed them, `Invalid` for details that cannot be.
    """
    require_pool(work.actor)
    facilitator = get_facilitator(work, person_id)
    facilitator.person.expect(version)
    _keep(work, facilitator, details)
    return facilitator


def _keep(work: Work, facilitator: Facilitator, details: PersonDetails) -> None:
    person = facilitator.person
    if not details.name.strip():
        raise Invalid("Enter a name.", field="name")
    agency = find_agency(work, details.agency)
    if agency is None:
        raise Invalid("Select an agency from the list.", field="agency")
    contact = replace(
        contact_of(work, person),
        name=details.name.strip(),
        phone=details.phone.strip(),
        access_needs=details.access_needs.strip(),
    )
    work.vault.seal(person, "contact", contact)
    moved = person.agency_id != agency.id
    person.team, person.job_title = details.team.strip(), details.job_title.strip()
    if moved:
        _move(work, person, agency)
    if details.manager_email is not None:
        _note_manager(work, person, details.manager_email, own=contact.email)
    _work_in(facilitator, details.localities)
    work.session.flush()
    work.record("facilitator:details_changed", person.id, agency=moved)


def _move(work: Work, person: Person, agency: Agency) -> None:
    """Let somebody work for another agency from today; where they worked before stays in their history."""
    open_ones = select(Affiliation).where(Affiliation.person_id == person.id, Affiliation.valid_to.is_(None))
    for one in work.session.scalars(open_ones):
        one.valid_to = work.today
    person.agency = agency
    work.session.add(
        Affiliation(
            person_id=person.id, agency_id=agency.id, team=person.team, valid_from=work.today, valid_to=None
        )
    )


def _note_manager(work: Work, person: Person, email: str, *, own: str) -> None:
    if not email.strip():
        person.line_manager_email_index = None
        return
    if email.strip().casefold() == own.strip().casefold():
        raise Invalid("Enter the address of the manager, not their own.", field="manager_email")
    person.line_manager_email_index = work.vault.blind_index("email", checked_email(email))


def _work_in(facilitator: Facilitator, localities: Iterable[str]) -> None:
    wanted = set(localities)
    facilitator.localities = [
        *(one for one in facilitator.localities if one.locality in wanted),
        *(
            FacilitatorLocality(locality=name)
            for name in sorted(wanted - {one.locality for one in facilitator.localities})
        ),
    ]
