"""The evidence pack: one person makes it after a second step, it is recorded, names nobody, and its sample can be drawn again."""

import io
import json
import uuid
import zipfile
from datetime import UTC, date, datetime, timedelta

import pikepdf
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from conftest import WorkOn
from factories.held_sessions import add_held_session, add_request
from factories.pages import errors, heading, sign_in, submit
from factories.released_reports import person
from jags.accounts.rules import Role
from jags.audit.model import AuditEvent
from jags.evaluation.queries.pack import pack
from jags.evaluation.render.pack import pack_document
from jags.evaluation.rules import Period
from jags.evaluation.rules.canonical import from_json
from jags.evaluation.rules.document import Document, Edition, Paragraph, blocks_of, tables_of
from jags.evaluation.rules.pack import TIMELINES, drawn
from jags.evaluation.service import make_pack
from jags.kernel.errors import NotAllowed
from jags.kernel.work import Work
from jags.requests.model import Request, RequestMove
from jags.requests.rules import Source, State, Verb
from jags.settings.service import change_setting

SQLITE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
SUMMER = Period(date(2026, 7, 1), date(2026, 8, 31))
JULY = datetime(2026, 7, 6, 10, 0, tzinfo=UTC)


def move(work: Work, request: Request, verb: Verb, days: int) -> None:
    work.session.add(
        RequestMove(
            key_id=request.key_id,
            request_id=request.id,
            number=len(request.moves) + days,
            verb=verb,
            left=State.IN_TRIAGE,
            reached=State.ACCEPTED,
            at=JULY + timedelta(days=days),
            actor_ref="system:test",
        )
    )


def timelines(document: Document) -> list[tuple[str, str]]:
    found = next(one for one in tables_of(document) if one.key == "timelines-table")
    return [(row.title, row.cells[0].shown) for row in found.rows]


def told(document: Document) -> str:
    return " ".join(block.text for block in blocks_of(document) if isinstance(block, Paragraph))


def test_timelines_tell_days_since_a_request_was_received_and_nothing_to_know_it_by(work_on: WorkOn) -> None:
    with work_on() as work:
        session = add_held_session(
            work, starts_at=JULY + timedelta(days=20), received_at=JULY, reference="JAGS-2026-0042"
        )
        for verb, days in (
            (Verb.CONFIRM, 0),
            (Verb.ACCEPT, 3),
            (Verb.AGREE_FACILITATORS, 9),
            (Verb.CLOSE, 80),
        ):
            move(work, session.request, verb, days)
        add_request(work, received_at=JULY, source=Source.IMPORT, state=State.CLOSED)
        change_setting(work, "procedure", "3.16 of November 2024")
    with work_on(write=False) as work:
        document = pack_document(pack(work, SUMMER, 7))

    assert timelines(document) == [
        (
            "Timeline 1",
            "Day 0: received · Day 3: accepted · Day 9: two facilitators agreed · Day 20: held · Day 80: closed",
        )
    ]
    assert "1 request was received here in this period; these are the timelines of all of them" in told(
        document
    )
    assert "JAGS are held by the procedure 3.16 of November 2024." in told(document)
    assert "JAGS-2026-0042" not in str(document)
    assert (document.edition, document.standing) == (
        Edition.RESTRICTED,
        "Made on 24 November 2026 for an inspection; not a release",
    )


def test_a_sample_has_ten_and_the_same_number_draws_it_again() -> None:
    ids = [uuid.UUID(int=n) for n in range(30)]

    first = drawn(ids, 20260113)

    assert (len(set(first)), set(first) <= set(ids)) == (TIMELINES, True)
    assert drawn(list(reversed(ids)), 20260113) == first
    assert drawn(ids, 20260114) != first
    assert sorted(drawn(ids[:3], 1)) == ids[:3]


@SQLITE
def test_settings_and_releases_of_the_period_are_told_as_what_changed(work_on: WorkOn) -> None:
    with work_on() as work:
        change_setting(work, "held_days", 25)
    with work_on(write=False) as work:
        now, before = (
            pack_document(pack(work, one, 1))
            for one in (Period(date(2026, 11, 24), date(2026, 11, 24)), SUMMER)
        )

    changes = next(one for one in tables_of(now) if one.key == "changes-table")
    assert [(row.title, row.cells[0].shown) for row in changes.rows] == [
        ("24 November 2026", "The setting “held days” was changed, the last time on this day")
    ]
    assert "No setting was changed and no report was released in this period." in told(before)


@SQLITE
def test_the_pack_is_made_on_a_page_and_that_it_was_is_recorded(work_on: WorkOn, client: FlaskClient) -> None:
    with work_on() as work:
        add_held_session(work, starts_at=JULY)
    sign_in(client, work_on, Role.COORDINATOR, name="Wren Young")
    page = "/evaluation/evidence"
    assert heading(client.get(page)) == "Evidence for an inspection"
    asked = {"from_on": "2026-06-01", "to_on": "2026-08-31", "kind": "pdf", "seed": "7"}

    made = submit(client, page, **asked)

    assert made.content_type == "application/pdf"
    assert (
        made.headers["Content-Disposition"]
        == 'attachment; filename="jags-evidence-2026-06-01-2026-08-31.pdf"'
    )
    assert made.headers["Cache-Control"] == "no-store"
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        assert pdf.docinfo["/Title"] == "Evidence for an inspection"
    with work_on(write=False) as work:
        payload = work.session.scalars(
            select(AuditEvent.payload).where(AuditEvent.tag == "report:pack_made")
        ).one()
    assert json.loads(payload) == {
        "format": "pdf",
        "from_on": "2026-06-01",
        "seed": 7,
        "to_on": "2026-08-31",
    }
    reversed_dates = submit(client, page, **{**asked, "to_on": "2026-05-01"})
    assert errors(reversed_dates) == ["The last day of the period is before its first day."]


@SQLITE
def test_an_archive_holds_the_pack_in_every_format_with_whose_copy_it_is(work_on: WorkOn) -> None:
    with work_on() as work:
        add_held_session(work, starts_at=JULY)
    with work_on(person(work_on, Role.ADMINISTRATOR, "Wren Young")) as work:
        written = make_pack(work, SUMMER, seed=7, archive=True)

    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        names = archive.namelist()
        page = archive.read("jags-evidence.html").decode()
        document = from_json(archive.read("jags-evidence.json").decode())
    assert names == [f"jags-evidence.{kind}" for kind in ("html", "pdf", "docx", "xlsx", "csv", "json")]
    assert "For Wren Young, Tuesday 24 November 2026, 10am" in page
    assert "Made on 24 November 2026 for an inspection; not a release" in page
    assert document.title == "Evidence for an inspection"


@SQLITE
def test_who_writes_no_reports_makes_no_pack(work_on: WorkOn, client: FlaskClient) -> None:
    scrutineer = person(work_on, Role.SCRUTINEER)
    with pytest.raises(NotAllowed), work_on(scrutineer) as work:
        make_pack(work, SUMMER)
    sign_in(client, work_on, Role.EVALUATION_READER)
    assert client.get("/evaluation/evidence").status_code == 403
