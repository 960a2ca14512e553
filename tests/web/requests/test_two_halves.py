"""Three questions before the form, pages that keep themselves, adult services and people."""

import re

import pytest

from factories.pages import errors, submit, token, version
from factories.people import agency
from factories.requests import envelopes, only
from jags.accounts.rules import AgeRemit
from jags.notifications.rules import MailKind
from jags.requests.model import Request
from jags.requests.queries import agencies_of, contact_of, detail_of, members, unfinished
from jags.requests.rules import Gate, Involvement, Part, Question, YesNoUnsure
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
