"""Agencies and facilitators from hand-made rows: nothing that stands here is overwritten, whatever is bad is listed."""

from datetime import date
from pathlib import Path

from sqlalchemy import select

from conftest import WorkOn
from factories.import_files import (
    import_pool,
)
from factories.import_office import Office, told
from jags.accounts.model import Person
from jags.accounts.queries import find_agency, find_person_by_email, organisations_of
from jags.accounts.rules import Contact, Sector
from jags.accounts.service import add_person
from jags.facilitators.model import Facilitator
from jags.facilitators.rules import FacilitatorStatus


def test_an_agency_that_comes_again_gains_spellings_and_loses_nothing(
    work_on: WorkOn, tmp_path: Path
) -> None:
    row = {"key": "pol", "name": "Police", "sector": "police", "age_remit": "all ages"}
    with work_on() as work:
        Office(tmp_path).agencies(work, row, {"key": "yjs", "name": "Youth Justice", "sector": "courts"})
    with work_on() as work:
        report = Office(tmp_path).agencies(
            work,
            {**row, "sector": "health", "also_known_as": "Constabulary; Youth Justice"},
            {"key": "new", "name": "police"},
            {"key": "", "name": "Nobody"},
        )
    assert (report.imported, report.changed, report.rejected) == (0, 1, 2)
    assert told(report) == [
        ("sector", "This differs from what stands here: nothing was changed."),
        ("also_known_as", "Left out: “Youth Justice” already means Youth Justice."),
        ("sector", "This is missing: “other” is used until somebody changes it."),
        ("age_remit", "This is missing: “all ages” is used until somebody changes it."),
        ("name", "Rejected: “police” already means Police."),
        ("key", "Rejected: this is missing or too long."),
    ]
    with work_on() as work:
        police, justice = find_agency(work, "constabulary"), find_agency(work, "Youth Justice")
        assert police is not None
        assert justice is not None
        assert (police.key, police.sector, justice.sector) == ("pol", Sector.POLICE, Sector.OTHER)


def test_an_agency_tells_its_employer_its_days_and_its_successor(work_on: WorkOn, tmp_path: Path) -> None:
    office = Office(tmp_path)
    plain = {"key": "old", "name": "Old Trust", "sector": "health", "age_remit": "adults"}
    new = {**plain, "key": "new", "name": "New Trust"}
    full = {
        **plain,
        "agency_type": "NHS trust",
        "employer": "NHS",
        "valid_from": "1.4.2019",
        "valid_to": date(2026, 3, 31),
        "successor": "new",
    }
    with work_on() as work:
        assert office.agencies(work, plain).imported == 1
    with work_on() as work:
        # What was missing is filled in, and the successor may stand further down.
        report = office.agencies(work, full, {**new, "successor": "new", "valid_from": "soon"})
        assert (report.imported, report.changed) == (1, 1)
        assert told(report) == [
            ("valid_from", "“soon” is not a date: left empty."),
            ("successor", "“new” is not the key of another agency: left empty."),
        ]
    with work_on() as work:
        old, successor = find_agency(work, "Old Trust"), find_agency(work, "New Trust")
        assert old is not None
        assert successor is not None
        assert (old.agency_type, old.employer, old.successor_id) == ("NHS trust", "NHS", successor.id)
        assert (old.valid_from, old.valid_to) == (date(2019, 4, 1), date(2026, 3, 31))
        assert (successor.agency_type, successor.valid_from, successor.successor_id) == (
            "New Trust",
            None,
            None,
        )
        organisations = organisations_of(work)
        assert organisations[old.id] == organisations[successor.id] == "new"
        assert office.agencies(work, full, new).unchanged == 2
        report = office.agencies(
            work, {**full, "employer": "County", "valid_from": "2.4.2026", "valid_to": "1.4.2026"}
        )
        assert (report.changed, [column for column, _ in told(report)]) == (
            1,
            ["valid_to", "employer", "valid_from"],
        )
        assert (old.employer, old.valid_from, old.valid_to) == ("NHS", date(2019, 4, 1), date(2026, 3, 31))


def test_bad_fields_of_a_facilitator_are_left_empty_and_listed(work_on: WorkOn, tmp_path: Path) -> None:
    bad = {
        "name": "Uma Lee",
        "email": "uma@lee.example.org",
        "agency": "The Lighthouse",
        "localities": "Gt Yarmouth; Atlantis",
        "trained_on": "last year",
        "course": "JAGS",
        "transitional_training": "some",
        "sessions_per_quarter": 99,
        "status": "busy",
        "line_manager_email": "boss",
    }
    with work_on() as work:
        report = Office(tmp_path).facilitators(
            work, bad, {"name": "No Address", "agency": "Police"}, {"name": "X", "email": "x@y.example.org"}
        )
    assert (report.imported, report.rejected) == (1, 2)
    assert [column for column, _ in told(report)] == [
        "agency", "localities", "trained_on", "transitional_training", "sessions_per_quarter", "status",
        "line_manager_email", "trained_on", "email", "agency",
    ]  # fmt: skip
    with work_on() as work:
        uma = work.session.scalars(select(Facilitator)).one()
        assert (uma.status, uma.sessions_per_quarter) == (FacilitatorStatus.NOT_AT_THE_MOMENT, 1)
        assert [x.locality for x in uma.localities] == ["East"]
        assert (uma.training, uma.transitional_training, uma.person.agency) == ([], False, None)


def test_an_agency_that_became_known_is_filled_in_and_nothing_is_overwritten(
    work_on: WorkOn, tmp_path: Path
) -> None:
    row = {
        "name": "Uma Lee",
        "email": "uma@lee.example.org",
        "agency": "The Lighthouse",
        "team": "A",
        "status": "active",
    }
    with work_on() as work:
        Office(tmp_path).facilitators(work, row)
    with work_on() as work:
        Office(tmp_path).agencies(
            work, {"key": "l", "name": "The Lighthouse", "sector": "voluntary", "age_remit": "all ages"}
        )
        report = Office(tmp_path).facilitators(work, {**row, "team": "B"})
    assert (report.changed, told(report)) == (
        1,
        [("team", "This differs from what stands here: nothing was changed.")],
    )
    with work_on() as work:
        uma = work.session.scalars(select(Person)).one()
        assert uma.agency is not None
        assert (uma.agency.key, uma.team) == ("l", "A")
    with work_on() as work:
        assert Office(tmp_path).facilitators(work, row).unchanged == 1


def test_somebody_who_is_known_already_joins_the_pool_and_keeps_their_agency(
    work_on: WorkOn, tmp_path: Path
) -> None:
    row = {
        "email": "uma@lee.example.org",
        "name": "Uma Lee",
        "agency": "Police",
        "trained_on": "1.1.27",
        "status": "active",
    }
    with work_on() as work:
        import_pool(work)
        add_person(work, contact=Contact("Uma Lee", "uma@lee.example.org"))
        add_person(work, contact=Contact("Ida Fox", "ida@fox.example.org"), agency=find_agency(work, "CAMHS"))
    with work_on() as work:
        report = Office(tmp_path).facilitators(
            work, row, {**row, "email": "ida@fox.example.org", "name": "Ida Fox"}
        )
    assert report.imported == 2
    assert told(report) == [
        ("trained_on", "Left empty: Enter a date of training that is today or in the past."),
        ("agency", "This person is known here under another agency: nothing was changed."),
        ("trained_on", "Left empty: Enter a date of training that is today or in the past."),
    ]
    with work_on() as work:
        uma = find_person_by_email(work, "uma@lee.example.org")
        ida = find_person_by_email(work, "ida@fox.example.org")
        assert [p and p.agency and p.agency.key for p in (uma, ida)] == ["pol", "mh"]
