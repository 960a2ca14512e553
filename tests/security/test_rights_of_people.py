"""A promise of privacy: people find out what is held about them, complaints keep it, and a concern about a facilitator shows no reason."""

import csv
import io
from datetime import timedelta

from sqlalchemy import select

from factories import pages
from factories.erasing import ended_request, two_people
from factories.pool import facilitator, signs_in
from factories.requests import in_triage
from jags.accounts.model import Account
from jags.accounts.rules import Role
from jags.accounts.service import start_session
from jags.audit.model import AuditEvent
from jags.audit.queries import subjects_of_tag
from jags.facilitators.model import Facilitator
from jags.facilitators.rules import FacilitatorStatus
from jags.retention import queries as retention
from jags.retention.rules import RecordKind
from jags.retention.service import erase
from jags.rights.model import Complaint, FacilitatorConcern
from jags.rights.queries import text_of

FACTS = {"who": "Mo Hart", "reach": "01632 960 077", "what": "Nobody rang back."}


def complain(client, work_on, **fields):
    """Take a complaint in as a coordinator who answers it; return its page's address."""
    account_id = pages.sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        owner = str(work.session.get_one(Account, account_id).person_id)
    when = {"received_on": ["20", "11", "2026"]}
    answer = pages.submit(client, "/records/complaints/new", **{**when, **FACTS, "owner": owner, **fields})
    assert answer.status_code == 303, pages.errors(answer)
    return answer.location, owner


def test_what_is_held_is_found_without_a_name_and_third_parties_are_marked(client, work_on):
    with work_on() as work:
        mine = in_triage(work)
        mine_id, reference = mine.id, mine.reference
    pages.sign_in(client, work_on, Role.COORDINATOR)
    assert "We hold no name of a child" in pages.text_of(client.get("/records/find"))
    nothing = pages.submit(client, "/records/find")
    assert pages.errors(nothing) == ["Enter a reference, initials or an agency."]
    for sought in (
        {"reference": reference.lower()},
        {"initials": "kestrel."},
        {"agency": "a school"},
        {"agency": "An Unknown Charity", "initials": "Kestrel"},
        {"initials": "Kestrel", "from_on": ["24", "11", "2026"], "to_on": ["24", "11", "2026"]},
    ):
        assert reference in pages.submit(client, "/records/find", **sought).text, sought
    for sought in (
        {"initials": "Kes"},
        {"initials": "Kestrel", "from_on": ["25", "11", "2026"]},
        {"agency": "Nobody’s Charity"},
    ):
        assert reference not in pages.submit(client, "/records/find", **sought).text, sought
    token = pages.token(client.get("/records/find"))
    sheet = client.post(f"/records/find/{mine_id}", data={"csrf_token": token, "as": "csv"})
    rows = list(csv.reader(io.StringIO(sheet.get_data(as_text=True).lstrip("\ufeff"))))
    about = {row[2]: row[3] for row in rows[1:]}
    assert about["Kestrel"] == "The child, young person or family"
    assert about["Asha Bell"] == "Third party: a practitioner"
    assert {row[3] for row in rows[1:] if "Mo Hart" in row[2]} == {"Third party: a practitioner"}
    printed = client.post(f"/records/find/{mine_id}", data={"csrf_token": token})
    assert "Kestrel" in printed.text
    with work_on(write=False) as work:
        events = work.session.scalars(select(AuditEvent).where(AuditEvent.tag.startswith("rights:"))).all()
        assert [e.subject_ref for e in events].count(str(mine_id)) == 2
        assert "kestrel" not in repr([(e.payload, e.subject_ref) for e in events]).lower()


def test_one_person_puts_together_ten_in_a_day_so_that_many_cases_do_not_leave_one_by_one(
    app, client, work_on, clock
):
    with work_on() as work:
        *ten, last = [f"/records/find/{in_triage(work).id}" for _ in range(11)]
    pages.sign_in(client, work_on, Role.COORDINATOR)
    data = {"csrf_token": pages.token(client.get("/records/find")), "as": "csv"}
    assert {client.post(path, data=data).status_code for path in ten} == {200}
    refused = client.post(last, data=data)
    assert refused.status_code == 429
    assert "A colleague can go on, or you tomorrow" in pages.text_of(refused)
    assert "Kestrel" not in refused.text
    # The same one again, on paper, is no other.
    assert client.post(ten[0], data={"csrf_token": data["csrf_token"]}).status_code == 200
    colleague = app.test_client()
    pages.sign_in(colleague, work_on, Role.COORDINATOR)
    data = {"csrf_token": pages.token(colleague.get("/records/find")), "as": "csv"}
    assert colleague.post(last, data=data).status_code == 200
    with work_on(write=False) as work:
        first = work.session.scalars(
            select(AuditEvent.actor_ref).where(AuditEvent.tag == "rights:exported").order_by(AuditEvent.seq)
        ).first()
        now = [
            len(subjects_of_tag(work, "rights:exported", by=first, since=work.now + timedelta(seconds=n)))
            for n in (0, 1)
        ]
    assert now == [10, 0]


def test_only_who_reads_requests_looks_and_whoever_stands_aside_finds_nothing(client, work_on):
    with work_on() as work:
        in_triage(work)
    pages.sign_in(client, work_on, Role.ADMINISTRATOR)
    assert client.get("/records/find").status_code == 403


def test_a_complaint_has_an_owner_and_dates_and_keeps_what_it_is_about(client, work_on):
    with work_on() as work:
        old = ended_request(work)
        old_id, reference = old.id, old.reference
    page, owner = complain(client, work_on, reference=reference)
    shown = pages.text_of(client.get(page))
    # Twenty working days after Friday 20 November.
    assert "Until 18 December 2026" in shown
    with work_on() as work:
        assert retention.is_held(work, RecordKind.REQUEST, old_id)
        assert [one.held for _, one in retention.due(work)] == [True]
        assert b"Nobody rang" not in work.session.scalars(select(Complaint.text_sealed)).one()
    early = pages.submit(
        client, page, owner=owner, outcome="upheld", answer="", version=pages.version(client.get(page))
    )
    assert pages.errors(early) == ["Enter what was answered, in a sentence."]
    closed = pages.submit(
        client,
        page,
        owner=owner,
        outcome="partly",
        answer="We ring back within a day now.",
        acknowledged_on=["23", "11", "2026"],
        version=pages.version(client.get(page)),
    )
    assert closed.status_code == 303, pages.errors(closed)
    assert "We ring back within a day now." in pages.text_of(client.get(page))
    assert "Upheld in part" in pages.text_of(client.get("/records/complaints"))
    with work_on() as work:
        assert not retention.is_held(work, RecordKind.REQUEST, old_id)


def test_whoever_a_complaint_is_about_does_not_see_or_answer_it(client, work_on):
    with work_on() as work:
        person_id = facilitator(work, "Ash Reed")
        account = signs_in(work, person_id, Role.COORDINATOR)
    page, owner = complain(client, work_on, person=str(person_id))
    refused = pages.submit(
        client,
        "/records/complaints/new",
        **FACTS,
        received_on=["20", "11", "2026"],
        person=str(person_id),
        owner=str(person_id),
    )
    assert pages.errors(refused) == ["Choose somebody whom the complaint is not about."]
    with work_on() as work:
        found = work.session.scalars(select(Account).where(Account.person_id == person_id)).one()
        client.set_cookie(pages.SIGNED_IN_COOKIE, start_session(work, found))
        assert retention.is_held(work, RecordKind.PERSON, person_id)
    assert client.get(page).status_code == 404
    assert "Complaints (0)" in pages.text_of(client.get("/records/complaints"))
    assert account is not None
    assert owner


def test_a_concern_pauses_a_facilitator_and_nobody_else_sees_why(client, work_on):
    with work_on() as work:
        person_id = facilitator(work, "Ash Reed")
        signs_in(work, person_id)
    pages.sign_in(client, work_on, Role.COORDINATOR)
    path = f"/facilitators/{person_id}/concern"
    assert pages.errors(pages.submit(client, path)) == ["Enter what the concern is."]
    assert pages.submit(client, path, why="Shouted in a session").status_code == 303
    with work_on() as work:
        assert work.session.get_one(Facilitator, person_id).status is FacilitatorStatus.PAUSED
        assert retention.is_held(work, RecordKind.PERSON, person_id)
        tags = work.session.execute(select(AuditEvent.tag, AuditEvent.subject_ref)).all()
        assert [ref for tag, ref in tags if tag == "facilitator_concern:noted"] != [str(person_id)]
    assert "Shouted" in client.get(path).text
    for address in ("/facilitators", f"/facilitators/{person_id}"):
        shown = client.get(address).text
        assert "Paused by coordinator" in shown
        assert "Shouted" not in shown
    pages.come_in(client, work_on, person_id)
    for address in ("/my-availability", "/my-practice", "/my-offers", "/my-sessions"):
        shown = client.get(address, follow_redirects=True)
        assert "Shouted" not in shown.text
        assert "oncern" not in shown.text.replace("concern that", "").replace("A concern", "")
    assert client.get(path).status_code == 403
    pages.sign_in(client, work_on, Role.ADMINISTRATOR)
    token = pages.token(client.get(path))
    assert client.post(f"{path}/close", data={"csrf_token": token}).status_code == 200
    client.post(f"{path}/close", data={"csrf_token": token, "lift": "yes"})
    with work_on() as work:
        assert work.session.get_one(Facilitator, person_id).status is FacilitatorStatus.ACTIVE


def test_closed_complaints_and_concerns_are_due_and_erased_with_their_key(client, work_on, clock):
    page, owner = complain(client, work_on)
    pages.submit(
        client,
        page,
        owner=owner,
        outcome="withdrawn",
        answer="They took it back.",
        version=pages.version(client.get(page)),
    )
    with work_on() as work:
        person_id = facilitator(work, "Ash Reed")
    pages.submit(client, f"/facilitators/{person_id}/concern", why="Shouted in a session")
    token = pages.token(client.get(f"/facilitators/{person_id}/concern"))
    client.post(f"/facilitators/{person_id}/concern/close", data={"csrf_token": token, "lift": "no"})
    clock.instant += timedelta(days=366 * 6 + 2)
    with work_on() as work:
        two_people(work)
        found = [
            one for _, one in retention.due(work) if one.kind in {RecordKind.COMPLAINT, RecordKind.CONCERN}
        ]
        assert [one.kind for one in found] == [RecordKind.COMPLAINT, RecordKind.CONCERN]
        for one in found:
            erase(work, one.kind, one.subject_id)
        assert text_of(work, work.session.scalars(select(Complaint)).one()).what == ""
        assert work.session.scalars(select(FacilitatorConcern.text_sealed)).all() == [None]


def test_everybody_reads_how_to_complain(client):
    shown = pages.text_of(client.get("/complaints"))
    assert "Within 3 working days" in shown
    assert "Within 20 working days" in shown
    assert 'href="/complaints"' in client.get("/").text
