"""A figure opens to the requests behind it, for who may see them; what people said opens to nothing."""

import html
import re
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from conftest import WorkOn
from factories.held_sessions import add_facilitator, add_held_session, add_request
from factories.pages import heading, sign_in, text_of
from factories.released_reports import person
from jags.accounts.rules import Role
from jags.allocation.model import Offer, OfferedPair
from jags.allocation.rules import OfferState
from jags.evaluation.queries import figures
from jags.evaluation.queries.dashboard import dashboard
from jags.evaluation.queries.records import HAS_RECORDS, records_behind
from jags.evaluation.render.dashboard import dashboard_document
from jags.evaluation.rules import By, Period, Which
from jags.evaluation.rules.definitions import CATALOGUE
from jags.evaluation.rules.document import Edition, tables_of
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.service import draft_report
from jags.kernel.errors import NotAllowed, NotFound
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import AgeBand, State, YesNoUnsure
from jags.scheduling.model import AgencyAttendance
from jags.scheduling.rules import Attendance

SQLITE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
SUMMER = Period(date(2026, 7, 1), date(2026, 8, 31))
JULY = datetime(2026, 7, 6, 10, 0, tzinfo=UTC)
AGREED = (OfferState.ACCEPTED, OfferState.ACCEPTED)
OVER_15 = frozenset({AgeBand.SIXTEEN_SEVENTEEN})


def add(work: Work, **details) -> Request:
    return add_request(work, received_at=details.pop("received_at", JULY), **details)


def offer(work: Work, request_id: uuid.UUID, *states: OfferState) -> None:
    """Offer a request to two people, who answered it so."""
    work.session.add(
        OfferedPair(
            key_id=work.vault.new_key(),
            request_id=request_id,
            made_at=JULY,
            lapses_at=JULY,
            offers=[
                Offer(person_id=add_facilitator(work).person_id, position=n, state=one)
                for n, one in enumerate(states)
            ],
        )
    )
    work.session.flush()


@pytest.fixture
def summer(work_on: WorkOn) -> None:
    """A summer with one of each, and something beside it that no figure of it counts."""
    with work_on() as work:
        first = add_held_session(work, starts_at=JULY + timedelta(days=20), received_at=JULY, confirmed=True)
        offer(work, first.request_id, *AGREED)
        accepted = add(work, state=State.ACCEPTED, age_bands=OVER_15, previous_request_id=first.request_id)
        # Two people agreed; nothing is held yet.
        offer(work, accepted.id, *AGREED)
        add(work, state=State.SIGNPOSTED, route="tacs", reference="JAGS-2026-0007")
        add(work, transitional_view=YesNoUnsure.YES)
        add(work, state=State.DUPLICATE)
        add(work, received_at=JULY - timedelta(days=60))
        # Asked for before the summer, held in it.
        earlier = add_held_session(work, starts_at=JULY, received_at=JULY - timedelta(days=30))
        # Somebody declined, and nobody says who was asked then.
        offer(work, earlier.request_id, OfferState.ACCEPTED, OfferState.DECLINED)


@SQLITE
@pytest.mark.usefixtures("summer")
def test_every_table_opens_to_what_it_means(work_on: WorkOn) -> None:
    with work_on() as work:
        session = add_held_session(work, starts_at=JULY, confirmed=True, sibling_group=True)
        session.attendance = [
            AgencyAttendance(position=0, agency_typed="A club", attendance=Attendance.PRESENT),
            AgencyAttendance(position=1, agency_typed="A school", attendance=Attendance.APOLOGIES),
        ]
    with work_on(write=False) as work:
        documents = (draft_report(work, Asked(SUMMER), Edition.INTERNAL), dashboard_document(dashboard(work)))

    shown = [table for document in documents for table in tables_of(document)]
    assert {one.key for one in shown} >= {"apologies", "eligible", "open-now-table"}
    for table in shown:
        meanings = [table.definition, *(one.definition for one in (*table.columns, *table.rows))]
        assert any(meanings), table.key


@pytest.mark.usefixtures("summer")
def test_as_many_records_stand_behind_a_figure_as_it_counts(work_on: WorkOn) -> None:
    with work_on(write=False) as work:
        received, held = (
            figures(work, from_on=SUMMER.from_on, to_on=SUMMER.to_on, by=by) for by in (By.RECEIVED, By.HELD)
        )
        behind = {key: records_behind(work, key, SUMMER) for key in HAS_RECORDS}
        elsewhere = [one.reference for one in behind["other-routes"].requests]

    funnel, cohorts = received.funnel, received.cohorts
    counted = {
        "received": funnel.received,
        "proceeded": funnel.proceeded,
        "held": funnel.held,
        "not-proceeded": funnel.not_proceeded,
        "undecided": funnel.undecided,
        "by-age-band": cohorts.age_band.received,
        "confirmed": cohorts.confirmed.received,
        "not-confirmed-yet": cohorts.unconfirmed,
        "taking-part": held.taking_part.sessions,
        "pairs": held.pairs.agreed,
    }
    assert {key: behind[key].total for key in counted} == counted
    assert (funnel.received, held.taking_part.sessions, cohorts.unconfirmed) == (4, 2, 2)
    assert held.pairs.agreed == 1
    assert elsewhere == ["JAGS-2026-0007"]
    assert (behind["first-and-repeat"].total, behind["hours"].total, behind["siblings"].total) == (1, 2, 0)
    assert all(len(one.requests) == one.total for one in behind.values())


@SQLITE
@pytest.mark.usefixtures("summer")
@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("locality", ["", "Breckland"])
def test_as_many_records_stand_behind_figures_of_requests_received_or_held(
    work_on: WorkOn, by: By, locality: str
) -> None:
    with work_on() as work:
        add(work, state=State.ACCEPTED, locality="Breckland")
        # Received in the summer and held after it, and the other way round.
        add_held_session(work, starts_at=JULY + timedelta(days=90), received_at=JULY, locality="Breckland")
        add_held_session(
            work, starts_at=JULY, received_at=JULY - timedelta(days=60), locality="Breckland", confirmed=True
        )
    with work_on(write=False) as work:
        found = figures(work, from_on=SUMMER.from_on, to_on=SUMMER.to_on, by=by, locality=locality)
        behind = {
            key: records_behind(work, key, SUMMER, Which(locality=locality), by=by).total
            for key in HAS_RECORDS
        }

    counted = {
        "received": found.funnel.received,
        "proceeded": found.funnel.proceeded,
        "held": found.funnel.held,
        "undecided": found.funnel.undecided,
        "confirmed": found.cohorts.confirmed.received,
        "not-confirmed-yet": found.cohorts.unconfirmed,
        "taking-part": found.taking_part.sessions,
        "pairs": found.pairs.agreed,
    }
    assert {key: behind[key] for key in counted} == counted
    of_breckland = {By.RECEIVED: (2, 1), By.HELD: (1, 1)}
    everybody = {By.RECEIVED: (6, 2), By.HELD: (3, 3)}
    assert counted["pairs"] == (0 if locality else {By.RECEIVED: 2, By.HELD: 1}[by])
    assert (counted["received"], counted["taking-part"]) == (of_breckland if locality else everybody)[by]


@SQLITE
@pytest.mark.usefixtures("summer")
def test_each_figure_of_the_page_opens_to_its_meaning_and_to_its_requests(
    work_on: WorkOn, client: FlaskClient
) -> None:
    asked = "from=2026-07-01&to=2026-08-31&by=held&transitional=1&locality="

    def opened(role: Role) -> tuple[str, list[str]]:
        sign_in(client, work_on, role)
        page = client.get(f"/evaluation?{asked}")
        return text_of(page), re.findall(r"/evaluation/records/([a-z-]+)\?([^\"]+)", html.unescape(page.text))

    words, links = opened(Role.COORDINATOR)
    asks = dict(links)
    assert set(asks) == {
        "received", "proceeded", "held", "not-proceeded", "undecided", "other-routes", "waits", "pairs", "requesting",
        "taking-part", "by-age-band", "confirmed", "not-confirmed-yet",
    }  # fmt: skip
    assert asks["received"] == "from=2026-07-01&to=2026-08-31&transitional=1&by=held"
    # Both cohorts are of all requests, whichever are chosen.
    assert asks["confirmed"] == "from=2026-07-01&to=2026-08-31&by=held"
    page = client.get(f"/evaluation/records/received?{asks['received']}")
    assert "1 request is counted." in text_of(page)
    assert 'href="/evaluation?from=2026-07-01&amp;to=2026-08-31&amp;transitional=1&amp;by=held"' in page.text
    meanings = [one.text for one in CATALOGUE if one.key in {*asks, "opinions", "later"}]
    assert [text for text in meanings if text not in words] == []
    words, links = opened(Role.ADMINISTRATOR)
    assert (links, [text for text in meanings if text not in words]) == ([], [])


def test_every_figure_but_what_people_said_opens_to_its_definition_and_records_have_one() -> None:
    defined = {one.key for one in CATALOGUE}

    assert defined >= HAS_RECORDS
    assert not HAS_RECORDS & {"opinions", "later", "approach", "principles"}


@SQLITE
@pytest.mark.parametrize("figure", ["opinions", "later", "nothing"])
def test_nothing_stands_behind_what_people_said(work_on: WorkOn, figure: str) -> None:
    with pytest.raises(NotFound), work_on(write=False) as work:
        records_behind(work, figure, SUMMER)


@SQLITE
@pytest.mark.usefixtures("summer")
def test_records_are_reached_from_the_internal_draft_alone(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    asked = "from=2026-07-01&to=2026-08-31"
    link = f"/evaluation/records/not-proceeded?{asked}"

    assert link.replace("&", "&amp;") in client.get(f"/evaluation/draft?{asked}").text
    assert "/evaluation/records/" not in client.get(f"/evaluation/draft?{asked}&edition=restricted").text
    page = client.get(link)
    assert heading(page) == "Records behind “Not proceeded”"
    assert "1 request is counted." in text_of(page)
    assert "JAGS-2026-0007" in page.text
    confirmed = client.get(f"/evaluation/records/received?{asked}&transitional=1")
    assert "1 request is counted." in text_of(confirmed)
    reversed_dates = client.get("/evaluation/records/received?from=2026-08-31&to=2026-07-01")
    assert "These dates are not a period." in text_of(reversed_dates)


@SQLITE
@pytest.mark.usefixtures("summer")
def test_who_may_not_read_requests_sees_no_records(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.ADMINISTRATOR)
    asked = "from=2026-07-01&to=2026-08-31"

    assert "/evaluation/records/" not in client.get(f"/evaluation/draft?{asked}").text
    assert client.get(f"/evaluation/records/received?{asked}").status_code == 403
    with pytest.raises(NotAllowed), work_on(person(work_on, Role.SCRUTINEER), write=False) as work:
        records_behind(work, "received", SUMMER)
