"""What the scrutineer reads of the samples of multi-agency audits: which sessions, what came back, and nothing written."""

from datetime import UTC, date, datetime

from factories.held_sessions import add_held_session
from factories.pages import queries_of, sign_in, text_of
from factories.people import agency
from factories.sessions import COORDINATOR
from jags.accounts.rules import Role
from jags.quality.rules.auditing import AskedOf, PanelView, PlanArea, PlanGroup, Purposes, Return
from jags.quality.service.auditing import (
    Sample,
    ask_agency,
    choose_sessions,
    moderate,
    recommend,
    take_down_return,
)
from jags.scheduling.model import AgencyAttendance
from jags.scheduling.rules import Attendance

PATH = "/practice-audits/samples"
WRITTEN = "Xanthowords"


def held(work, day, *agencies):
    session = add_held_session(work, starts_at=datetime(2026, 7, day, 10, 0, tzinfo=UTC))
    session.request.reference = f"JAGS-2026-{day:03}"
    session.attendance = [
        AgencyAttendance(position=n, agency_id=one.id, attendance=Attendance.PRESENT)
        for n, one in enumerate(agencies)
    ]
    work.session.flush()
    return session.id


def audited(work, *session_ids, agencies):
    """Choose sessions, ask agencies, take down what the first one says, and let the panel speak; all texts are marked."""
    sample = Sample(date(2026, 7, 1), date(2026, 7, 31), Purposes(question=WRITTEN, why_these=WRITTEN))
    audit = choose_sessions(work, sample, session_ids)
    for case in audit.cases:
        rows = [
            ask_agency(work, case.id, agency_id=one.id, of=AskedOf(WRITTEN, "pat@example.org"))
            for one in agencies
        ]
        work.session.flush()
        take_down_return(work, case.id, rows[0].id, Return(worked=WRITTEN), version=rows[0].version)
        moderate(work, case.id, PanelView(worked=WRITTEN, learning=WRITTEN), version=case.version)
    recommend(work, audit.id, text=WRITTEN, group=PlanGroup.SECTOR, area=PlanArea.TOOLS)
    work.session.flush()


def test_the_scrutineer_sees_which_sessions_and_what_came_back_without_what_was_written(
    client, app, work_on
) -> None:
    sign_in(client, work_on, Role.SCRUTINEER)
    assert "No sample yet." in text_of(client.get(PATH))
    assert 'href="/practice-audits/samples"' in client.get("/evaluation").text
    with work_on(COORDINATOR) as work:
        both = [agency(work), agency(work, "hospital", "Hospital")]
        audited(work, held(work, 1, *both), agencies=both)
    page = client.get(PATH)
    shown = text_of(page)
    assert (
        "Sessions held from 1 July 2026 to 31 July 2026, chosen for a reason. Still open, with 1 recommendation."
        in shown
    )
    assert (
        "JAGS-2026-001 1 July 2026 Hospital, not returned yet Police, returned on 24 November 2026" in shown
    )
    assert WRITTEN not in page.text
    few = queries_of(client, app, PATH)
    with work_on(COORDINATOR) as work:
        three = [agency(work, f"more{n}", f"More {n}") for n in range(3)]
        audited(work, *(held(work, day, *three) for day in range(2, 12)), agencies=three)
    assert queries_of(client, app, PATH) == few <= 8
    assert text_of(client.get(PATH)).count("JAGS-2026-") == 11
