"""What people type on pages is what keeps somebody out: the lead professional's team, and who should not facilitate."""

import pytest

from factories.pages import errors, sign_in, submit, token, version
from factories.pool import facilitator
from jags.accounts.rules import Role
from jags.allocation.assembly import assemble
from jags.allocation.rules import Rule
from jags.requests.model import Request
from jags.requests.queries import lead_professional, members
from jags.requests.rules import Tie

YOU = {
    "name": "Asha Bell",
    "role": "Social worker",
    "agency": "Agency port",
    "team": "Harbour Team",
    "email": "asha@example.org",
    "phone": "01632 960 010",
}
LEAD = {
    "lead_knows": "yes",
    "lead-name": "Lee Ward",
    "lead-agency": "Agency port",
    "lead-team": "harbour team",
    "lead-email": "lee@example.org",
}


@pytest.fixture
def pool(work_on):
    """Tom of the harbour team, Ann of another agency, and Una whom somebody does not want."""
    with work_on() as work:
        return {
            name: str(facilitator(work, name, of=of, team=team))
            for name, of, team in (("Tom", "port", "Harbour team"), ("Ann", "", ""), ("Una", "", ""))
        }


def asks(client, *, you=YOU, people=None, arrangements=None) -> None:
    page = submit(client, "/ask", danger="no", disagreement="no", tasks="no").location.rpartition("/")[0]
    submit(client, f"{page}/about-you", **you)
    submit(client, f"{page}/who-is-involved", **(people or {"lead_knows": "not_applicable"}))
    submit(client, f"{page}/into-adulthood", transitional_view="no")
    submit(client, f"{page}/last-things", date_matters="no")
    submit(client, f"{page}/arrangements", **(arrangements or {}))
    child = {"pseudonym": "K", "age_bands": "16-17", "sibling_group": "no", "locality": "East"}
    submit(client, f"{page}/who-it-is-about", **child, responsibility="ours")
    submit(client, f"{page}/why", reasons="stuck", hopes="Think")
    assert submit(client, f"{page}/check").location == f"{page}/sent"


def blocked(work_on) -> dict[str, tuple[Rule, ...]]:
    with work_on() as work:
        return dict(assemble(work, work.session.query(Request).one()).problem.requests[0].blocked)


def adds(client, work_on, step: str, **fields):
    """Take a step of the request as a coordinator; return the page that answers."""
    with work_on() as work:
        path = f"/requests/{work.session.query(Request).one().id}/{step}"
    page = client.get(path)
    data = {"csrf_token": token(page), "version": version(page), **fields}
    return page, client.post(path, data=data, follow_redirects=True)


def test_the_team_of_the_lead_professional_is_asked_and_excludes_its_own(client, work_on, pool) -> None:
    asks(client, you={**YOU, "team": ""}, people=LEAD)
    assert blocked(work_on) == {pool["Tom"]: (Rule.SAME_TEAM,)}


def test_the_team_of_a_requester_who_is_the_lead_professional_excludes_its_own(client, work_on, pool) -> None:
    asks(client, people={"lead_knows": "it_is_me"})
    assert blocked(work_on) == {pool["Tom"]: (Rule.SAME_TEAM,)}


def test_the_team_of_a_requester_who_is_not_is_a_doubt(client, work_on, pool) -> None:
    asks(client, people={"lead_knows": "not_applicable"})
    assert blocked(work_on) == {pool["Tom"]: (Rule.UNRESOLVED_DOUBT,)}


def test_a_team_that_is_learned_later_completes_the_lead_professional(client, work_on, pool) -> None:
    asks(client, you={**YOU, "team": ""}, people={**LEAD, "lead-team": ""})
    assert blocked(work_on) == {}
    sign_in(client, work_on, Role.COORDINATOR)
    adds(client, work_on, "add-person", name="Lee Ward", team="Harbour Team", is_lead="y")
    assert blocked(work_on) == {pool["Tom"]: (Rule.SAME_TEAM,)}
    with work_on() as work:
        request = work.session.query(Request).one()
        member, contact = lead_professional(work, request)
        assert (contact.email, contact.team) == ("lee@example.org", "Harbour Team")
        assert member.agency.key == "port"
        assert members(work, request) == []


def test_another_lead_professional_leaves_the_earlier_one_in_the_network(client, work_on, pool) -> None:
    asks(client, you={**YOU, "team": ""}, people=LEAD)
    sign_in(client, work_on, Role.COORDINATOR)
    adds(client, work_on, "add-person", name="Kit Moss", agency="Housing", is_lead="y")
    assert blocked(work_on) == {}
    with work_on() as work:
        request = work.session.query(Request).one()
        assert lead_professional(work, request)[1].name == "Kit Moss"
        assert [contact.name for _, contact in members(work, request)] == ["Lee Ward"]


def test_who_should_not_facilitate_is_typed_by_the_coordinator_with_the_requesters_words_beside(
    client, work_on, pool
) -> None:
    asks(client, arrangements={"who_should_not": "Una from over the road"})
    assert pool["Una"] not in blocked(work_on)
    sign_in(client, work_on, Role.COORDINATOR)
    page, answer = adds(client, work_on, "add-unsuitable", name="Una", email="una@example.org")
    assert "The requester wrote: “Una from over the road”." in page.text
    assert blocked(work_on)[pool["Una"]] == (Rule.NAMED_UNSUITABLE,)
    assert "Added by us: should not facilitate" in answer.text
    with work_on() as work:
        request = work.session.query(Request).one()
        assert members(work, request) == []
        assert [c.name for _, c in members(work, request, tie=Tie.SHOULD_NOT_FACILITATE)] == ["Una"]


def test_without_an_address_the_name_is_a_doubt_and_no_name_is_refused(client, work_on, pool) -> None:
    asks(client)
    sign_in(client, work_on, Role.COORDINATOR)
    _, refused = adds(client, work_on, "add-unsuitable", email="una@example.org")
    assert errors(refused) == ["Enter a name."]
    adds(client, work_on, "add-unsuitable", name="una")
    assert blocked(work_on)[pool["Una"]] == (Rule.UNRESOLVED_DOUBT,)
