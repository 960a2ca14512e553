"""Add agencies, with their other spellings, and people."""

from collections.abc import Iterable

from jags.accounts import queries
from jags.accounts.model import Affiliation, Agency, AgencyAlias, Person
from jags.accounts.policy import require
from jags.accounts.rules import AgeRemit, Contact, Permission, Sector, spelling
from jags.kernel.errors import Invalid
from jags.kernel.work import Work


def add_agency(
    work: Work,
    *,
    key: str,
    name: str,
    sector: Sector,
    age_remit: AgeRemit,
    agency_type: str = "",
    employer: str | None = None,
    aliases: Iterable[str] = (),
) -> Agency:
    """Add an agency with its other spellings.

    Raises `Invalid` when a spelling already means another agency.
    """
    require(work.actor, Permission.AGENCY_MANAGE)
    agency = Agency(
        key=key,
        name=name.strip(),
        spelling=spelling(name),
        agency_type=agency_type or name.strip(),
        sector=sector,
        age_remit=age_remit,
        employer=employer,
    )
    taken = queries.find_agency(work, name)
    if taken is not None:
        raise Invalid(f"“{name}” already means {taken.name}.", field="name")
    work.session.add(agency)
    work.session.flush()
    add_aliases(work, agency, aliases)
    work.record("agency:added", agency.id)
    return agency


def add_aliases(work: Work, agency: Agency, aliases: Iterable[str]) -> list[str]:
    """Add other spellings to an agency; return those that were new.

    Raises `Invalid` when a spelling already means another agency.
    """
    require(work.actor, Permission.AGENCY_MANAGE)
    added = []
    for text in aliases:
        taken = queries.find_agency(work, text)
        if taken is not None and taken.id != agency.id:
            raise Invalid(f"“{text}” already means {taken.name}.", field="also_known_as")
        if taken is None and spelling(text):
            agency.aliases.append(AgencyAlias(text=text.strip(), spelling=spelling(text)))
            work.session.flush()
            added.append(text.strip())
    return added


def add_person(
    work: Work, *, contact: Contact, agency: Agency | None = None, team: str = "", job_title: str = ""
) -> Person:
    """Add a person; raises `Invalid` when somebody with this e-mail address is known already."""
    if contact.email and queries.find_person_by_email(work, contact.email):
        raise Invalid("Somebody with this e-mail address is there already.", field="email")
    person = Person(
        key_id=work.vault.new_key(),
        agency_id=agency.id if agency else None,
        team=team,
        job_title=job_title,
        email_index=work.vault.blind_index("email", contact.email) if contact.email else None,
    )
    work.vault.seal(person, "contact", contact)
    work.session.add(person)
    if agency is not None:
        work.session.flush()
        work.session.add(
            Affiliation(
                person_id=person.id, agency_id=agency.id, team=team, valid_from=work.today, valid_to=None
            )
        )
    work.session.flush()
    work.record("person:added", person.id)
    return person
