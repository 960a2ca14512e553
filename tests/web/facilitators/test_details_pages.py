"""The pages on which somebody comes into the pool by hand, and on which their details change."""

from factories.pages import errors, heading, sign_in, submit, version
from factories.people import agency
from factories.pool import facilitator
from jags.accounts.rules import Role
from jags.facilitators.queries import get_facilitator, pool


def test_a_coordinator_adds_a_facilitator(client, work_on):
    with work_on() as work:
        agency(work, "police", "Police")
    sign_in(client, work_on, Role.COORDINATOR)
    assert '/facilitators/new"' in client.get("/facilitators").text
    assert heading(client.get("/facilitators/new")) == "Add a facilitator"
    typed = {"name": "Ann Dell", "email": "ann@police.example.org", "sessions_per_quarter": "2"}
    refused = submit(client, "/facilitators/new", **typed)
    assert errors(refused) == ["Select the agency."]
    assert 'value="Ann Dell"' in refused.text
    answer = submit(client, "/facilitators/new", **typed, agency="Police", localities=["West"])
    with work_on() as work:
        (member,) = [one for one in pool(work) if one.name == "Ann Dell"]
        assert (member.agency, member.facilitator.sessions_per_quarter, member.current) == (
            "Police",
            2,
            False,
        )
        person_id = member.person_id
    assert answer.location == f"/facilitators/{person_id}"
    assert errors(submit(client, "/facilitators/new", **typed, agency="Police")) == [
        "Somebody with this e-mail address is in the pool already."
    ]


def test_details_change_and_what_was_recorded_stands_in_the_form(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann", of="police", team="West")
        agency(work, "health", "Health")
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/facilitators/{ann}/details"
    assert f'{path}"' in client.get(f"/facilitators/{ann}").text
    page = client.get(path)
    assert 'value="West"' in page.text
    assert "A line manager is recorded." not in page.text
    typed = {"name": "Ann Dell", "agency": "Health", "team": "", "manager_email": "chief@example.org"}
    assert submit(client, path, version=version(page), **typed).location == f"/facilitators/{ann}"
    with work_on() as work:
        person = get_facilitator(work, ann).person
        assert (person.agency.name, person.team) == ("Health", "")
    page = client.get(path)
    assert "A line manager is recorded." in page.text
    submit(
        client,
        path,
        version=version(page),
        team="",
        manager_email="",
        name="Ann Dell",
        agency="Health",
        no_manager="y",
    )
    with work_on() as work:
        assert get_facilitator(work, ann).person.line_manager_email_index is None
