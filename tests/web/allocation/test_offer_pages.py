"""A facilitator looks at an offer by link, declares, signs in, sees the detail and answers."""

import html
import re

import pytest
from sqlalchemy import select

from factories.pages import SIGNED_IN_COOKIE, errors, follow, heading, sign_in, submit, version
from factories.people import link
from factories.pool import CONFLICT, NO_CONNECTION, TALK, accepted_request, facilitator, involved, offer_to
from jags.accounts.model import Account
from jags.accounts.rules import Purpose, Role
from jags.accounts.service import start_session
from jags.allocation import service
from jags.allocation.queries import get_offer
from jags.allocation.rules import OfferState
from jags.allocation.service import lapse_offers
from jags.kernel.errors import MoveNotPossible
from jags.requests.queries import get_request
from jags.requests.rules import LeadKnows, PauseReason, State
from jags.requests.service import pause_request

# Words that must not show before the declaration.
NAMES = ("Asha Bell", "Nat Hill", "Lea Ford", "Kestrel", "Slow down together")


def text_of(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))).split())


def as_fields(answers):
    return {f"about_{key}": answer.value for key, answer in answers.items()}


@pytest.fixture
def pair(work_on):
    """A request with names and detail, offered to Ann and Ben."""
    with work_on() as work:
        request = accepted_request(
            work,
            lead=involved("Lea Ford", role="Social worker", team="Harbour team", of="Social care"),
            people=(involved("Nat Hill", role="School nurse", of="Health trust"),),
        )
        return offer_to(work, request, (facilitator(work, "Ann"), facilitator(work, "Ben")))


@pytest.fixture
def by_link(client, work_on, pair):
    """The path of Ann's offer, reached by the link of her mail."""
    with work_on() as work:
        _, secret = link(work, Purpose.OFFER, pair.offers[0])
    return follow(client, secret)


def come_in(client, work_on, pair, n=0):
    with work_on() as work:
        account = work.session.scalars(select(Account).where(Account.person_id == pair.people[n])).one()
        client.set_cookie(SIGNED_IN_COOKIE, start_session(work, account))


def declare(client, path, answers=NO_CONNECTION):
    return submit(client, path, version=version(client.get(path)), **as_fields(answers))


def state(work_on, pair, n=0):
    with work_on() as work:
        return get_offer(work, pair.offers[n]).state


def test_first_look_shows_roles_and_agencies_and_no_name(client, by_link):
    read = text_of(client.get(by_link))
    assert "Social worker, Harbour team, Social care" in read
    assert "School nurse, Health trust" in read
    assert "Teacher, A School" in read
    assert [name for name in NAMES if name in read] == []


def test_a_requester_who_leads_the_work_is_said_to(client, work_on):
    with work_on() as work:
        request = accepted_request(work)
        request.lead_knows = LeadKnows.IT_IS_ME
        made = offer_to(work, request, (facilitator(work, "Ann"), facilitator(work, "Ben")))
        _, secret = link(work, Purpose.OFFER, made.offers[0])
    path = follow(client, secret)
    assert "Lead professional The requester" in text_of(client.get(path))
    come_in(client, work_on, made)
    declare(client, f"/offers/{made.offers[0]}")
    assert "Asha Bell Teacher, requester and lead professional" in text_of(
        client.get(f"/offers/{made.offers[0]}")
    )


def test_no_answer_is_chosen_beforehand_and_each_is_asked_for(client, by_link, work_on, pair):
    page = client.get(by_link)
    assert " checked" not in page.get_data(as_text=True)
    some = {name: value for name, value in as_fields(NO_CONNECTION).items() if name != "about_team"}
    answer = submit(client, by_link, version=version(page), **some)
    assert errors(answer) == ["Select an answer about: teams."]
    assert answer.get_data(as_text=True).count(" checked") == 5
    assert state(work_on, pair) is OfferState.OFFERED


def test_after_declaring_the_link_still_shows_no_detail(client, by_link, work_on, pair):
    assert declare(client, by_link).location == by_link
    page = client.get(by_link)
    assert heading(page) == "Will you facilitate this JAGS?"
    assert f'href="/offers/{pair.offers[0]}"' in page.get_data(as_text=True)
    assert [name for name in NAMES if name in text_of(page)] == []
    assert state(work_on, pair) is OfferState.DECLARED


def test_detail_is_seen_after_signing_in_and_the_offer_accepted(client, by_link, work_on, pair):
    declare(client, by_link)
    path = f"/offers/{pair.offers[0]}"
    assert client.get(path).location.startswith("/sign-in?next=")
    come_in(client, work_on, pair)
    shown = client.get(path)
    read = text_of(shown)
    assert [name for name in NAMES if name not in read] == []
    places = [shown.get_data(as_text=True).index(part) for part in ("If you recognise", "Kestrel", "/accept")]
    assert places == sorted(places)
    page = client.get(f"{path}/accept")
    assert submit(client, f"{path}/accept", version=version(page)).location == path
    assert heading(client.get(path)) == "You have accepted this JAGS"
    assert state(work_on, pair) is OfferState.ACCEPTED
    again = submit(client, f"{path}/accept", version=version(page))
    assert again.location == path
    assert "Accepted" in text_of(client.get("/my-offers"))


def test_signed_in_without_declaring_there_is_the_first_look_only(client, work_on, pair):
    come_in(client, work_on, pair)
    path = f"/offers/{pair.offers[0]}"
    assert [name for name in NAMES if name in text_of(client.get(path))] == []
    refused = submit(client, f"{path}/accept", version=version(client.get(path)))
    assert "Answer the independence statements first" in text_of(client.get(refused.location))
    declare(client, path)
    assert "Kestrel" in text_of(client.get(path))


def test_connection_to_talk_through_hides_the_detail(client, work_on, pair):
    come_in(client, work_on, pair)
    path = f"/offers/{pair.offers[0]}"
    declare(client, path, TALK)
    read = text_of(client.get(path))
    assert "a connection that you would like to talk through" in read
    assert [name for name in NAMES if name in read] == []
    refused = submit(client, f"{path}/accept", version=version(client.get(f"{path}/accept")))
    assert "you can accept after that" in text_of(client.get(refused.location))


def test_conflict_ends_the_offer_with_thanks(client, by_link, work_on, pair):
    declare(client, by_link, CONFLICT)
    assert heading(client.get(by_link)) == "You have declined this JAGS"
    assert state(work_on, pair) is OfferState.DECLINED


def test_decline_by_link_is_asked_once_more(client, by_link, work_on, pair):
    page = client.get(f"{by_link}/decline")
    assert state(work_on, pair) is OfferState.OFFERED
    answer = submit(client, f"{by_link}/decline", version=version(page))
    assert answer.location == by_link
    assert heading(client.get(by_link)) == "You have declined this JAGS"
    with work_on() as work:
        assert get_request(work, pair.request_id).state is State.ACCEPTED


def test_lapsed_offer_reads_not_needed_now(client, by_link, work_on, pair, clock):
    page = client.get(f"{by_link}/decline")
    with work_on() as work:
        clock.instant = get_offer(work, pair.offers[0]).pair.lapses_at
    with work_on() as work:
        lapse_offers(work)
    with work_on() as work:
        _, secret = link(work, Purpose.OFFER, pair.offers[0])
    path = follow(client, secret)
    assert heading(client.get(path)) == "This JAGS is not needed from you now"
    too_late = submit(client, f"{path}/decline", version=version(page))
    assert "not open any more" in text_of(client.get(too_late.location))


def test_offer_of_somebody_else_is_not_found(client, work_on, pair):
    come_in(client, work_on, pair, 1)
    for page in ("", "/accept", "/decline", "/step-back"):
        assert client.get(f"/offers/{pair.offers[0]}{page}").status_code == 404
    read = client.get("/my-offers").get_data(as_text=True)
    assert str(pair.offers[0]) not in read
    assert str(pair.offers[1]) in read


def test_agreed_facilitators_see_how_to_reach_each_other_and_can_step_back(client, work_on, pair):
    for n in (0, 1):
        come_in(client, work_on, pair, n)
        path = f"/offers/{pair.offers[n]}"
        declare(client, path)
        submit(client, f"{path}/accept", version=version(client.get(f"{path}/accept")))
    read = text_of(client.get(path))
    assert "ann@example.org" in read
    assert "asha@example.org" in read
    submit(client, f"{path}/step-back", version=version(client.get(f"{path}/step-back")))
    assert heading(client.get(path)) == "You have stepped back from this JAGS"
    assert "ann@example.org" not in text_of(client.get(path))
    assert state(work_on, pair, 1) is OfferState.STEPPED_BACK


@pytest.mark.parametrize("verb", ["decline_offer", "declare_independence"])
def test_nothing_is_kept_of_an_answer_that_turns_out_not_to_be_possible(
    client, by_link, work_on, pair, monkeypatch, verb
):
    real = getattr(service, verb)

    def half_done(*args, **options):
        real(*args, **options)
        raise MoveNotPossible("The offer has moved on.")

    monkeypatch.setattr(service, verb, half_done)
    answer = submit(client, f"{by_link}/decline") if verb == "decline_offer" else declare(client, by_link)
    assert answer.location == by_link
    assert "The offer has moved on." in text_of(client.get(by_link))
    assert state(work_on, pair) is OfferState.OFFERED


def test_the_clock_of_an_offer_is_told_to_stand_still_during_a_pause(client, work_on, pair):
    sign_in(client, work_on, Role.COORDINATOR)
    assert "Without an answer by the end of 1 December 2026, the offer lapses." in text_of(
        client.get(f"/requests/{pair.request_id}")
    )
    with work_on() as work:
        pause_request(work, pair.request_id, reason=PauseReason.COURT_OR_POLICE)
    paused = text_of(client.get(f"/requests/{pair.request_id}"))
    assert "The clock of this offer stands still while everything is paused: it does not lapse." in paused
    assert "Without an answer by" not in paused
    come_in(client, work_on, pair)
    mine = text_of(client.get("/my-offers"))
    assert "Paused: no answer is needed now" in mine
    assert "1 December 2026" not in mine
