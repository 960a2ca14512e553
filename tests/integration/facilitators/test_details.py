"""Somebody is taken into the pool by hand, and what is recorded of them changes: agency, manager, localities, needs."""

import pytest
from sqlalchemy import select

from factories.people import agency
from factories.pool import accepted_request, facilitator, involved
from jags.accounts.model import Affiliation
from jags.accounts.queries import contact_of, find_person_by_email
from jags.allocation.assembly import assemble
from jags.allocation.rules import Rule
from jags.audit.model import AuditEvent
from jags.facilitators.queries import get_facilitator
from jags.facilitators.service import PersonDetails, change_details, take_in
from jags.kernel.errors import Invalid, Stale

POLICE = PersonDetails("Ann Dell", agency="Agency police")


def taken_in(work, details=POLICE, **more):
    usual = {"email": "ann@police.example.org", "sessions_per_quarter": 2, "transitional_training": False}
    return take_in(work, details, **{**usual, "trained_on": work.today, **more})


def changed(work, person_id, details):
    return change_details(work, person_id, details, version=get_facilitator(work, person_id).person.version)


@pytest.fixture
def agencies(work_on):
    with work_on() as work:
        for key in ("police", "health"):
            agency(work, key, f"Agency {key}")


@pytest.mark.usefixtures("agencies")
def test_somebody_new_is_current_from_the_day_of_the_training(work_on):
    details = PersonDetails(
        " Ann Dell ",
        phone="01632 960 010",
        access_needs="A hearing loop",
        agency="Agency police",
        team="West",
        job_title="Sergeant",
        manager_email="Chief@police.example.org",
        localities=frozenset({"West", "East"}),
    )
    with work_on() as work:
        person_id = taken_in(work, details, course="First course").person_id
    with work_on() as work:
        found = get_facilitator(work, person_id)
        contact = contact_of(work, found.person)
        assert (contact.name, contact.email, contact.phone, contact.access_needs) == (
            "Ann Dell",
            "ann@police.example.org",
            "01632 960 010",
            "A hearing loop",
        )
        assert (found.person.agency.name, found.person.team, found.person.job_title) == (
            "Agency police",
            "West",
            "Sergeant",
        )
        assert found.person.line_manager_email_index == work.vault.blind_index(
            "email", "chief@police.example.org"
        )
        assert [one.locality for one in found.localities] == ["East", "West"]
        assert [(one.course, one.trained_on) for one in found.training] == [("First course", work.today)]


@pytest.mark.usefixtures("agencies")
def test_nobody_is_in_the_pool_twice_and_a_known_person_is_not_made_again(work_on):
    with work_on() as work:
        taken_in(work)
        with pytest.raises(Invalid, match="in the pool already") as refused:
            taken_in(work, email="ANN@police.example.org ")
        assert refused.value.field == "email"


@pytest.mark.usefixtures("agencies")
@pytest.mark.parametrize(
    ("details", "field"),
    [
        (PersonDetails(" ", agency="Agency police"), "name"),
        (PersonDetails("Ann", agency="Agency of nowhere"), "agency"),
        (
            PersonDetails("Ann", agency="Agency police", manager_email="Ann@police.example.org"),
            "manager_email",
        ),
        (PersonDetails("Ann", agency="Agency police", manager_email="no address"), "email"),
    ],
)
def test_details_that_cannot_be_are_refused_at_their_field(work_on, details, field):
    with pytest.raises(Invalid) as refused, work_on() as work:
        taken_in(work, details)
    assert refused.value.field == field
    with work_on() as work:
        assert find_person_by_email(work, "ann@police.example.org") is None


@pytest.mark.usefixtures("agencies")
def test_another_agency_counts_from_today_and_the_old_one_stays_in_the_history(work_on, clock):
    with work_on() as work:
        person_id = taken_in(work).person_id
        partner = facilitator(work, "Hal", of="health")
    clock.instant = clock.instant.replace(day=27)
    with work_on() as work:
        changed(work, person_id, PersonDetails("Ann Dell", agency="Agency health", team="North"))
    with work_on() as work:
        rows = work.session.scalars(select(Affiliation).where(Affiliation.person_id == person_id)).all()
        spans = sorted((one.valid_from, one.valid_to, one.team) for one in rows if one.valid_to)
        assert len(rows) == 2
        assert [one[1] for one in spans] == [work.today]
        request = accepted_request(work)
        problem = assemble(work, request).problem
        assert problem.facilitator(str(person_id)).agency == problem.facilitator(str(partner)).agency
        tags = work.session.scalars(
            select(AuditEvent.tag).where(AuditEvent.tag == "facilitator:details_changed")
        ).all()
        assert len(tags) == 2


@pytest.mark.usefixtures("agencies")
def test_a_manager_stays_until_another_is_given_or_taken_away(work_on):
    with work_on() as work:
        person_id = taken_in(
            work, PersonDetails("Ann", agency="Agency police", manager_email="c@example.org")
        ).person_id
        request = accepted_request(work, people=(involved("Chief", email="c@example.org", of="Police"),))
        assert (
            Rule.UNRESOLVED_DOUBT
            in assemble(work, request).problem.request(str(request.id)).blocked[str(person_id)]
        )
        changed(work, person_id, PersonDetails("Ann", agency="Agency police"))
        assert get_facilitator(work, person_id).person.line_manager_email_index is not None
        changed(work, person_id, PersonDetails("Ann", agency="Agency police", manager_email=""))
        assert str(person_id) not in assemble(work, request).problem.request(str(request.id)).blocked


@pytest.mark.usefixtures("agencies")
def test_two_who_change_one_person_at_once_are_told(work_on):
    with work_on() as work:
        person_id = taken_in(work).person_id
        seen = get_facilitator(work, person_id).person.version
    with work_on() as work:
        change_details(work, person_id, PersonDetails("Ann", agency="Agency health"), version=seen)
    with work_on() as work, pytest.raises(Stale):
        change_details(work, person_id, POLICE, version=seen)
