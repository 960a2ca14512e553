"""Three questions before the form, pages that keep themselves, what can wait until we have spoken, and figures of the year."""

import re
from uuid import UUID

import pytest
from sqlalchemy import select

from factories.pages import errors, follow, heading, sign_in, submit, token, version
from factories.people import agency, link
from factories.requests import draft, envelopes, in_triage
from jags.accounts.rules import AgeRemit, Purpose, Role
from jags.audit.model import AuditEvent
from jags.notifications.rules import MailKind
from jags.requests.model import EqualityYear, NetworkMember, Request
from jags.requests.queries import agencies_of, contact_of, detail_of, members, unfinished
from jags.requests.rules import Gate, Involvement, Part, Question, State, YesNoUnsure
from jags.requests.service import submit_request

NO = {"danger": "no", "disagreement": "no", "tasks": "no"}
YOU = {"name": "Asha Bell", "role": "Teacher", "agency": "A School", "phone": "01632 960 010"}
NHS_NUMBER = "999 000 0018"


def begin(client) -> str:
    """Answer the questions before the form, and return the address of the draft."""
    return submit(client, "/ask", **NO).location.rpartition("/")[0]


def hidden(shown, *, step=0) -> dict[str, str]:
    """Return what a page carries hidden; a script counts in the mark how often it has sent the page."""
    mark = re.search(r'name="page"\s+value="([^"]+)"', shown.text)[1]
    return {
        "csrf_token": token(shown),
        "version": version(shown),
        "page": f"{mark}:{step}" if step else mark,
    }


def autosaved(client, path: str, *, page=None, step=0, **fields):
    """Send what the small script of a page sends while it is being filled."""
    shown = page or client.get(path)
    return client.post(f"{path}/autosave", data={**hidden(shown, step=step), **fields})


def only(work) -> Request:
    return work.session.query(Request).one()


@pytest.fixture
def draft_page(client, work_on):
    """A draft in which everything is answered, opened by its link."""
    with work_on() as work:
        _, secret = link(work, Purpose.REQUEST_DRAFT, draft(work).id)
    return follow(client, secret)


@pytest.fixture
def status_page(client, work_on):
    """The requester's own page of a request that is being considered."""
    with work_on() as work:
        _, secret = link(work, Purpose.REQUEST_STATUS, in_triage(work).id)
    return follow(client, secret)


# Before the form.


def test_each_question_is_asked_and_none_is_preset(client, work_on) -> None:
    assert "checked" not in client.get("/ask").text
    assert errors(submit(client, "/ask")) == [
        "Select yes if somebody is in danger or a child may be being harmed.",
        "Select yes if it is mainly a disagreement.",
        "Select yes if you mainly need tasks and a plan.",
    ]
    with work_on() as work:
        assert work.session.query(Request).count() == 0


def test_a_yes_points_elsewhere_and_asks_why_a_jags_all_the_same(client, work_on) -> None:
    stopped = submit(client, "/ask", **{**NO, "tasks": "yes"})
    assert errors(stopped) == [
        "Read what helps with tasks and a plan, then write why you would like a JAGS all the same."
    ]
    assert "core group" in stopped.text
    gone_on = submit(client, "/ask", **{**NO, "tasks": "yes"}, tasks_why="We go round in circles.")
    assert gone_on.location.endswith("/about-you")
    with work_on() as work:
        assert only(work).chosen(Question.GATE) == {Gate.TASKS}
        assert detail_of(work, only(work)).gate_tasks == "We go round in circles."


def test_a_reason_beside_a_no_is_not_kept(client, work_on) -> None:
    submit(client, "/ask", **NO, tasks_why="Typed and thought better of.")
    with work_on() as work:
        assert only(work).chosen(Question.GATE) == frozenset()
        assert detail_of(work, only(work)).gate_tasks == ""


def test_an_answer_before_the_form_is_never_a_verdict_on_the_requester(client, work_on, status_page) -> None:
    with work_on() as work:
        request = only(work)
        request.choose(Question.GATE, frozenset({Gate.DANGER}))
    assert "Somebody may be in danger" not in client.get(status_page).text


# A page keeps itself.


def test_a_page_that_is_not_finished_is_kept_while_it_is_being_filled(client, work_on) -> None:
    page = begin(client)
    answer = autosaved(client, f"{page}/about-you", name="Asha Bell", phone="")
    assert answer.json == {"said": "Saved at 10am"}
    with work_on() as work:
        assert contact_of(work, only(work)).name == "Asha Bell"
    assert 'value="Asha Bell"' in client.get(f"{page}/about-you").text


def test_what_is_wrong_is_not_kept_and_what_is_right_beside_it_is(client, work_on) -> None:
    page = begin(client)
    assert autosaved(client, f"{page}/about-you", **YOU, email="asha at school").status_code == 200
    with work_on() as work:
        contact = contact_of(work, only(work))
        assert (contact.name, contact.email) == ("Asha Bell", "")


def test_an_identifier_is_stopped_before_anything_saves_it(client, work_on) -> None:
    page = begin(client)
    autosaved(client, f"{page}/why", reasons="stuck", hopes="To think.")
    autosaved(client, f"{page}/why", reasons="drift", hopes=f"Her number is {NHS_NUMBER}.")
    with work_on() as work:
        assert detail_of(work, only(work)).hopes == "To think."
        assert only(work).chosen(Question.REASON) == {"drift"}


def test_the_page_that_kept_itself_can_still_be_sent(client, work_on) -> None:
    path = f"{begin(client)}/why"
    shown = client.get(path)
    for text in ("To", "To think"):
        assert autosaved(client, path, page=shown, hopes=text).status_code == 200
    assert (
        client.post(path, data={**hidden(shown), "reasons": "stuck", "hopes": "To think."}).status_code == 303
    )
    with work_on() as work:
        assert detail_of(work, only(work)).hopes == "To think."


def test_what_was_overtaken_on_its_way_replaces_nothing_that_is_newer(client, work_on) -> None:
    path = f"{begin(client)}/why"
    shown = client.get(path)
    sent = {**hidden(shown, step=2), "reasons": "stuck", "hopes": "The whole sentence."}
    assert client.post(path, data=sent).status_code == 303
    late = autosaved(client, path, page=shown, step=1, hopes="The whole")
    assert late.json == {"said": "Saved at 10am"}
    with work_on() as work:
        assert detail_of(work, only(work)).hopes == "The whole sentence."
    assert autosaved(client, path, page=shown, step=3, hopes="Gone back").status_code == 200
    with work_on() as work:
        assert detail_of(work, only(work)).hopes == "Gone back"


@pytest.mark.parametrize("step", ["x", "-1", "9" * 40, "1:2"])
def test_a_forged_count_is_none(client, work_on, step) -> None:
    path = f"{begin(client)}/why"
    assert autosaved(client, path, step=step, hopes="Kept").status_code == 200
    with work_on() as work:
        assert detail_of(work, only(work)).hopes == "Kept"


def test_a_page_says_which_answer_it_could_not_save(client) -> None:
    page = begin(client)
    answer = autosaved(client, f"{page}/about-you", **YOU, email="asha at school")
    assert answer.json == {"said": "Saved at 10am, but not yet: Your work e-mail address."}


def test_a_row_that_has_no_name_yet_is_kept_and_asked_for_before_it_is_sent(client, work_on) -> None:
    path = f"{begin(client)}/contacts"
    row = {"people-0-role": "Nurse", "people-0-phone": "01632 960 011"}
    assert autosaved(client, path, **row).status_code == 200
    with work_on() as work:
        ((_, contact),) = members(work, only(work))
        assert (contact.name, contact.role, contact.phone) == ("", "Nurse", "01632 960 011")
    assert 'value="01632 960 011"' in client.get(path).text
    assert errors(submit(client, path, **row)) == ["Enter a name for this person, or clear the row."]


def test_no_locality_is_not_somewhere_else(client, work_on) -> None:
    page = begin(client)
    path = f"{page}/who-it-is-about"
    child = {"pseudonym": "Kestrel", "age_bands": "14-15", "sibling_group": "no", "responsibility": "ours"}
    autosaved(client, path, **child)
    assert 'value="elsewhere" checked' not in client.get(path).text
    with work_on() as work:
        assert Part.CHILD in unfinished(work, only(work))
    assert submit(client, path, **child, locality="elsewhere", version="1").status_code == 303
    assert 'value="elsewhere" checked' in client.get(path).text
    assert "Somewhere else, or I do not know" in client.get(f"{page}/check").text
    with work_on() as work:
        assert Part.CHILD not in unfinished(work, only(work))


def test_another_tab_does_not_overwrite_by_keeping_itself(client, work_on) -> None:
    path = f"{begin(client)}/why"
    first, second = client.get(path), client.get(path)
    autosaved(client, path, page=first, hopes="From the first")
    refused = autosaved(client, path, page=second, hopes="From the second")
    assert refused.status_code == 409
    assert "answered in another window" in refused.json["said"]
    with work_on() as work:
        assert detail_of(work, only(work)).hopes == "From the first"


def test_keeping_asks_for_the_token_and_a_draft(client, work_on, draft_page) -> None:
    assert client.post(f"{draft_page}/why/autosave", data={"hopes": "Forged"}).status_code == 400
    shown = client.get(f"{draft_page}/why")
    with work_on() as work:
        submit_request(work, only(work))
    assert autosaved(client, f"{draft_page}/why", page=shown, hopes="Too late").status_code == 409
    with work_on() as work:
        assert detail_of(work, only(work)).hopes == "Slow down and think together."


def test_a_link_to_finish_later_keeps_what_was_typed_on_any_page(client, work_on) -> None:
    page = begin(client)
    answer = submit(client, f"{page}/about-you", **YOU, email="asha@example.org", later="yes")
    assert answer.location == f"{page}/about-you"
    assert "We have sent you a link" in client.get(answer.location).text
    with work_on() as work:
        (mail,) = envelopes(work, MailKind.RETURN_LINK)
        assert mail["email"] == "asha@example.org"
        assert contact_of(work, only(work)).name == "Asha Bell"


def test_a_link_to_finish_later_loses_nothing_that_cannot_be_kept(client, work_on) -> None:
    page = begin(client)
    autosaved(client, f"{page}/about-you", **YOU, email="asha@example.org")
    answer = submit(client, f"{page}/why", hopes=f"Her number is {NHS_NUMBER}.", later="yes")
    assert answer.status_code == 200
    assert len(errors(answer)) == 1
    assert f"Her number is {NHS_NUMBER}.</textarea>" in answer.text
    with work_on() as work:
        assert envelopes(work, MailKind.RETURN_LINK) == []


def test_without_an_address_the_link_is_not_sent_and_the_page_says_so(client, work_on) -> None:
    page = begin(client)
    answer = submit(client, f"{page}/about-you", **YOU, later="yes")
    assert errors(answer) == ["Enter your work e-mail address first, so that we can send you a link."]
    assert 'value="Asha Bell"' in answer.text
    with work_on() as work:
        assert envelopes(work, MailKind.RETURN_LINK) == []


# Adult services, and people.


def test_adult_services_are_offered_and_kept_as_needed(client, work_on) -> None:
    with work_on() as work:
        agency(work, "adult", "Adult Social Care", age_remit=AgeRemit.ADULTS)
        agency(work, "school", "A School", age_remit=AgeRemit.CHILDREN)
    path = f"{begin(client)}/into-adulthood"
    offered = re.findall(r'name="needed"[^>]*value="([^"]+)"', client.get(path).text)
    assert offered == ["Adult Social Care"]
    submit(client, path, transitional_view="yes", needed="Adult Social Care", another="A Hostel")
    with work_on() as work:
        needed = agencies_of(work, only(work), involvement=Involvement.NEEDED)
        assert (needed, agencies_of(work, only(work))) == (("Adult Social Care", "A Hostel"), ())
    shown = client.get(path).text
    assert 'value="Adult Social Care" checked' in shown
    assert 'value="A Hostel"' in shown


def test_where_it_does_not_feature_no_service_is_needed(client, work_on) -> None:
    begun = begin(client)
    # Nor for somebody whose age would suggest it.
    child = {"pseudonym": "Kite", "age_bands": "16-17", "sibling_group": "no", "locality": "elsewhere"}
    submit(client, f"{begun}/who-it-is-about", **child, responsibility="ours")
    path = f"{begun}/into-adulthood"
    assert '<div data-when="transitional_view=yes unsure">' in client.get(path).text
    submit(client, path, transitional_view="no", another="A Hostel")
    with work_on() as work:
        assert agencies_of(work, only(work), involvement=Involvement.NEEDED) == ()


def test_several_reasons_can_make_a_date_matter_and_no_stands_alone(client, work_on) -> None:
    begun = begin(client)
    path = f"{begun}/last-things"
    assert errors(submit(client, path)) == ["Select what makes a date matter, or that none does."]
    wrong = submit(client, path, date_matters=["no", "hearing"])
    assert errors(wrong) == ["Clear “No date matters”, or clear the others: not both can be right."]
    assert len(re.findall(r'name="date_matters"[^>]*checked', wrong.text)) == 2
    assert submit(client, path, date_matters=["hearing", "turns_18_in_3"]).status_code == 303
    with work_on() as work:
        assert only(work).chosen(Question.DATE_MATTERS) == {"hearing", "turns_18_in_3"}
        assert Part.LAST not in unfinished(work, only(work))
    shown = client.get(path).text
    chosen = re.findall(r'name="date_matters"\s+type="checkbox"\s+value="(\w+)" checked', shown)
    assert chosen == ["turns_18_in_3", "hearing"]


def test_a_pasted_list_makes_rows_and_what_is_no_address_stays_to_be_corrected(client, work_on) -> None:
    path = f"{begin(client)}/contacts"
    pasted = "Jo Archer <jo@example.org>; sam@example.org, not an address, Ward, Kit <kit@example.org>; JO@example.org"
    rows = submit(client, path, **{"people-0-name": "Mo Hart"}, pasted=pasted, add="pasted")
    found = re.findall(r'name="people-\d+-(?:name|email)"[^>]*value="([^"]*)"', rows.text)
    people = ["Mo Hart", "", "Jo Archer", "jo@example.org", "", "sam@example.org"]
    assert found[:6] == people
    assert found[6:] == ["Ward, Kit", "kit@example.org"]
    assert errors(rows) == ["These are not e-mail addresses. Correct them, or clear this box."]
    assert ">\nnot an address</textarea>" in rows.text


def test_somebody_without_a_name_is_kept_and_shown_as_somebody_of_their_agency(client, work_on) -> None:
    begun = begin(client)
    people = {
        "people-0-email": "sam@example.org",
        "people-0-agency": "Harbour Trust",
        "people-1-email": "kit@example.org",
    }
    # Without an address there is nothing to tell somebody by but a name.
    refused = submit(client, f"{begun}/contacts", **{"people-0-phone": "01632 960 011"})
    assert errors(refused) == ["Enter a name for this person, or clear the row."]
    assert submit(client, f"{begun}/contacts", **people).status_code == 303
    with work_on() as work:
        contacts = [
            (contact.name, contact.shown("Harbour Trust")) for _, contact in members(work, only(work))
        ]
        assert contacts == [("", "Somebody of Harbour Trust")] * 2
    shown = client.get(f"{begun}/check").text
    assert "Name not given, Harbour Trust, sam@example.org" in shown
    assert "Name not given, kit@example.org" in shown


def test_a_pasted_list_that_was_not_made_into_rows_is_not_lost(client, work_on) -> None:
    answer = submit(client, f"{begin(client)}/contacts", pasted="jo@example.org")
    assert errors(answer) == ["Press “Make rows” to take these addresses over, or clear this box."]
    assert "jo@example.org" in answer.text


def test_several_people_share_an_address_and_some_have_none(client, work_on) -> None:
    people = {
        "people-0-name": "Jo Archer",
        "people-0-email": "team@example.org",
        "people-0-agreed": "yes",
        "people-1-name": "Sam Birch",
        "people-1-email": "team@example.org",
        "people-2-name": "Kit Moss",
        "people-2-phone": "01632 960 014",
    }
    page = begin(client)
    submit(client, f"{page}/contacts", **people)
    with work_on() as work:
        found = [(c.name, c.email, m.agreed) for m, c in members(work, only(work))]
    assert found == [
        ("Jo Archer", "team@example.org", YesNoUnsure.YES),
        ("Sam Birch", "team@example.org", None),
        ("Kit Moss", "", None),
    ]


# Now, or after we have spoken.


def test_the_requester_adds_to_a_request_that_was_sent(client, work_on, status_page) -> None:
    page = client.get(status_page).text
    for slug in ("contacts", "family", "the-work", "arrangements"):
        assert f"{status_page}/more/{slug}" in page
    path = f"{status_page}/more/the-work"
    sent = {"legal_live": "yes", "tried": "A plan.", "own_reference": "X-17"}
    assert submit(client, path, version=version(client.get(path)), **sent).location == status_page
    with work_on() as work:
        request = only(work)
        detail = detail_of(work, request)
        assert (request.legal_live, detail.tried, detail.own_reference) == (
            YesNoUnsure.YES,
            "A plan.",
            "X-17",
        )
        assert request.own_reference_index == work.vault.blind_index("own-reference", "x-17 ")
        payloads = [e.payload for e in work.session.scalars(select(AuditEvent)) if e.tag == "request:changed"]
        assert payloads[-1] == '{"part":"work"}'


def test_people_keep_who_they_are_when_the_list_is_sent_again(client, work_on, status_page) -> None:
    path = f"{status_page}/more/contacts"
    shown = client.get(path)
    marks = re.findall(r'name="people-\d+-member"\s+value="([^"]+)"', shown.text)
    with work_on() as work:
        before = {c.name: str(m.id) for m, c in members(work, only(work))}
    assert marks == [before["Mo Hart"], before["Pat Quinn"]]
    people = {
        "people-0-name": "Pat Quinn-Ward",
        "people-0-member": before["Pat Quinn"],
        "people-1-name": "Kit Moss",
    }
    assert submit(client, path, version=version(shown), **people).location == status_page
    with work_on() as work:
        after = {c.name: str(m.id) for m, c in members(work, only(work))}
        assert after["Pat Quinn-Ward"] == before["Pat Quinn"]
        assert set(after) == {"Pat Quinn-Ward", "Kit Moss"}
        assert work.session.get_one(NetworkMember, UUID(before["Mo Hart"])).removed_at is not None


def test_a_person_of_another_request_is_not_reached_by_a_forged_mark(client, work_on, status_page) -> None:
    with work_on() as work:
        other = in_triage(work)
        stranger, contact = members(work, other)[0]
        other_id, stranger_id = other.id, stranger.id
    path = f"{status_page}/more/contacts"
    people = {"people-0-name": "Forged", "people-0-member": str(stranger_id)}
    submit(client, path, version=version(client.get(path)), **people)
    with work_on() as work:
        other = work.session.get_one(Request, other_id)
        assert members(work, other)[0][1].name == contact.name


def test_a_second_page_that_is_stale_is_told_and_overwrites_nothing(client, work_on, status_page) -> None:
    path = f"{status_page}/more/family"
    first, second = client.get(path), client.get(path)
    assert submit(client, path, version=version(first), young_person_wish="Be on time.").status_code == 303
    refused = submit(client, path, version=version(second), young_person_wish="Something else.")
    assert refused.status_code == 409
    assert "Something else." in refused.text
    with work_on() as work:
        assert detail_of(work, only(work)).young_person_wish == "Be on time."


@pytest.mark.parametrize("state", [State.SCHEDULED, State.HELD, State.WITHDRAWN])
def test_once_the_date_is_set_or_it_has_ended_nothing_is_added(client, work_on, status_page, state) -> None:
    path = f"{status_page}/more/family"
    opened = client.get(path)
    with work_on() as work:
        only(work).state = state
    assert "/more/" not in client.get(status_page).text
    assert submit(client, path, page="/ask", version=version(opened)).status_code == 409


def test_a_coordinator_adds_what_they_were_told_and_a_facilitator_does_not(client, app, work_on) -> None:
    with work_on() as work:
        request_id = in_triage(work).id
    path = f"/requests/{request_id}/more/arrangements"
    sign_in(client, work_on, Role.COORDINATOR)
    assert path in client.get(f"/requests/{request_id}").text
    page = client.get(path)
    assert heading(page) == "Arrangements"
    assert (
        submit(
            client, path, version=version(page), access_needs="A room without steps.", who_should_not=""
        ).status_code
        == 303
    )
    with work_on() as work:
        assert detail_of(work, only(work)).access_needs == "A room without steps."
        assert detail_of(work, only(work)).who_should_not == ""
    other = app.test_client()
    sign_in(other, work_on, Role.FACILITATOR)
    assert other.get(path).status_code == 403


# Figures of the year.

EQUALITIES = {"ethnic_group": "mixed", "disability": "prefer_not_to_say"}


@pytest.fixture
def sent_page(client, work_on, draft_page):
    submit(client, f"{draft_page}/check")
    return draft_page


def answers_of_the_year(work):
    """The bytes of the sealed answers, and the marks of those who answered."""
    row = work.session.get(EqualityYear, 2026)
    return (0, 0) if row is None else (len(row.body), len(row.marks) // 32)


def test_optional_answers_are_asked_once_and_not_kept_with_the_request(client, work_on, sent_page) -> None:
    with work_on() as work:
        before = only(work).version
    assert f"{sent_page}/equalities" in client.get(f"{sent_page}/sent").text
    data = {"csrf_token": token(client.get(f"{sent_page}/equalities")), **EQUALITIES}
    for _ in range(3):
        assert client.post(f"{sent_page}/equalities", data=data).location == f"{sent_page}/sent"
    assert "/equalities" not in client.get(f"{sent_page}/sent").text
    with work_on() as work:
        assert answers_of_the_year(work) == (1_024 + 48, 1)
        assert only(work).version == before
        assert "mixed" not in str(detail_of(work, only(work)))


def test_an_empty_form_says_so_and_the_questions_stay_open(client, sent_page) -> None:
    empty = submit(client, f"{sent_page}/equalities")
    assert errors(empty) == [
        "Nothing was chosen. Answer at least one of the four, or go back: they are optional."
    ]
    assert f"{sent_page}/equalities" in client.get(f"{sent_page}/sent").text


def test_an_answer_that_is_not_offered_is_not_taken(client, work_on, sent_page) -> None:
    answer = submit(client, f"{sent_page}/equalities", ethnic_group="martian")
    assert errors(answer) == ["Select one of the answers that are offered."]
    with work_on() as work:
        assert answers_of_the_year(work) == (0, 0)


def test_nobody_is_asked_before_the_request_was_sent(client, draft_page) -> None:
    assert client.get(f"{draft_page}/equalities").location == f"{draft_page}/sent"


# Around the form.


def test_the_flyer_draws_the_address_of_the_start_page_as_a_code(client) -> None:
    page = client.get("/flyer").text
    assert "A code for your phone’s camera that leads to http://localhost" in page
    squares = re.findall(r"M(\d+) (\d+)h1v1h-1z", page)
    # The three corners of a QR code of version 2 (25 squares a side), by the standard.
    assert {("0", "0"), ("24", "0"), ("0", "24"), ("6", "6")} <= set(squares)
    assert ("24", "24") not in squares or ("23", "23") not in squares


def test_the_privacy_page_says_for_how_long_a_draft_is_kept(client) -> None:
    assert "deleted after 14 days" in client.get("/privacy").text


def test_pages_around_the_form_lead_back_to_the_start(client) -> None:
    for path in ("/flyer", "/privacy"):
        assert '<a href="/" class="govuk-back-link">Back</a>' in client.get(path).text, path
    assert 'href="/">Go to the start page</a>' in client.get("/no-such-page").text
