"""Back-entry in a browser: the list with its gaps, one session, a spreadsheet, and who may."""

import io
import re
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import event, func, select

from factories.held_before import HELD_ON, entered, session_row
from factories.import_files import import_pool
from factories.pages import errors, heading, sign_in, token
from factories.people import agency
from jags.accounts.model import Account, Recusal
from jags.accounts.rules import Role
from jags.audit.model import AuditEvent
from jags.extensions import db
from jags.facilitators.model import Facilitator
from jags.importing.readers.bounds import PAGE
from jags.importing.rules.form import NamedAgency
from jags.importing.rules.held import HeldEntry, SessionColumn
from jags.notifications.model import OutboxMessage
from jags.requests.model import Request
from jags.requests.rules import AgeBand, AskedBy, Question, State, TransitionalFeature
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import ApologyReason, Attendance, Named, SessionFormat

LIST = "/sessions/back-entry"
NEW = "/sessions/back-entry/new"
UPLOAD = "/sessions/back-entry/upload"
DAY = {"held_on": ["17", "3", "2026"]}


def text(response):
    body = re.sub(r"<head>.*?</head>", "", response.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def send(client, path, page=None, **fields):
    shown = page or client.get(path)
    found = re.search(r'name="version"[^>]*?value="(\d+)"', shown.get_data(as_text=True))
    return client.post(
        path, data={"csrf_token": token(shown), "version": found[1] if found else "", **fields}
    )


def upload(client, content, *, name="sessions.xlsx", go="import"):
    fields = {"csrf_token": token(client.get(LIST)), "go": go}
    parts = [f'--y\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
    head = f'--y\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    # Written by hand: the test client would leave a temporary file open for a large one.
    body = "".join([*parts, head]).encode() + content + b"\r\n--y--\r\n"
    return client.post(UPLOAD, data=body, content_type="multipart/form-data; boundary=y")


def spreadsheet(*rows):
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(SessionColumn))
    for row in rows:
        sheet.append([row.get(column) for column in SessionColumn])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def only_session(work):
    return work.session.scalars(select(JagsSession)).one()


def count(work, kind):
    return work.session.scalar(select(func.count()).select_from(kind))


def test_a_day_alone_is_a_session_and_everything_else_a_gap(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    assert "No session is here yet." in text(client.get(LIST))
    with work_on() as work:
        mails = count(work, OutboxMessage)

    answer = send(client, NEW, **DAY)

    assert (answer.status_code, answer.location) == (303, LIST)
    page = text(client.get(LIST))
    assert "JAGS-2026-0001 is saved. Nobody was written to." in page
    assert (
        "17 March 2026 Not recorded when the request was received, which agency asked, the locality" in page
    )
    with work_on() as work:
        session = only_session(work)
        assert (session.request.state, session.request.received_on) == (State.CLOSED, None)
        assert (session.attendance, session.format, session.minutes_known) == ([], None, False)
        assert count(work, OutboxMessage) == mails


def test_everything_that_is_known_is_kept(client, work_on):
    with work_on() as work:
        import_pool(work)
        person_id = str(
            work.session.scalars(select(Facilitator.person_id).order_by(Facilitator.person_id)).first()
        )
    sign_in(client, work_on, Role.COORDINATOR)

    send(
        client,
        NEW,
        **DAY,
        number="jags 007",
        received_on=["2", "3", "2026"],
        agency="police",
        asked_by="email",
        locality="East",
        age_bands=["14-15", "16-17"],
        transitional="yes",
        features=["care_leaver"],
        first=person_id,
        second_name="Robin Outside",
        **{
            "agencies-0-name": "Police",
            "agencies-0-attendance": "present",
            "agencies-1-name": "The Lighthouse",
            "agencies-1-attendance": "apologies",
            "agencies-1-reason": "invited_late",
            "agencies-2-name": "Housing Trust",
        },
        format="online",
        minutes="95",
    )

    with work_on() as work:
        session = only_session(work)
        request = session.request
        assert (request.tracker_number, request.received_on) == ("JAGS 007", date(2026, 3, 2))
        assert (request.agency.key, request.asked_by, request.locality) == ("pol", AskedBy.EMAIL, "East")
        assert request.age_bands == {AgeBand.FOURTEEN_FIFTEEN, AgeBand.SIXTEEN_SEVENTEEN}
        assert request.transitional_confirmed is True
        assert request.chosen(Question.TRANSITIONAL_FEATURE) == {TransitionalFeature.CARE_LEAVER}
        assert [str(one.person_id) for one in session.facilitators] == [person_id]
        assert work.vault.open(session, "named", Named).names == ("Robin Outside",)
        assert (session.format, session.minutes, session.minutes_known) == (SessionFormat.ONLINE, 95, True)
        assert [(a.agency_typed, a.attendance, a.apology_reason) for a in session.attendance] == [
            ("", Attendance.PRESENT, None),
            ("The Lighthouse", Attendance.APOLOGIES, ApologyReason.INVITED_LATE),
            ("Housing Trust", Attendance.NOT_RECORDED, None),
        ]
    assert "Not recorded whether every agency" not in text(client.get(LIST))
    assert "whether every agency that was invited came" in text(client.get(LIST))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"held_on": ["", "", ""]}, "Enter the day on which it was held."),
        ({"held_on": ["31", "2", "2026"]}, "Enter a real date, such as 27 3 2027."),
        (
            {"held_on": ["25", "11", "2026"]},
            "25 November 2026 is still to come: arrange this session instead.",
        ),
        ({"received_on": ["18", "3", "2026"]}, "Enter a date on or before the day of the session."),
        ({"received_on": ["", "3", ""]}, "Enter a real date, such as 27 3 2027."),
        ({"minutes": "5"}, "Enter how long it lasted, between 15 and 480 minutes."),
        ({"minutes": "long"}, "Enter the length in minutes, as a whole number."),
        ({"locality": "Atlantis"}, "Not a valid choice."),
        ({"features": ["care_leaver"]}, "Select “Yes” where you say what features, or clear it."),
        ({"agencies-0-attendance": "present"}, "Enter the agency, or clear the row."),
        ({"agencies-0-name": "A School", "agencies-1-name": "a  school"}, "Name each agency once."),
        ({"first_name": "Robin", "second_name": "Robin"}, "Name each facilitator once."),
        ({"agency": "x" * 201}, "Shorten the name of the agency to 200 characters or fewer."),
        (
            {"number": "a\x00b"},
            "Remove the hidden control characters: type this text again, or paste it as plain text.",
        ),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(client, work_on, fields, message):
    sign_in(client, work_on, Role.COORDINATOR)

    answer = send(client, NEW, **{**DAY, "second_name": "Robin Outside", **fields})

    assert (answer.status_code, errors(answer)) == (200, [message])
    assert 'value="Robin' in answer.get_data(as_text=True)
    with work_on() as work:
        assert count(work, Request) == 0


def test_the_same_session_twice_is_one_and_the_page_leads_to_it(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    page = client.get(NEW)
    send(client, NEW, page, **DAY, agency="A School")
    again = send(client, NEW, page, **DAY, agency="a school")
    other = send(client, NEW, page, **DAY, agency="A School", number="two")

    assert errors(again) == [
        "This session stands here already as JAGS-2026-0001. If yours is another one, give both a number."
    ]
    assert "Complete JAGS-2026-0001 instead" in text(again)
    with work_on() as work:
        found = work.session.scalars(select(Request.tracker_number).order_by(Request.reference)).all()
        assert (other.status_code, found) == (200, [None])


def test_completing_shows_what_is_known_and_refuses_an_older_page(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        agency(work)
        session_id = entered(work, agency=NamedAgency(None, "A School"), minutes=90).id
    path = f"{LIST}/{session_id}"
    older = client.get(path)
    assert heading(older) == "Complete a session held before"
    assert "Not recorded yet: when the request was received, the locality" in text(older)

    saved = send(
        client,
        path,
        older,
        **DAY,
        agency="A School",
        minutes="90",
        go="more",
        **{"agencies-0-name": "Police", "agencies-0-attendance": "present"},
    )
    stale = send(client, path, older, **DAY, agency="Another School")

    assert (saved.status_code, saved.location) == (303, f"{path}#agencies")
    assert stale.status_code == 409
    assert "Another School" in text(stale)
    with work_on() as work:
        session = only_session(work)
        assert (session.request.agency_typed, session.minutes) == ("A School", 90)
        assert [(a.agency.key, a.attendance) for a in session.attendance] == [("police", Attendance.PRESENT)]
    assert 'value="Police"' in client.get(path).get_data(as_text=True)


def test_a_spreadsheet_is_checked_then_imported_and_each_row_told(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    content = spreadsheet(
        session_row(AGENCY="A School", MINUTES=2), session_row(HELD="soon"), session_row(HELD="3.4.26")
    )

    checked = upload(client, content, go="check")
    with work_on() as work:
        assert (count(work, Request), count(work, AuditEvent) > 0) == (0, True)
    done = upload(client, content)

    assert (heading(checked), heading(done)) == ("What would be imported", "What was imported")
    assert "Nothing was written" in text(checked)
    for page in (checked, done):
        assert re.search(r"2 new 0 here already, filled in or different .* 1 rejected", text(page))
        assert "2 Length in minutes “2” is not a number of minutes from 15 to 480: left open." in text(page)
        assert "3 Date held “soon” is not a date: left open. 3 Date held Rejected: there is no date" in text(
            page
        )
        assert "4 Not recorded of JAGS-2026-0002: when the request was received, which agency asked," in text(
            page
        )
    with work_on() as work:
        assert count(work, Request) == 2
    assert re.search(
        r"0 new 0 here already, filled in or different 2 here already, the same",
        text(upload(client, content)),
    )


@pytest.mark.parametrize(
    ("name", "content", "status", "message"),
    [
        ("a.pdf", b"%PDF-1.7", 415, "a.pdf: this is not a spreadsheet: it is a PDF document."),
        ("a.xlsx", b"%PDF-1.7", 415, "a.xlsx: this is not a spreadsheet: it is a PDF document."),
        (
            "a.exe",
            b"MZ\x90\x00\x03\xff\xfe",
            415,
            "a.exe: this is not text; save it as “CSV UTF-8” or as .xlsx.",
        ),
        ("../../a.csv", b"", 400, "a.csv: there is nothing in it."),
        ("a.csv", b"Colour\nred\n", 400, "a.csv, row 1: there is no column “Date held”."),
        (
            "a.csv",
            b"Date held\n" + b"1 May 2026\n" * 2_001,
            413,
            "a.csv, row 2002: there are more than 2000 rows; import it in parts.",
        ),
        ("a.csv", b"x" * (PAGE.file_bytes + 1), 413, "a.csv: this is larger than 1 MB."),
    ],
)
def test_a_file_of_another_kind_is_refused_at_its_field(client, work_on, name, content, status, message):
    sign_in(client, work_on, Role.COORDINATOR)
    answer = upload(client, content, name=name)
    assert (answer.status_code, errors(answer)) == (status, [message])
    with work_on() as work:
        assert count(work, Request) == 0


def test_no_file_and_a_body_without_end_are_refused(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    none = client.post(UPLOAD, data={"csrf_token": token(client.get(LIST)), "file": "a text"})
    huge = client.post(UPLOAD, data=b"x" * 2_000_000, content_type="multipart/form-data; boundary=y")
    assert (none.status_code, errors(none)) == (400, ["Select the spreadsheet."])
    assert (huge.status_code, heading(huge)) == (413, "That was too large to send")


def test_the_template_is_downloaded_and_can_be_filled_in_and_sent(client, work_on):
    with work_on() as work:
        agency(work, key="f", name='=HYPERLINK("http://x")')
    sign_in(client, work_on, Role.COORDINATOR)

    answer = client.get(f"{LIST}/template")

    assert answer.headers["Content-Disposition"] == "attachment; filename=sessions-held.xlsx"
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["Sessions held", "How to fill it in", "Allowed values"]
    assert [cell.value for cell in book["Sessions held"][1]] == list(SessionColumn)
    assert {cell.data_type for sheet in book for row in sheet for cell in row if cell.value} == {"s"}
    assert book["Allowed values"]["A2"].value == '=HYPERLINK("http://x")'
    lists = {rule.formula1 for rule in book["Sessions held"].data_validations.dataValidation}
    assert "'Allowed values'!$A$2:$A$2" in lists
    book["Sessions held"]["C2"] = "17 March 2026"
    written = io.BytesIO()
    book.save(written)
    done = upload(client, written.getvalue())
    assert re.search(r"1 new .* 0 rejected Not recorded yet \(1\)", text(done))


def test_the_list_costs_the_same_for_one_session_and_thirty(app, client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    counted = []
    for number in range(30):
        with work_on() as work:
            entered(work, number=f"N{number}", agency=NamedAgency(None, f"School {number}"))
        if number in {0, 29}:
            statements = []
            with app.app_context():
                engine = db.engine

            def note(_c, _cursor, statement, *_rest, into=statements):
                into.append(statement)

            event.listen(engine, "before_cursor_execute", note)
            page = client.get(LIST)
            event.remove(engine, "before_cursor_execute", note)
            assert f"Entered so far ({number + 1})" in text(page)
            counted.append(len([s for s in statements if s.lstrip().upper().startswith("SELECT")]))
    assert counted[0] == counted[1] <= 8, counted


def test_who_is_involved_in_a_case_neither_finds_nor_changes_it(client, work_on):
    account_id = sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        session = entered(work, agency=NamedAgency(None, "Quiet School"))
        session_id = session.id
        person_id = work.session.get_one(Account, account_id).person_id
        work.session.add(Recusal(person_id=person_id, request_id=session.request_id, since=work.now))
    assert "Quiet School" not in text(client.get(LIST))
    assert client.get(f"{LIST}/{session_id}").status_code == 404


def test_the_session_page_tells_what_is_known_and_leads_on(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        entry = HeldEntry(held_on=HELD_ON)
        session_id = entered(work, held_on=entry.held_on).id
    page = client.get(f"/sessions/{session_id}")
    assert "Length Not given" in text(page)
    assert f'href="{LIST}/{session_id}"' in page.get_data(as_text=True)
