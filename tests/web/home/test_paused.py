"""A pause keeps a request out of the lists of what is to be done; the first pages still name it."""

from factories.pages import sign_in
from factories.requests import accepted, in_triage
from jags.accounts.rules import Role
from jags.requests.rules import PauseReason
from jags.requests.service import pause_request


def paused(work_on) -> str:
    with work_on() as work:
        in_triage(work)
        request = accepted(work)
        pause_request(work, request.id, reason=PauseReason.DEATH)
        return request.reference


def test_the_coordinator_finds_paused_requests_by_one_link(client, work_on) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    assert "Paused (" not in client.get("/home").text
    reference = paused(work_on)
    assert 'href="/requests?state=all&amp;paused=yes">Paused (1)</a>' in client.get("/home").text
    assert reference in client.get("/requests?state=all&paused=yes").text


def test_the_lead_sees_the_reference_of_a_paused_request_and_nothing_else_of_it(client, work_on) -> None:
    reference = paused(work_on)
    sign_in(client, work_on, Role.ADMINISTRATOR)
    page = " ".join(client.get("/home").text.split())
    assert "<strong>Paused (1):</strong>" in page
    assert f'<span class="jags-whole">{reference}</span> since 24 November 2026.' in page
    assert "A child or young person has died" not in page
