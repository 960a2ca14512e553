"""People and agencies are added once, found by any of their spellings, and invited by those who may."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from factories.people import account, agency, link
from factories.statements import statements
from jags.accounts import queries
from jags.accounts.model import Account, Affiliation, Link, Person
from jags.accounts.policy import require, require_link
from jags.accounts.rules import PERMISSIONS, AccountState, Contact, Permission, Purpose, Role
from jags.accounts.service import (
    add_aliases,
    add_person,
    invite,
    invite_person,
    issue_link,
    revoke_links,
)
from jags.audit.model import AuditEvent
from jags.kernel.actor import ANONYMOUS, Actor, ActorKind, system
from jags.kernel.addresses import checked_email
from jags.kernel.errors import Invalid, LinkNotValid, NotAllowed, NotFound
from jags.kernel.ids import new_id
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind
from jags.notifications.service import claim_next

WREN = Contact(name="Wren Young", email="wren@example.org")


def test_an_agency_is_found_by_any_spelling_and_never_by_a_guess(work_on):
    with work_on() as work:
        added = agency(work, aliases=["Constabulary", "The Police."])
        for text in ("police", " POLICE. ", "constabulary", "the  police"):
            assert queries.find_agency(work, text) is added
        for text in ("polic", "police service", "", "."):
            assert queries.find_agency(work, text) is None


def test_one_spelling_means_one_agency(work_on):
    with work_on() as work:
        police = agency(work, aliases=["Constabulary"])
        with pytest.raises(Invalid, match="“constabulary” already means Police"):
            agency(work, "other", "constabulary")
        school = agency(work, "school", "School")
        with pytest.raises(Invalid, match="“Police” already means Police"):
            add_aliases(work, school, ["Police"])
        assert add_aliases(work, police, ["Police", "Constabulary", "Bobbies", " "]) == ["Bobbies"]


def test_agencies_are_changed_by_those_who_may(work_on):
    nobody = Actor(ActorKind.ACCOUNT, "x", frozenset(PERMISSIONS[Role.FACILITATOR]))
    with work_on(nobody) as work, pytest.raises(NotAllowed):
        agency(work)


def test_a_person_is_there_once(work_on):
    with work_on() as work:
        police = agency(work)
        person = add_person(work, contact=WREN, agency=police, team="North")
        with pytest.raises(Invalid, match="is there already"):
            add_person(work, contact=Contact(name="W. Young", email="WREN@example.org"))
        assert queries.find_person_by_email(work, "Wren@Example.org") is person
        spell = work.session.scalars(select(Affiliation)).one()
        assert (spell.person_id, spell.agency_id, spell.team) == (person.id, police.id, "North")
        assert (spell.valid_from, spell.valid_to) == (work.today, None)


def test_people_without_address_may_be_many(work_on):
    with work_on() as work:
        people = [add_person(work, contact=Contact(name=name)) for name in ("Ash", "Birch")]
        assert queries.names_of(work, [p.id for p in people]) == {people[0].id: "Ash", people[1].id: "Birch"}


def test_names_of_a_list_cost_the_same_for_one_and_for_thirty(app, work_on):
    with work_on() as work:
        ids = [add_person(work, contact=Contact(name=f"P{number}")).id for number in range(30)]
    costs = []
    for wanted in (ids[:1], ids):
        with work_on(write=False) as work, statements(app) as seen:
            assert len(queries.names_of(work, wanted)) == len(wanted)
        costs.append(len(seen))
    assert costs == [1, 1]


@pytest.mark.parametrize(
    "text",
    ["", "wren", "wren@", "@example.org", "wren@example.org\r\nBcc: eve@example.org", "a b@example.org"],
)
def test_an_address_that_is_none_is_refused(text):
    with pytest.raises(Invalid, match="Enter an e-mail address in the correct format") as caught:
        checked_email(text)
    assert caught.value.field == "email"


def test_an_invitation_goes_with_its_account(work_on, clock):
    with work_on() as work:
        added = invite(work, email=" Wren@Example.org ", role=Role.COORDINATOR, name="Wren Young")
        assert (added.state, [held.role for held in added.roles]) == (
            AccountState.INVITED,
            [Role.COORDINATOR],
        )
        assert work.session.scalars(select(Link)).all() == []
        account_id = added.id
    with work_on() as work:
        message = claim_next(work, holder="x", paused=()).message
        text = message.get_body(("plain",)).get_content()
        found = queries.find_link_by_secret(work, text.partition("/link/")[2].split()[0])
        assert message["To"].addresses[0].addr_spec.casefold() == "wren@example.org"
        assert (found.purpose, found.subject_id) == (Purpose.INVITATION, account_id)
        assert found.expires_at == clock.instant + timedelta(days=14)
        assert "as coordinator" in text
        events = work.session.execute(select(AuditEvent.tag, AuditEvent.payload)).all()
        assert ("account:invited", {"role": "coordinator"}) in [(t, json.loads(p)) for t, p in events]


def kinds(work):
    return work.session.scalars(select(OutboxMessage.kind)).all()


def test_a_second_invitation_adds_the_role_and_goes_again_only_while_unused(work_on):
    with work_on() as work:
        first = invite(work, email="wren@example.org", role=Role.COORDINATOR)
        again = invite(work, email="wren@example.org", role=Role.COORDINATOR)
        assert (again is first, kinds(work)) == (True, [MailKind.INVITATION] * 2)
        first.state = AccountState.ACTIVE
        invite(work, email="wren@example.org", role=Role.ADMINISTRATOR)
        assert {held.role for held in first.roles} == {Role.COORDINATOR, Role.ADMINISTRATOR}
        assert kinds(work) == [MailKind.INVITATION] * 2
        assert len(work.session.scalars(select(Account)).all()) == 1
        assert len(work.session.scalars(select(Person)).all()) == 1


@pytest.mark.parametrize("role", [r for r in Role if Permission.ACCOUNT_MANAGE not in PERMISSIONS[r]])
def test_only_administrators_invite(work_on, role):
    with (
        work_on(Actor(ActorKind.ACCOUNT, "x", frozenset(PERMISSIONS[role]))) as work,
        pytest.raises(NotAllowed),
    ):
        invite(work, email="eve@example.org", role=Role.ADMINISTRATOR)


def test_an_actor_holds_what_all_of_its_roles_give(work_on):
    with work_on() as work:
        both = account(work, Role.FACILITATOR)
        invite_person(work, both.person, role=Role.EVALUATION_READER)
        actor, person_id = queries.actor_of(both), both.person_id
    assert actor.permissions == PERMISSIONS[Role.FACILITATOR] | PERMISSIONS[Role.EVALUATION_READER]
    assert (actor.kind, actor.person_id) == (ActorKind.ACCOUNT, person_id)


def test_permission_is_what_counts_except_for_the_machine():
    require(system("job"), Permission.SETTINGS_MANAGE)
    with pytest.raises(NotAllowed):
        require(ANONYMOUS, Permission.REQUEST_READ)
    with pytest.raises(LinkNotValid):
        require_link(system("job"), Purpose.OFFER)
    with pytest.raises(LinkNotValid):
        require_link(Actor(ActorKind.LINK, "link:x", purpose=Purpose.PARTICIPANT), Purpose.OFFER)


@pytest.mark.parametrize("wrong", ["secret", "id", "purpose", "expired", "revoked"])
def test_a_link_is_live_only_when_everything_fits(work_on, clock, wrong):
    with work_on() as work:
        row, secret = link(work, Purpose.OFFER, new_id(), days=7)
        right = {"link_id": row.id, "secret": secret, "purpose": Purpose.OFFER}
        assert queries.get_link(work, **right).id == row.id
        if wrong == "revoked":
            revoke_links(work, purpose=Purpose.OFFER, subject_id=row.subject_id)
    if wrong == "expired":
        clock.instant += timedelta(days=7)
    given = {
        "secret": {"secret": secret[:-1] + ("A" if secret[-1] != "A" else "B")},
        "id": {"link_id": new_id()},
        "purpose": {"purpose": Purpose.PARTICIPANT},
    }.get(wrong, {})
    with work_on() as work, pytest.raises(LinkNotValid):
        queries.get_link(work, **{**right, **given})


def test_a_link_without_end_stays_until_it_is_revoked(work_on, clock):
    with work_on() as work:
        row, secret = issue_link(work, purpose=Purpose.REQUEST_STATUS, subject_id=new_id(), expires_at=None)
        link_id = row.id
    clock.instant += timedelta(days=4000)
    with work_on() as work:
        assert queries.get_link(work, link_id=link_id, secret=secret, purpose=Purpose.REQUEST_STATUS)


def test_revoking_ends_the_links_of_one_purpose_to_one_subject(work_on):
    subject, other = new_id(), new_id()
    with work_on() as work:
        for purpose, of in ((Purpose.OFFER, subject), (Purpose.OFFER, other), (Purpose.PARTICIPANT, subject)):
            link(work, purpose, of)
        revoke_links(work, purpose=Purpose.OFFER, subject_id=subject)
        revoked = [
            (row.purpose, row.subject_id) for row in work.session.scalars(select(Link)) if row.revoked_at
        ]
    assert revoked == [(Purpose.OFFER, subject)]


def test_what_is_not_there_is_not_found(work_on):
    with work_on() as work:
        with pytest.raises(NotFound):
            queries.get_person(work, new_id())
        with pytest.raises(NotFound):
            queries.get_agency(work, new_id())


def test_only_active_accounts_of_a_role_are_listed(work_on):
    with work_on() as work:
        active = account(work, Role.COORDINATOR)
        account(work, Role.COORDINATOR).state = AccountState.DISABLED
        invite(work, email="invited@example.org", role=Role.COORDINATOR)
        account(work, Role.FACILITATOR)
        work.session.flush()
        assert queries.accounts_with_role(work, Role.COORDINATOR) == [active]


def test_people_are_read_once_in_a_unit_of_work(app, work_on):
    with work_on() as work:
        wren, ash = (add_person(work, contact=Contact(name=name)).id for name in ("Wren Young", "Ash Reed"))
    with work_on(write=False) as work, statements(app) as seen:
        assert queries.names_of(work, [wren]) == {wren: "Wren Young"}
        assert queries.names_of(work, [ash, wren, new_id()]) == {wren: "Wren Young", ash: "Ash Reed"}
        assert queries.names_of(work, [wren, ash]) == {wren: "Wren Young", ash: "Ash Reed"}
    # One for the first, one for who was not read yet; the keys come with them.
    assert len(seen) == 2
