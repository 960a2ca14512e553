"""A multi-agency audit from page to page, and what a spreadsheet is given."""

from datetime import UTC, datetime

from factories.held_sessions import add_held_session
from factories.pages import errors, follow, sign_in, submit, text_of, version
from factories.people import agency, link
from jags.accounts.rules import Purpose, Role
from jags.quality.model import AgencyReturn, AuditedSession
from jags.scheduling.model import AgencyAttendance
from jags.scheduling.rules import Attendance

PERIOD = {"held_from": ["1", "7", "2026"], "held_to": ["31", "7", "2026"], "question": "Who was missing?"}


def test_an_audit_goes_its_way_from_page_to_page(client, work_on):
    with work_on() as work:
        police = agency(work).id
        session = add_held_session(work, starts_at=datetime(2026, 7, 1, 10, 0, tzinfo=UTC))
        session.request.reference = "JAGS-2026-001"
        session.attendance = [AgencyAttendance(position=0, agency_id=police, attendance=Attendance.PRESENT)]
        session_id = str(session.id)
    sign_in(client, work_on, Role.COORDINATOR)
    assert "No audit yet." in text_of(client.get("/practice-audits"))
    chosen = {**PERIOD, "why_these": "Housing was there"}
    page = submit(client, "/practice-audits/choose", go="look", **chosen)
    assert (errors(page), "JAGS-2026-001, 1 July 2026" in text_of(page)) == ([], True)
    assert errors(submit(client, "/practice-audits/choose", **chosen)) == [
        "Tick 1 to 50 sessions of this list."
    ]
    audit = submit(client, "/practice-audits/choose", chosen=session_id, **chosen).location
    with work_on() as work:
        case_id = work.session.query(AuditedSession).one().id
    case = f"/practice-audits/sessions/{case_id}"
    asked = {"agency": str(police), "name": "Pat Quinn"}
    assert len(errors(submit(client, f"{case}/ask", email="pat", **asked))) == 1
    submit(client, f"{case}/ask", email="pat@example.org", **asked)
    with work_on() as work:
        _, secret = link(work, Purpose.AUDIT_RETURN, work.session.query(AgencyReturn).one().id)

    by_link = client.application.test_client()
    own = follow(by_link, secret)
    assert errors(submit(by_link, own)) == ["Write what your agency found, in one of the questions at least."]
    submit(by_link, own, worked="The <pauses>")
    assert "You returned this on 24 November 2026. You can still change it." in text_of(by_link.get(own))

    page = client.get(case)
    assert "The &lt;pauses&gt;" in page.get_data(as_text=True)
    assert "Your grade" not in text_of(page)
    submit(client, case, version=version(page), worked="All agree")
    new = f"{audit}/recommendations/new"
    submit(client, new, text="=HYPERLINK(1)", group="sector", area="tools")
    first = f"{audit}/recommendations/1"
    sent = {"version": version(client.get(first)), "state": "accepted"}
    assert errors(submit(client, first, **sent)) == [
        "Enter its reference, so that it can be found in the plan."
    ]
    submit(client, first, reference="CAP 17", **sent)
    rows = client.get(f"{audit}/recommendations.csv").get_data(as_text=True).splitlines()
    assert rows[1] == "1,'=HYPERLINK(1),A sector,Tools and resources,CAP 17,Accepted,2026-11-24"
    shown = text_of(client.get(audit))
    assert "JAGS-2026-001 1 July 2026 1 of 1 24 November 2026" in shown
    submit(client, f"{audit}/close", version=version(client.get(f"{audit}/close")))
    assert "This audit is closed. Thank you for your return of 24 November 2026." in text_of(by_link.get(own))


def test_a_sample_is_drawn_at_random(client, work_on):
    with work_on() as work:
        add_held_session(work, starts_at=datetime(2026, 7, 1, 10, 0, tzinfo=UTC))
    sign_in(client, work_on, Role.COORDINATOR)
    assert 'value="10"' in client.get("/practice-audits/draw").get_data(as_text=True)
    assert errors(submit(client, "/practice-audits/draw", size="ten", **PERIOD)) == [
        "Enter a whole number of sessions from 1 to 50."
    ]
    drawn = submit(client, "/practice-audits/draw", size="10", **PERIOD)
    assert "At random, by the number" in text_of(client.get(drawn.location))


def test_a_return_is_written_down_from_the_telephone(client, work_on):
    with work_on() as work:
        police = agency(work).id
        session = add_held_session(work, starts_at=datetime(2026, 7, 1, 10, 0, tzinfo=UTC))
        session.attendance = [AgencyAttendance(position=0, agency_id=police, attendance=Attendance.PRESENT)]
        session_id = str(session.id)
    sign_in(client, work_on, Role.COORDINATOR)
    submit(client, "/practice-audits/choose", chosen=session_id, why_these="Housing was there", **PERIOD)
    with work_on() as work:
        case = f"/practice-audits/sessions/{work.session.query(AuditedSession).one().id}"
    submit(client, f"{case}/ask", agency=str(police), name="Pat Quinn")
    assert "Pat Quinn was asked on 24 November 2026, by telephone, and has not" in text_of(client.get(case))
    with work_on() as work:
        told = f"{case}/returns/{work.session.query(AgencyReturn).one().id}"
    assert errors(submit(client, told)) == ["Write what your agency found, in one of the questions at least."]

    submit(client, told, version=version(client.get(told)), worked="The <pauses>")

    assert "Told by telephone on 24 November 2026; Wren Young wrote it down." in text_of(client.get(case))
    assert "The &lt;pauses&gt;</textarea>" in client.get(told).get_data(as_text=True)
