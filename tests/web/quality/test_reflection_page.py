"""A facilitator's own reflection."""

import uuid

from flask.testing import FlaskClient

from conftest import WorkOn
from factories.held_sessions import add_held_session
from factories.pages import heading, sign_in, submit
from jags.accounts.model import Account
from jags.accounts.rules import Role
from jags.facilitators.model import Facilitator
from jags.scheduling.model import SessionFacilitator


def own_session(work_on: WorkOn, account_id: uuid.UUID) -> str:
    """Hold a session with the account's person as its facilitator; return the path of their reflection."""
    with work_on() as work:
        person_id = work.session.get_one(Account, account_id).person_id
        if work.session.get(Facilitator, person_id) is None:
            work.session.add(Facilitator(person_id=person_id, joined_on=work.today))
            work.session.flush()
        session = add_held_session(work)
        session.facilitators.append(SessionFacilitator(person_id=person_id, position=1))
        return f"/sessions/{session.id}/reflection"


def test_reflection_is_kept_and_shown_again(work_on: WorkOn, client: FlaskClient) -> None:
    path = own_session(work_on, sign_in(client, work_on, Role.FACILITATOR))

    kept = submit(client, path, helped="We had <time>", version="0")
    page = client.get(path).get_data(as_text=True)

    assert kept.status_code == 303
    assert "Your reflection is kept." in page
    assert "We had &lt;time&gt;</textarea>" in page
    assert "A court, a review, or a person asking for their own information could still require it" in page


def test_reflection_saved_in_another_window_is_told_with_the_typed_text(
    work_on: WorkOn, client: FlaskClient
) -> None:
    path = own_session(work_on, sign_in(client, work_on, Role.FACILITATOR))
    submit(client, path, helped="First", version="0")

    late = submit(client, path, helped="From the other window", version="0")

    assert late.status_code == 409
    assert "From the other window" in late.get_data(as_text=True)
    assert "First</textarea>" in client.get(path).get_data(as_text=True)


def test_session_of_others_is_like_one_that_is_not_there(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.FACILITATOR)
    with work_on() as work:
        others = f"/sessions/{add_held_session(work).id}/reflection"

    theirs, nobodys = client.get(others), client.get(f"/sessions/{uuid.uuid4()}/reflection")

    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert heading(theirs) == heading(nobodys)


def test_coordinator_does_not_reach_reflections(work_on: WorkOn, client: FlaskClient) -> None:
    path = own_session(work_on, sign_in(client, work_on, Role.FACILITATOR))
    sign_in(client, work_on, Role.COORDINATOR, email="unit@example.org")

    assert client.get(path).status_code == 403
