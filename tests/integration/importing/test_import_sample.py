import json
from collections import Counter
from datetime import UTC, date, datetime
from operator import itemgetter

from sqlalchemy import func, select

from conftest import WorkOn
from factories.import_files import import_pool, import_sample, read_form, read_tracker
from jags.accounts.model import Affiliation, Agency, AgencyAlias, Person
from jags.accounts.queries import find_agency, find_person_by_email, names_of
from jags.accounts.rules import AgeRemit, Sector
from jags.audit.model import AuditEvent
from jags.audit.service import verify
from jags.evaluation.queries import figures
from jags.facilitators.model import Booking, Facilitator
from jags.facilitators.rules import DEFAULT_TERMS, BookingKind, FacilitatorStatus
from jags.feedback.model import Round
from jags.importing.service.requests import import_requests
from jags.jobs.catalogue import JOBS
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.requests.model import NetworkMember, Request, RequestMove
from jags.requests.queries import contact_of, detail_of, find_by_reference
from jags.requests.rules import MoveNote, Question, Source, State, Verb, YesNoUnsure
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState

PROBLEMS = [
    ("tracker.xlsx", 27, "Form ID", "“8” was entered twice: row 9 counts, this one does not."),
    (
        "requests-form-export.xlsx",
        7,
        "Current plan or status",
        "“None” stands beside another answer: “None” was left out.",
    ),
    (
        "tracker.xlsx",
        7,
        "Facilitator 2",
        "Both facilitators are from one agency, Targeted Youth Support Service: taken over as it was.",
    ),
    (
        "requests-form-export.xlsx",
        18,
        "Current plan or status",
        "“None” stands beside another answer: “None” was left out.",
    ),
    ("tracker.xlsx", 26, "Form ID", "The form has no row “40”: JAGS025 was not imported."),
]
DISAGREEMENTS = [
    ("tracker.xlsx", 27, "Facilitator 1", "Entered twice, and row 9 says something else."),
    (
        "tracker.xlsx",
        4,
        "Date received",
        "The tracker says 3 January 2024, the form 19 November 2024: the form counts.",
    ),
]


def request_of(work: Work, number: str) -> Request:
    return work.session.scalars(select(Request).where(Request.legacy_number == number)).one()


def session_of(work: Work, number: str) -> JagsSession:
    return work.session.scalars(
        select(JagsSession).where(JagsSession.request_id == request_of(work, number).id)
    ).one()


def rows(work: Work, table: type) -> int:
    return work.session.scalar(select(func.count()).select_from(table)) or 0


def test_agencies_come_with_every_spelling(work_on: WorkOn) -> None:
    with work_on() as work:
        agencies, _ = import_pool(work)
    assert (agencies.imported, agencies.problems) == (22, [])
    with work_on() as work:
        typed = (
            "TYSS",
            "constabulary",
            "Paediatrics",
            "HMPPS probation",
            "NCC Children’s Services",
            "Primary.",
            "Nobody",
        )
        found = [find_agency(work, text) for text in typed]
        assert [agency and agency.key for agency in found] == [
            "tyss",
            "pol",
            "acute",
            "prob",
            "csc",
            "prim",
            None,
        ]
        police = find_agency(work, "Police")
        assert police is not None
        assert (police.sector, police.age_remit, police.agency_type) == (
            Sector.POLICE,
            AgeRemit.ALL_AGES,
            "Police",
        )


def test_facilitators_come_with_training_localities_and_line_manager(work_on: WorkOn) -> None:
    with work_on() as work:
        _, facilitators = import_pool(work)
    assert (facilitators.imported, facilitators.problems) == (38, [])
    with work_on() as work:
        pool = work.session.scalars(select(Facilitator).order_by(Facilitator.person_id)).all()
        # Three are paused in the file; four have no training date, so they are not current.
        assert Counter(f.status for f in pool) == {FacilitatorStatus.ACTIVE: 35, FacilitatorStatus.PAUSED: 3}
        assert sum(1 for f in pool if not f.current_on(date(2026, 1, 1), DEFAULT_TERMS)) == 4
        person = find_person_by_email(work, "XANTHE.REEVE@csc.example.org")
        assert person is not None
        assert person.agency is not None
        assert (person.agency.key, person.job_title) == ("csc", "Social worker")
        xanthe = work.session.get_one(Facilitator, person.id)
        assert [x.locality for x in xanthe.localities] == ["East", "South"]
        assert [(t.trained_on, t.course) for t in xanthe.training] == [
            (date(2024, 10, 23), "JAGS facilitator training 2024")
        ]
        assert (xanthe.sessions_per_quarter, xanthe.transitional_training) == (3, False)


def test_twenty_four_were_received_twenty_proceeded_and_four_went_elsewhere(work_on: WorkOn) -> None:
    with work_on() as work:
        report = import_sample(work)
    assert (report.imported, report.unchanged, report.changed, report.rejected) == (24, 0, 0, 0)
    with work_on() as work:
        found = work.session.scalars(select(Request)).all()
        assert Counter(r.state for r in found) == {State.CLOSED: 20, State.SIGNPOSTED: 4}
        numbered = find_by_reference(work, " jags002 ")
        assert numbered is not None
        assert (numbered.legacy_number, numbered.tracker_number) == ("2", "JAGS002")
        assert {r.legacy_number: r.route for r in found if r.state is State.SIGNPOSTED} == {
            "2": "tacs",
            "3": "icb_safeguarding",
            "11": "core_group",
            "24": "statutory_meeting",
        }
        assert {r.source for r in found} == {Source.IMPORT}
        funnel = figures(work, from_on=date(2024, 11, 17), to_on=date(2025, 3, 26)).funnel
        assert (funnel.received, funnel.proceeded, funnel.not_proceeded, funnel.undecided, funnel.held) == (
            24,
            20,
            4,
            0,
            20,
        )


def test_what_does_not_agree_is_found_in_its_place(work_on: WorkOn) -> None:
    with work_on() as work:
        report = import_sample(work)
    assert [(f.file, f.row, f.column, f.problem) for f in report.problems] == PROBLEMS
    assert [(f.file, f.row, f.column, f.problem) for f in report.disagreements] == DISAGREEMENTS
    assert {f.sheet for f in report.problems} == {"Form1", "JAGS tracker"}


def test_a_second_import_changes_nothing_and_finds_the_same(work_on: WorkOn) -> None:
    with work_on() as work:
        import_sample(work)
    tables = (
        Agency,
        AgencyAlias,
        Person,
        Affiliation,
        Facilitator,
        Request,
        RequestMove,
        NetworkMember,
        JagsSession,
        Booking,
    )
    with work_on() as work:
        before = [rows(work, table) for table in tables]
    with work_on() as work:
        agencies, facilitators = import_pool(work)
        report = import_requests(work, read_form(), tracker=read_tracker())
    assert (agencies.imported, agencies.unchanged, agencies.changed) == (0, 22, 0)
    assert (facilitators.imported, facilitators.unchanged, facilitators.changed) == (0, 38, 0)
    assert (report.imported, report.unchanged, report.changed, report.rejected) == (0, 24, 0, 0)
    assert sorted((f.file, f.row, f.column, f.problem) for f in report.problems) == sorted(PROBLEMS)
    assert [(f.file, f.row, f.column, f.problem) for f in report.disagreements] == DISAGREEMENTS
    with work_on() as work:
        assert [rows(work, table) for table in tables] == before


def test_the_form_tells_what_was_asked_for(work_on: WorkOn) -> None:
    with work_on() as work:
        import_sample(work)
    with work_on() as work:
        found = work.session.scalars(select(Request)).all()
        assert Counter(r.locality for r in found) == {
            "East": 7, "Central": 4, "North": 3, "Breckland": 2, "South": 2, "West": 2, None: 4,
        }  # fmt: skip
        assert Counter(r.transitional_view for r in found) == {
            YesNoUnsure.YES: 8, YesNoUnsure.NO: 9, YesNoUnsure.UNSURE: 5, None: 2,
        }  # fmt: skip
        assert Counter(band for r in found for band in r.age_bands) == {
            "unborn": 1, "0-4": 1, "5-10": 4, "11-13": 4, "14-15": 4, "16-17": 7, "18-21": 4,
        }  # fmt: skip
        # Every agency of the sample is known by some spelling.
        assert {r.agency_typed for r in found} == {""}
        assert {i.agency_typed for r in found for i in r.involved} == {""}
        # Nobody has confirmed anything about transitional safeguarding yet.
        assert {r.transitional_confirmed for r in found} == {None}

        zoe = request_of(work, "17")
        assert (zoe.received_on, zoe.received_at) == (
            date(2025, 2, 26),
            datetime(2025, 2, 26, 17, 39, 42, tzinfo=UTC),
        )
        assert zoe.reference == "JAGS-2025-0008"
        assert zoe.agency is not None
        assert zoe.agency.key == "csc"
        contact, detail = contact_of(work, zoe), detail_of(work, zoe)
        assert (contact.name, contact.role, contact.email) == (
            "Zoë Wymer", "Advanced practitioner", "zoe.wymer@csc.example.org",
        )  # fmt: skip
        assert [i.agency and i.agency.key for i in zoe.involved] == [
            "com",
            "prob",
            "mh",
            "acute",
            "spec",
            "sec",
        ]
        assert len(zoe.network) == 6
        assert {(m.agency_id, m.agency_typed) for m in zoe.network} == {(None, "")}
        assert zoe.chosen(Question.PLAN) == {"not_known"}
        assert zoe.chosen(Question.REASON) == {
            "power_imbalance",
            "drift",
            "strained_relationships",
            "approaching_18",
        }
        assert (detail.line_manager_aware, detail.age_as_typed, detail.anything_else) == (
            "No", "5 and 7", "Please not anyone from my own team",
        )  # fmt: skip
        assert (request_of(work, "1").sibling_group, detail_of(work, request_of(work, "1")).sibling_note) == (
            True,
            "3 siblings",
        )
        # The date of the form counts, not the tracker's.
        assert request_of(work, "3").received_on == date(2024, 11, 19)
        assert request_of(work, "1").reference == "JAGS-2024-0001"


def test_a_session_is_held_on_its_day_by_its_pair_with_counts_as_facts(work_on: WorkOn) -> None:
    with work_on() as work:
        import_sample(work)
    with work_on() as work:
        first = session_of(work, "1")
        assert (first.state, first.imported, first.hour_known) == (SessionState.HELD, True, False)
        assert first.wall_start.date() == date(2024, 12, 30)
        assert (first.imported_agencies, first.imported_forms) == (6, 4)
        names = names_of(work, [f.person_id for f in first.facilitators])
        assert [names[f.person_id] for f in first.facilitators] == ["Hugh Young", "Niamh Ng"]
        # The first of two entries counts.
        names = names_of(work, [f.person_id for f in session_of(work, "8").facilitators])
        assert set(names.values()) == {"Gwen Iqbal", "Gwen Mensah"}
        sessions = work.session.scalars(select(JagsSession)).all()
        # Empty is not recorded; zero is zero.
        assert Counter(s.imported_forms for s in sessions) == {0: 7, None: 4, 4: 3, 1: 2, 2: 2, 3: 2}
        assert sum(s.imported_agencies or 0 for s in sessions) == 115
        # A session in summer time keeps its London hour.
        assert session_of(work, "21").starts_at == datetime(2025, 4, 16, 8, 0, tzinfo=UTC)
        booked = Counter(
            work.session.scalars(select(Booking.person_id).where(Booking.kind == BookingKind.SESSION))
        )
        hugh = find_person_by_email(work, "hugh.thirtle@eh.example.org")
        assert hugh is not None
        assert (sum(booked.values()), booked[hugh.id]) == (40, 5)


def test_the_story_of_a_request_is_told_by_legal_moves_in_order(work_on: WorkOn) -> None:
    with work_on() as work:
        import_sample(work)
    with work_on() as work:
        closed, elsewhere = request_of(work, "1"), request_of(work, "2")
        assert [m.verb for m in closed.moves] == [
            Verb.SUBMIT, Verb.CONFIRM, Verb.ACCEPT, Verb.OFFER_PAIR, Verb.AGREE_FACILITATORS, Verb.SCHEDULE, Verb.HOLD, Verb.CLOSE,
        ]  # fmt: skip
        times = [m.at for m in closed.moves]
        assert times == sorted(times)
        assert (times[0], times[5], times[7]) == (
            closed.received_at,
            session_of(work, "1").starts_at,
            work.now,
        )
        assert all(a.reached is b.left for a, b in zip(closed.moves, closed.moves[1:], strict=False))
        assert [m.verb for m in elsewhere.moves] == [Verb.SUBMIT, Verb.CONFIRM, Verb.SIGNPOST]
        assert work.vault.open(elsewhere.moves[2], "note", MoveNote) == MoveNote(
            reason="From the old tracker, JAGS002. TACS", told="Requester told"
        )


def test_nothing_comes_due_by_an_import(work_on: WorkOn) -> None:
    with work_on() as work:
        import_sample(work)
    done = {}
    for job in JOBS:
        with work_on() as work:
            done[job.name] = job.run(work)
    # The end of the trail is signed whatever comes in.
    assert [name for name, number in done.items() if number] == ["make-checkpoints"]
    with work_on() as work:
        assert (rows(work, OutboxMessage), rows(work, Round)) == (0, 0)


def test_every_row_and_every_file_is_in_the_audit_trail(work_on: WorkOn) -> None:
    with work_on() as work:
        import_sample(work)
    with work_on() as work:
        assert verify(work) == []
        tags = Counter(work.session.scalars(select(AuditEvent.tag)))
        moves = [
            (str(m.request_id), m.verb, m.left, m.reached) for m in work.session.scalars(select(RequestMove))
        ]
        moved = {
            (event.subject_ref, *itemgetter("verb", "from", "to")(json.loads(event.payload)))
            for event in work.session.scalars(select(AuditEvent).where(AuditEvent.tag == "request:moved"))
        }
    assert (tags["request:imported"], tags["session:imported"], tags["import:read"]) == (24, 20, 4)
    # Twenty sessions of eight moves each, and four requests that were received, confirmed and signposted.
    assert tags["request:moved"] == len(moves) == 172
    assert moved == set(moves)


def test_names_and_case_text_are_not_in_the_clear(work_on: WorkOn) -> None:
    with work_on() as work:
        import_sample(work)
    with work_on() as work:
        for table in ("request", "request_move", "network_member", "person", "audit_event"):
            found = work.session.connection().exec_driver_sql(f'SELECT * FROM "{table}"').all()  # noqa: S608 - Fixed names.
            stored = b"\n".join(
                bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                for row in found
                for value in row
            )
            assert found
            for secret in ("Zoë Wymer", "confrontational", "example.org", "Requester told"):
                assert secret.encode() not in stored
