"""What a report tells of practice, effort, time and people's own words, and what each edition makes of it."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from conftest import WorkOn
from factories.gatherings import meeting, training_event
from factories.held_sessions import add_facilitator, add_held_session
from factories.opened import add_pool
from factories.reading import add_comment
from factories.released_reports import QUARTER, QUARTER_BEFORE, add_requests, person, sent
from jags.accounts.rules import AgeRemit, Role
from jags.accounts.service import add_agency
from jags.evaluation.model import LedgerBlock
from jags.evaluation.queries.quoting import accounts_to_quote, quotable_comments
from jags.evaluation.queries.reports import frozen_edition, get_report
from jags.evaluation.rules import Period, PromotionEntry
from jags.evaluation.rules.blocks import OF_SESSIONS, BlockKind
from jags.evaluation.rules.document import Document, Edition, Paragraph, Quote, Table, blocks_of, tables_of
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.rules.reports import Words
from jags.evaluation.service import (
    add_promotion,
    begin_report,
    draft_of_report,
    draft_report,
    send_for_review,
    write_words,
)
from jags.feedback.model import Comment, RequesterAccount
from jags.feedback.rules import CommentState, WhatFollowed
from jags.feedback.service.joining import join_pools
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.practice.rules import GatheringState, Reply
from jags.quality.model import AuditedSession, AuditRecommendation, FacilitatorReflection, PracticeAudit
from jags.quality.rules.auditing import AuditMethod, PlanArea, PlanGroup, PlanState, Recommendation
from jags.quality.rules.reflections import Pooled
from jags.scheduling.model import AgencyAttendance
from jags.scheduling.rules import Attendance

SQLITE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
SUMMER = Period(date(2026, 7, 1), date(2026, 8, 31))
JULY = datetime(2026, 7, 6, 10, 0, tzinfo=UTC)
AUGUST = datetime(2026, 8, 6, 10, 0, tzinfo=UTC)


def draft(work_on: WorkOn, edition: Edition = Edition.INTERNAL, *, before: Period | None = None) -> Document:
    with work_on(write=False) as work:
        return draft_report(work, Asked(SUMMER, compared_with=before), edition)


def table(document: Document, key: str) -> dict[str, list[str]]:
    found: Table = next(one for one in tables_of(document) if one.key == key)
    return {row.title: [cell.shown for cell in row.cells] for row in found.rows}


def keys(document: Document) -> set[str]:
    return {one.key for one in tables_of(document)}


def told(document: Document) -> str:
    return " ".join(block.text for block in blocks_of(document) if isinstance(block, Paragraph))


def quoted(document: Document) -> list[tuple[str, str]]:
    return [(one.text, one.said_by) for one in blocks_of(document) if isinstance(one, Quote)]


def hold(work: Work, number: int, *, reflected: str = "") -> None:
    """Hold sessions from July on, each with one reflection where it is said how the opening was."""
    for n in range(number):
        session = add_held_session(work, starts_at=JULY + timedelta(days=n))
        if reflected:
            row = FacilitatorReflection(
                key_id=session.key_id,
                session_id=session.id,
                person_id=session.facilitators[0].person_id,
                saved_at=work.now,
            )
            work.vault.seal(row, "pooled", Pooled({"opening": reflected}, principles=("relational",)))
            work.session.add(row)


def test_what_happened_is_told_by_month_and_agencies_by_month_inside_alone(work_on: WorkOn) -> None:
    with work_on() as work:
        school = add_agency(
            work, key="school", name="Riverside School", sector="education", age_remit=AgeRemit.CHILDREN
        )
        for starts_at in (JULY, JULY + timedelta(days=1), AUGUST):
            session = add_held_session(work, people=0, starts_at=starts_at)
            session.attendance = [
                AgencyAttendance(position=0, agency_id=school.id, attendance=Attendance.PRESENT)
            ]
        # The last hour of August in London is still the 30th in UTC; the next is September.
        add_held_session(work, people=0, starts_at=datetime(2026, 8, 31, 22, 59, tzinfo=UTC))
        add_held_session(work, people=0, starts_at=datetime(2026, 8, 31, 23, 0, tzinfo=UTC))
    inside = draft(work_on)

    # Each was asked for twenty days before: two in June, one in July, and two in August.
    assert table(inside, "over-time-table") == {"Jul 2026": ["1", "2"], "Aug 2026": ["2", "2"]}
    assert table(inside, "agencies-over-time") == {"Riverside School": ["2", "1"]}
    for edition in (Edition.RESTRICTED, Edition.PUBLIC):
        # Five requests make no block: outside nothing is told of when they came.
        assert not keys(draft(work_on, edition)) & {"over-time-table", "agencies-over-time"}


@SQLITE
def test_outside_what_happened_is_told_by_whole_blocks_and_not_by_month(work_on: WorkOn) -> None:
    with work_on() as work:
        add_requests(work, QUARTER_BEFORE, 11)
        add_requests(work, QUARTER, 12, seed=1)
        for starts_at in (JULY, AUGUST, JULY - timedelta(days=40)):
            add_held_session(work, starts_at=starts_at, received_at=datetime(2026, 1, 20, tzinfo=UTC))
    half = Asked(Period(QUARTER_BEFORE.from_on, QUARTER.to_on))
    with work_on(write=False) as work:
        drafted = draft_report(work, half, Edition.PUBLIC)
    unit = person(work_on, Role.COORDINATOR)
    report_id = sent(work_on, unit, half)
    with work_on(write=False) as work:
        frozen = frozen_edition(work, get_report(work, report_id), Edition.RESTRICTED)

    # Three were asked for before: the first block has to have ten, so that they stand in none of its days.
    wanted = {"1 Apr 2026 to 30 Jun 2026": ["11", "1"], "1 Jul 2026 to 30 Sep 2026": ["12", "2"]}
    assert table(drafted, "over-time-table") == table(frozen, "over-time-table") == wanted


@SQLITE
def test_linked_requests_are_one_family_and_siblings_are_told_inside_alone(work_on: WorkOn) -> None:
    with work_on() as work:
        first = add_held_session(work, starts_at=JULY, received_at=JULY, sibling_group=True)
        for n in range(2):
            add_held_session(
                work,
                starts_at=AUGUST + timedelta(days=n),
                received_at=AUGUST,
                previous_request_id=first.request_id,
            )
        add_held_session(work, starts_at=AUGUST, received_at=AUGUST, sibling_group=False)
    inside = draft(work_on)

    assert table(inside, "jags-and-children") == {
        "Sessions held": ["4"],
        "Children, sibling groups or families": ["2"],
    }
    assert list(table(inside, "siblings").values()) == [["1"], ["1"], ["2"]]
    assert "siblings" not in keys(draft(work_on, Edition.RESTRICTED)) | keys(draft(work_on, Edition.PUBLIC))


@SQLITE
def test_effort_is_told_beside_the_period_before_and_what_was_not_recorded_is_not_nothing(
    work_on: WorkOn,
) -> None:
    unit = person(work_on, Role.COORDINATOR)
    with work_on(unit) as work:
        people = [add_facilitator(work).person_id for _ in range(3)]
        for made, starts_at in (
            (training_event(work, *people, cost_pence=120_050), JULY),
            (training_event(work, in_days=9), AUGUST),
            (meeting(work, *people, in_days=11), AUGUST),
        ):
            made.starts_at, made.state = starts_at, GatheringState.HELD
            for one in made.invitees[:2]:
                one.reply = Reply.ATTENDED
        add_promotion(work, PromotionEntry(date(2026, 8, 31), "Schools", "team_meeting"))
        # Two hours with one facilitator and six people; of the other nothing was recorded.
        add_held_session(work, starts_at=JULY)
        add_held_session(work, starts_at=AUGUST, recorded=False)
    found = table(draft(work_on, before=Period(date(2025, 7, 1), date(2025, 8, 31))), "effort-table")

    assert found == {
        "Training events held": ["2", "0"],
        "Places taken at training events": ["2", "0"],
        "Cost of training events, as far as recorded": ["£1,200.50, of 1 of 2 events", "z"],
        "Network meetings held": ["1", "0"],
        "Places taken at network meetings": ["2", "0"],
        "Things done to make JAGS known": ["1", "0"],
        "People reached, where somebody counted": [":", "z"],
        "Hours in sessions given by facilitators": ["2", ":"],
        "Hours in sessions given by those who took part": ["12", ":"],
    }


@SQLITE
@pytest.mark.parametrize(
    ("sessions", "inside", "outside"),
    [
        (4, "", ""),
        (5, "all or all but one (n = 5)", ""),
        (9, "all or all but one (n = 9)", ""),
        (10, "all or all but one (n = 10)", "all or all but one (n = 10)"),
        # Inside in steps of five per cent from twenty on, outside in four bands whatever their number.
        (20, "95 % or more (n = 20)", "all or all but one (n = 20)"),
    ],
)
def test_keeping_to_the_approach_is_pooled_over_five_sessions_and_told_outside_from_ten_answers(
    work_on: WorkOn, sessions: int, inside: str, outside: str
) -> None:
    with work_on() as work:
        hold(work, sessions, reflected="seen")

    shown = {edition: draft(work_on, edition) for edition in Edition}

    wanted = {Edition.INTERNAL: inside, Edition.RESTRICTED: outside, Edition.PUBLIC: outside}
    for edition, document in shown.items():
        if not wanted[edition]:
            # Not a table in which every cell is hidden.
            assert not keys(document) & {"approach", "approach-recorded", "principles"}
            assert "So few have said something of it so far that nothing is told." in told(document)
            continue
        assert table(document, "approach")["Opening: what this space is for"][1] == wanted[edition]
        assert table(document, "principles")["Relational"] == [":", wanted[edition]]


@SQLITE
def test_a_release_tells_what_was_said_of_whole_blocks_of_sessions(work_on: WorkOn) -> None:
    unit = person(work_on, Role.COORDINATOR)
    with work_on() as work:
        add_requests(work, QUARTER_BEFORE, 12)
        add_requests(work, QUARTER, 12, seed=1)
        hold(work, 10, reflected="seen")
    first = sent(work_on, unit, Asked(QUARTER))
    # Three more of the same weeks are recorded later, and say otherwise: fewer than a block, so no release tells of them.
    with work_on() as work:
        hold(work, 3, reflected="partly")
    again = sent(work_on, unit, Asked(QUARTER))
    both = sent(work_on, unit, Asked(Period(QUARTER_BEFORE.from_on, QUARTER.to_on)))
    confirmed = sent(work_on, unit, Asked(QUARTER, transitional=True))

    def opening(report_id: uuid.UUID) -> str:
        with work_on(write=False) as work:
            document = frozen_edition(work, get_report(work, report_id), Edition.RESTRICTED)
        if "approach" not in keys(document):
            return "nothing"
        assert "is that of 10 sessions, in whole groups of at least ten" in told(document)
        return table(document, "approach")["Opening: what this space is for"][1]

    assert [opening(one) for one in (first, again, both)] == ["all or all but one (n = 10)"] * 3
    assert opening(confirmed) == "nothing"
    assert (
        table(draft(work_on), "approach")["Opening: what this space is for"][1]
        == "more than three quarters (n = 13)"
    )
    with work_on(write=False) as work:
        kinds = work.session.execute(
            select(LedgerBlock.kind, LedgerBlock.requests).where(LedgerBlock.kind.in_(sorted(OF_SESSIONS)))
        ).all()
    assert kinds == [(BlockKind.SESSIONS, 10)]


@SQLITE
def test_what_waits_for_its_block_is_hidden_and_not_told_as_never_recorded(work_on: WorkOn) -> None:
    unit = person(work_on, Role.COORDINATOR)
    with work_on() as work:
        add_requests(work, QUARTER, 12)
        hold(work, 9, reflected="seen")
        sessions = [add_held_session(work, starts_at=JULY) for _ in range(10)]
        # Fifty answers tell what participants saw; nobody says what observers saw.
        for session in sessions[:10]:
            add_pool(work, [session], opened_on=AUGUST.date())
        for session in sessions:
            session.request.transitional_confirmed = True
        join_pools(work)
    report_id = sent(work_on, unit, Asked(QUARTER))

    with work_on(write=False) as work:
        named, public = (
            frozen_edition(work, get_report(work, report_id), one)
            for one in (Edition.RESTRICTED, Edition.PUBLIC)
        )

    for document in (named, public):
        # Nine sessions are no block; the ten confirmed ones make one, and no facilitator reflected on these.
        assert "is that of 10 sessions" in told(document)
        shown = table(document, "approach")
        assert shown["Opening: what this space is for"] == [":", "c", ":"]
        assert shown["Containment: people felt held"][1:] == [":", ":"]
        assert shown["Containment: people felt held"][0].endswith("(n = 50)")


@SQLITE
def test_recommendations_of_audits_are_told_to_named_readers_and_counted_for_everybody(
    work_on: WorkOn,
) -> None:
    with work_on() as work:
        session = add_held_session(work, starts_at=JULY)
        audit = PracticeAudit(
            key_id=work.vault.new_key(),
            method=AuditMethod.PURPOSIVE,
            held_from=date(2026, 1, 1),
            held_to=date(2026, 7, 31),
            drawn_at=AUGUST,
        )
        audit.cases = [AuditedSession(key_id=session.key_id, session_id=session.id, position=0)]
        line = AuditRecommendation(
            key_id=audit.key_id,
            number=1,
            group=PlanGroup.SECTOR,
            area=PlanArea.WORKFORCE,
            state=PlanState.DONE,
        )
        audit.recommendations = [line]
        work.session.add(audit)
        work.session.flush()
        work.vault.seal(line, "text", Recommendation("Invite adult services from 16 on."))
    named, public = draft(work_on, Edition.RESTRICTED), draft(work_on, Edition.PUBLIC)

    assert table(named, "audits") == {
        "Audits begun": ["1"],
        "Sessions in their samples": ["1"],
        "Returns of agencies, of those asked for": [":"],
        "Recommendations": ["1"],
    }
    assert table(named, "audit-recommendations") == {
        "Invite adult services from 16 on.": ["A sector", "Workforce development", "Done"]
    }
    assert table(public, "audit-recommendations")["Done"] == ["1"]
    assert "Invite adult services from 16 on." not in str(public)


@SQLITE
def test_a_report_quotes_what_was_chosen_as_long_as_it_may_be_quoted(work_on: WorkOn) -> None:
    with work_on() as work:
        add_requests(work, QUARTER, 12)
        ids = [
            add_comment(work, text, held_at=JULY + timedelta(days=n))
            for n, text in enumerate(
                ("We slowed down.", "Not for quoting.", "Later held back.", "Not chosen.")
            )
        ]
        join_pools(work)
        # Answers of June are told of in another report, and one of July waits until it is ten with others.
        others = [add_comment(work, text, held_at=JULY - timedelta(days=20)) for text in ("In June.", "Too.")]
        join_pools(work)
        others.append(add_comment(work, "Still waiting.", held_at=JULY))
        work.session.get_one(Comment, ids[1]).may_quote = False
        session = add_held_session(work, starts_at=JULY, locality="Breckland")
        account = RequesterAccount(key_id=session.key_id, request_id=session.request_id, told_at=work.now)
        work.session.add(account)
        work.session.flush()
        work.vault.seal(account, "account", WhatFollowed("They came to the next meeting.", "They rang me."))
        offered = {one.text for one in quotable_comments(work, Asked(QUARTER))}
        # A report of one locality has no section in which they could stand.
        of_one = Asked(QUARTER, locality="Breckland")
        told_later = [len(accounts_to_quote(work, asked)) for asked in (Asked(QUARTER), of_one)]
        chosen = Words(quotes=tuple(map(str, (*ids[:3], *others))), accounts=(str(session.request_id),))
    unit = person(work_on, Role.COORDINATOR)
    with work_on(unit) as work:
        report_id = begin_report(work, Asked(QUARTER)).id
    with work_on(unit) as work:
        write_words(work, report_id, chosen, version=1)
    with work_on() as work:
        work.session.get_one(Comment, ids[2]).state = CommentState.WITHHELD
    with work_on(unit, write=False) as work:
        inside = draft_of_report(work, get_report(work, report_id))
    with work_on(unit) as work:
        report = send_for_review(work, report_id, version=get_report(work, report_id).version)
        named, public = (frozen_edition(work, report, one) for one in (Edition.RESTRICTED, Edition.PUBLIC))

    own, comment = (
        ("They came to the next meeting.\nThey rang me.", "A requester’s account"),
        ("We slowed down.", "Somebody who took part"),
    )
    assert told_later == [1, 0]
    assert offered == {"We slowed down.", "Later held back.", "Not chosen."}
    assert quoted(inside) == quoted(named) == [own, comment]
    assert quoted(public) == [comment]
    for document in (inside, named, public):
        assert "For 1 of 6 sessions held in this period they gave an account." in told(document)


@SQLITE
def test_a_report_quotes_twelve_at_most(work_on: WorkOn) -> None:
    unit = person(work_on, Role.COORDINATOR)
    with work_on() as work:
        ids = [str(add_comment(work, f"Comment {n}")) for n in range(13)]
    with work_on(unit) as work:
        report_id = begin_report(work, Asked(SUMMER)).id
    with pytest.raises(Invalid) as refused, work_on(unit) as work:
        write_words(work, report_id, Words(quotes=tuple(ids)), version=1)
    assert refused.value.field == "quotes"
