"""Who was invited to sessions, who was there and who was not, and the adult services of each transitional JAGS, by edition."""

from datetime import UTC, date, datetime

import pytest

from conftest import WorkOn
from factories.held_sessions import add_held_session
from jags.accounts.rules import AgeRemit
from jags.accounts.service import add_agency
from jags.evaluation.rules import Period
from jags.evaluation.rules.document import Document, Edition, tables_of
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.service import draft_report
from jags.kernel.work import Work
from jags.requests.model import InvolvedAgency, NetworkMember
from jags.requests.rules import Involvement, NetworkContact, Question, TransitionalFeature
from jags.scheduling.model import AgencyAttendance, Attendee, JagsSession
from jags.scheduling.rules import ApologyReason, Attendance

SUMMER = Period(date(2026, 7, 1), date(2026, 8, 31))
JULY = datetime(2026, 7, 6, 10, 0, tzinfo=UTC)


@pytest.fixture
def two_sessions(work_on: WorkOn) -> None:
    """One session where transitional safeguarding is confirmed, and one where it is not."""
    with work_on() as work:
        school, health, housing, youth = (
            add_agency(work, key=name, name=name, sector="education", age_remit=remit).id
            for name, remit in (
                ("Riverside School", AgeRemit.CHILDREN),
                ("Adult Health", AgeRemit.ADULTS),
                ("Housing", AgeRemit.ALL_AGES),
                ("Youth Justice", AgeRemit.CHILDREN),
            )
        )
        first = add_held_session(work, starts_at=JULY, confirmed=True)
        first.request.choose(Question.TRANSITIONAL_FEATURE, frozenset({TransitionalFeature.NONE_ELIGIBLE}))
        first.request.involved = [
            InvolvedAgency(position=n, agency_id=one, involvement=Involvement.NEEDED)
            for n, one in enumerate((housing, health, youth))
        ]
        first.attendance = [
            AgencyAttendance(position=0, agency_id=school, attendance=Attendance.PRESENT),
            AgencyAttendance(
                position=1,
                agency_id=housing,
                attendance=Attendance.APOLOGIES,
                apology_reason=ApologyReason.NO_CAPACITY,
            ),
        ]
        invite(work, first, health)
        # Somebody who would come instead of another waits for the coordinator, so they are not invited yet.
        invite(work, first, youth, waits_since=JULY)
        second = add_held_session(work, starts_at=JULY)
        second.attendance = [
            AgencyAttendance(position=0, agency_id=school, attendance=Attendance.PRESENT),
            AgencyAttendance(
                position=1,
                agency_id=health,
                attendance=Attendance.APOLOGIES,
                apology_reason=ApologyReason.NOT_INVITED,
            ),
        ]


def invite(work: Work, session: JagsSession, agency_id: object, **details: object) -> None:
    member = NetworkMember(
        key_id=session.key_id, request_id=session.request_id, position=9, agency_id=agency_id
    )
    work.vault.seal(member, "contact", NetworkContact(name="Robin Vale"))
    work.session.add(member)
    work.session.flush()
    work.session.add(
        Attendee(session_id=session.id, member_id=member.id, position=9, invited_at=JULY, **details)
    )


def draft(work_on: WorkOn, edition: Edition) -> Document:
    with work_on(write=False) as work:
        return draft_report(work, Asked(SUMMER), edition)


def table(document: Document, key: str) -> dict[str, list[str]]:
    (found,) = (one for one in tables_of(document) if one.key == key)
    return {row.title: [cell.shown for cell in row.cells] for row in found.rows}


@pytest.mark.usefixtures("two_sessions")
def test_agencies_are_told_as_invited_there_and_with_apologies(work_on: WorkOn) -> None:
    inside, named, public = (draft(work_on, edition) for edition in Edition)

    assert table(inside, "agencies-invited") == {
        # Invited to the first, of which nothing is recorded; to the second it was not invited, and says so.
        "Adult Health": ["1", "0", "1"],
        "Housing": ["1", "0", "1"],
        "Riverside School": ["2", "2", "0"],
    }
    assert table(named, "agencies-invited") == table(inside, "agencies-invited")
    assert table(public, "agencies-invited")["Riverside School"] == ["1–5", "1–5", "0"]
    reasons = table(inside, "apologies")
    assert {why: number for why, (number,) in reasons.items() if number != "0"} == {
        "Not invited": "1",
        "No capacity": "1",
    }


@pytest.mark.usefixtures("two_sessions")
def test_adult_services_of_each_transitional_jags_are_told_to_named_readers_without_what_features(
    work_on: WorkOn,
) -> None:
    inside, named, public = (draft(work_on, edition) for edition in Edition)

    services = [
        "Adult Health, Housing",
        "Adult Health, Housing",
        "None",
        "Housing (no capacity), Adult Health (not recorded)",
    ]
    assert table(inside, "adult-services-of-each") == {"JAGS 1": [*services, "No adult service is eligible"]}
    assert table(named, "adult-services-of-each") == {"JAGS 1": services}
    keys = {one.key for one in tables_of(public)}
    assert not keys & {"adult-services-of-each", "eligible"}
    assert table(inside, "eligible")["No adult service is eligible"] == ["1 of 1"]
    assert "eligible" not in {one.key for one in tables_of(named)}
    assert table(named, "remits") == {
        "A children’s service": ["2 of 2", "1 of 1"],
        "An adults’ service": ["0 of 2", "0 of 1"],
        "A service for all ages": ["0 of 2", "0 of 1"],
    }
