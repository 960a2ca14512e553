"""The identifier guard on the pages: what stops is shown at its field, a name is only hinted at, nothing typed is lost."""

import re
from html import unescape

import pytest

from factories.pages import errors, follow, sign_in, token, version
from factories.people import agency, link
from factories.requests import in_triage, waiting
from jags.accounts.rules import Purpose, Role
from jags.requests.model import Request
from jags.requests.queries import agencies_of, detail_of, members

ABOUT_YOU = {
    "name": "Jordan Bell",
    "role": "Teacher",
    "agency": "14 Mill Lane Surgery",
    "email": "asha@example.org",
    "phone": "943 476 5919",
    "best_time": "Ask for Kelly Reed",
}
STOPS = "This looks like an NHS number: 943 476 5919. Please take it out; initials are enough for us."


def begin(client) -> str:
    before = {"danger": "no", "disagreement": "no", "tasks": "no"}
    shown = client.get("/ask")
    page = client.post("/ask", data={"csrf_token": token(shown), **before}).location.rpartition("/")[0]
    answer = send(client, f"{page}/about-you", **ABOUT_YOU)
    assert answer.status_code == 303, errors(answer)
    return page


def send(client, path, /, *, page=None, **fields):
    shown = page or client.get(path)
    mark = re.search(r'name="page"\s+value="([^"]+)"', shown.text)[1]
    return client.post(
        path, data={"csrf_token": token(shown), "version": version(shown), "page": mark, **fields}
    )


def typed(page, name):
    """Return what stands in a field of several lines."""
    return unescape(
        re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n(.*?)</textarea>', page.text, re.DOTALL)[1]
    )


def marks(page):
    return re.findall(r"<mark>(.*?)</mark>", page.text, re.DOTALL)


def hopes(work_on):
    with work_on(write=False) as work:
        return detail_of(work, work.session.query(Request).one()).hopes


def test_what_professionals_are_asked_for_passes_with_names_numbers_and_addresses(client) -> None:
    assert begin(client).startswith("/draft/")


def test_what_identifies_a_child_stops_at_its_field_with_the_place_marked_and_all_kept(
    client, work_on
) -> None:
    page = f"{begin(client)}/why"
    text = 'We feel <b>stuck</b>. Her number is 943 476 5919 & "nobody" answers.'
    stopped = send(client, page, reasons=["stuck"], hopes=text)
    assert stopped.status_code == 200
    assert errors(stopped) == [STOPS]
    assert f'<a href="#hopes">{STOPS}</a>' in stopped.text
    assert '<p id="hopes-error" class="govuk-error-message">' in stopped.text
    assert typed(stopped, "hopes") == text
    assert marks(stopped) == ["943 476 5919"]
    # The words around it are shown as text, never as markup.
    found = re.search(r'id="hopes-found">(.*?)</div>', stopped.text, re.DOTALL)[1]
    assert "&lt;b&gt;stuck&lt;/b&gt;" in found
    assert "<b>" not in found
    assert hopes(work_on) == ""
    assert send(client, page, reasons=["stuck"], hopes="We feel stuck").status_code == 303
    assert hopes(work_on) == "We feel stuck"


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        (
            "pseudonym",
            "K, 12/3/2008",
            "This looks like a date of birth: 12/3/2008. Please take it out; an age is enough for us.",
        ),
        (
            "pseudonym",
            "943-476-5919",
            "This looks like an NHS number: 943-476-5919. Please take it out; initials are enough for us.",
        ),
        (
            "pseudonym",
            "NR3 1AB",
            "This looks like a postcode: NR3 1AB. Please take it out; the locality is enough for us.",
        ),
    ],
)
def test_the_fields_about_the_child_stop_too(client, field, text, message) -> None:
    child = {"age_bands": ["14-15"], "sibling_group": "no", "locality": "East", "responsibility": "ours"}
    answer = send(
        client, f"{begin(client)}/who-it-is-about", **{**child, "pseudonym": "Kestrel", field: text}
    )
    assert errors(answer) == [message]
    assert f'value="{text}"' in answer.text


def test_where_somebody_lives_stops_in_the_name_of_an_agency_unless_it_is_a_known_one(
    client, work_on
) -> None:
    page = f"{begin(client)}/about-you"
    for name, status in (
        ("14 Mill Lane", 200),
        ("Foster home, NR3 1AB", 200),
        ("The Lane, 5 Elm Close", 303),
    ):
        if status == 303:
            with work_on() as work:
                agency(work, key="lane", name=name)
        assert send(client, page, **{**ABOUT_YOU, "agency": name}).status_code == status


def test_the_date_today_comes_from_the_clock(client, clock) -> None:
    clock.instant = clock.instant.replace(year=2035)
    page = f"{begin(client)}/why"
    assert send(client, page, reasons=["stuck"], hopes="K, 12/3/2008").status_code == 303


def test_a_likely_name_is_hinted_at_once_and_kept_by_sending_again(client, work_on) -> None:
    page = f"{begin(client)}/why"
    text = "Jordan Smith’s mum <i>and</i> Jordan Smith disagree"
    hinted = send(client, page, reasons=["stuck"], hopes=text)
    assert hinted.status_code == 200
    assert errors(hinted) == []
    assert "Error:" not in re.search(r"<title>(.*?)</title>", hinted.text, re.DOTALL)[1]
    assert "Initials are enough for us." in hinted.text
    assert 'href="#hopes"' in hinted.text
    assert marks(hinted) == ["Jordan Smith", "Jordan Smith"]
    assert "&lt;i&gt;and&lt;/i&gt;" in hinted.text
    assert typed(hinted, "hopes") == text
    assert '<input type="hidden" name="names" value="shown">' in hinted.text
    assert re.findall(r'name="names"\s+value="(\w+)">([^<]+)</button>', hinted.text) == [
        ("initials", "Use initials: J. S."),
        ("keep", "Keep as written"),
    ]
    assert hopes(work_on) == ""
    # The Enter key presses the first button: it sends the form as "Continue" does.
    buttons = re.findall(r"<button[^>]*>", hinted.text)
    assert "name=" not in buttons[0]
    again = send(client, page, page=hinted, reasons=["stuck"], hopes=text, names="shown")
    assert again.status_code == 303
    assert hopes(work_on) == text


def test_keep_as_written_keeps_a_name_and_nobody_is_asked_about_it_again(client, work_on) -> None:
    page = f"{begin(client)}/why"
    hinted = send(client, page, reasons=["stuck"], hopes="Kayden is stuck")
    kept = send(
        client, page, page=hinted, reasons=["stuck"], hopes="Kayden is stuck", names=["shown", "keep"]
    )
    assert kept.status_code == 303
    assert send(client, page, reasons=["stuck"], hopes="Kayden is very stuck").status_code == 303
    assert hopes(work_on) == "Kayden is very stuck"
    assert marks(send(client, page, reasons=["stuck"], hopes="Kayden and Callum")) == ["Callum"]


def test_saving_while_filling_leaves_a_likely_name_out_until_somebody_has_answered(client, work_on) -> None:
    page = f"{begin(client)}/why"
    typed_so_far = {"reasons": ["stuck"], "hopes": "Her mum Sharon Pike is worried about Kayleigh."}
    shown = client.get(page)
    said = send(client, f"{page}/autosave", page=shown, **typed_so_far).json["said"]
    assert said == (
        "Saved at 10am, but not yet: What should thinking together help with? "
        "There may be a name in it; we ask you about that when you go on."
    )
    assert hopes(work_on) == ""
    hinted = send(client, page, page=shown, **typed_so_far)
    assert marks(hinted) == ["Sharon Pike", "Kayleigh"]
    # The page with the hint on it saves itself too, and nobody has answered yet.
    send(client, f"{page}/autosave", page=hinted, **typed_so_far, names="shown")
    assert hopes(work_on) == ""
    later = send(client, page, page=shown, **typed_so_far, later="yes")
    assert marks(later) == ["Sharon Pike", "Kayleigh"]
    # Kept as written, and something else is missing: the answer stands, for the page and for its saving.
    kept = send(client, page, page=hinted, hopes=typed_so_far["hopes"], names=["shown", "keep"])
    assert errors(kept) == ["Select at least one reason."]
    assert '<input type="hidden" name="names" value="answered">' in kept.text
    send(client, f"{page}/autosave", page=kept, hopes=typed_so_far["hopes"], names="answered")
    assert hopes(work_on) == typed_so_far["hopes"]
    assert send(client, page, page=kept, **typed_so_far).status_code == 303


def test_a_name_kept_in_a_letter_is_not_asked_about_again_behind_the_preview(client, work_on) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        request_id = in_triage(work).id
    path = f"/requests/{request_id}/ask"
    shown = client.get(path)
    fields = {"csrf_token": token(shown), "version": version(shown), "question": "Is Kayden the older one?"}
    before = client.post(path, data={**fields, "names": ["shown", "keep"]})
    carried = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', before.text))
    changing = client.post(path, data={**carried, "go": "change"})
    assert '<input type="hidden" name="names" value="answered">' in changing.text
    assert client.post(path, data={**carried, "go": "send"}).status_code == 303


def test_one_tap_puts_initials_everywhere_and_goes_on(client, work_on) -> None:
    page = f"{begin(client)}/why"
    text = "Jordan Smith’s mum and Kayden. Jordan Smith cries."
    hinted = send(client, page, reasons=["stuck", "other"], reason_other="About Kayden", hopes=text)
    gone = send(
        client,
        page,
        page=hinted,
        reasons=["stuck", "other"],
        reason_other="About Kayden",
        hopes=text,
        names=["shown", "initials"],
    )
    assert gone.status_code == 303
    with work_on(write=False) as work:
        detail = detail_of(work, work.session.query(Request).one())
    assert (detail.hopes, detail.reason_other) == ("J. S.’s mum and K. J. S. cries.", "About K.")


def test_what_stops_is_shown_together_with_the_hint_and_initials_do_not_pass_it(client, work_on) -> None:
    page = f"{begin(client)}/why"
    text = "Kayden, dob 12/03/2008"
    both = send(client, page, reasons=["stuck"], hopes=text)
    assert errors(both) == [
        "This looks like a date of birth: 12/03/2008. Please take it out; an age is enough for us."
    ]
    assert marks(both) == ["12/03/2008", "Kayden"]
    still = send(client, page, page=both, reasons=["stuck"], hopes=text, names=["shown", "initials"])
    assert len(errors(still)) == 1
    assert typed(still, "hopes") == "K., dob 12/03/2008"
    assert hopes(work_on) == ""


def test_a_long_text_shows_the_place_with_some_words_around_it(client) -> None:
    text = "word " * 150 + "at NR3 1AB since " + "word " * 150
    stopped = send(client, f"{begin(client)}/why", reasons=["stuck"], hopes=text)
    found = re.search(r'id="hopes-found">(.*?)</div>', stopped.text, re.DOTALL)[1]
    shown = " ".join(re.sub(r"<[^>]+>", "", found).split())
    assert shown.startswith("Found in what you wrote: … word word")
    assert "at NR3 1AB since word" in shown
    assert shown.endswith("word …")
    assert len(shown) < 180


@pytest.mark.parametrize(
    "text", ["943 476 5919 " * 3_077, "\u202e943 476 5919", "NHS\x00 943 476 5919", "12/03/2008" * 4_000]
)
def test_too_long_or_hidden_characters_say_so_first_and_are_no_server_error(client, work_on, text) -> None:
    answer = send(client, f"{begin(client)}/why", reasons=["stuck"], hopes=text)
    assert answer.status_code == 200
    assert len(errors(answer)) == 1
    assert errors(answer)[0].startswith(("Shorten", "Remove the hidden control characters"))
    assert hopes(work_on) == ""


def test_professionals_keep_their_names_and_a_known_agency_its_address(client, work_on) -> None:
    page = begin(client)
    with work_on() as work:
        agency(work, key="hostel", name="Flat 3, 20 High Street hostel, NR3 1AB")
    people = {
        "agencies-0": "flat 3, 20 High Street hostel, NR3 1AB",
        "lead_knows": "not_applicable",
    }
    contacts = {"people-0-name": "Kayden Hart", "people-0-agency": "The 14 Mill Lane Surgery"}
    assert send(client, f"{page}/who-is-involved", **people).status_code == 303
    assert send(client, f"{page}/contacts", **contacts).status_code == 303
    last = {"date_matters": "no", "heard_from": "Callum Bell"}
    assert send(client, f"{page}/last-things", **last).status_code == 303
    assert send(client, f"{page}/arrangements", who_should_not="Kelly Reed").status_code == 303
    with work_on(write=False) as work:
        assert len(members(work, work.session.query(Request).one())) == 1
    stopped = send(client, f"{page}/contacts", **{**contacts, "people-0-role": "TA of K, dob 12/03/2008"})
    assert marks(stopped) == ["12/03/2008"]


def test_a_name_in_place_of_an_agency_is_hinted_at_unless_the_agency_is_known_by_it(client, work_on) -> None:
    page = begin(client)
    with work_on() as work:
        agency(work, key="kayden", name="Kayden Hart and Friends")
    path, rows = (
        f"{page}/who-is-involved",
        {"agencies-0": "Kayden Hart and Friends", "agencies-1": "Kayden Hart"},
    )
    known = {"agencies-0": rows["agencies-0"], "lead_knows": "not_applicable"}
    hinted = send(client, path, **{**known, **rows})
    assert (hinted.status_code, marks(hinted)) == (200, ["Kayden Hart"])
    assert 'id="agencies-1-names"' in hinted.text
    kept = send(client, path, page=hinted, **{**known, **rows}, names=["shown", "initials"])
    assert kept.status_code == 303
    with work_on(write=False) as work:
        found = agencies_of(work, work.session.query(Request).one())
        assert found == ("Kayden Hart and Friends", "K. H.")
    for path, name in (
        ("about-you", "agency"),
        ("into-adulthood", "another"),
        ("contacts", "people-0-agency"),
    ):
        fields = {**ABOUT_YOU, "transitional_view": "yes", "people-0-name": "Lee Ward", name: "Callum Bell"}
        assert marks(send(client, f"{page}/{path}", **fields)) == ["Callum Bell"]


def test_a_name_in_what_is_said_of_court_work_is_hinted_at(client) -> None:
    path = f"{begin(client)}/the-work"
    hinted = send(client, path, legal_live="yes", legal_activity="family court, about kayden and the flat")
    assert marks(hinted) == ["kayden"]
    assert send(client, path, legal_live="yes", legal_activity="Family court").status_code == 303


def test_the_business_unit_is_stopped_before_a_text_leaves(client, work_on) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        request_id = in_triage(work).id
    path = f"/requests/{request_id}/ask"
    shown = client.get(path)
    fields = {"csrf_token": token(shown), "version": version(shown)}
    stopped = client.post(path, data={**fields, "question": "Is K, born 12/03/2008, the older one?"})
    assert marks(stopped) == ["12/03/2008"]
    assert errors(stopped) == [
        "This looks like a date of birth: 12/03/2008. Please take it out; an age is enough for us."
    ]
    hinted = client.post(path, data={**fields, "question": "Is Kayden the older one?"})
    assert marks(hinted) == ["Kayden"]
    sent = client.post(
        path, data={**fields, "question": "Is Kayden the older one?", "names": ["shown", "initials"]}
    )
    # What would leave is shown before it goes, with the initials in it.
    assert "Is K. the older one?" in sent.text
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', sent.text)[1]
    sent = client.post(path, data={**fields, "question": "Is K. the older one?", "go": "send", "seen": seen})
    assert sent.status_code == 303
    assert "Is K. the older one?" in client.get(f"/requests/{request_id}").text


def test_the_requester_is_stopped_in_an_answer(client, work_on) -> None:
    with work_on() as work:
        _, secret = link(work, Purpose.REQUEST_STATUS, waiting(work).id)
    path = follow(client, secret)
    page = client.get(path)
    stopped = client.post(
        path,
        data={"csrf_token": token(page), "version": version(page), "answer": "He lives at 14 Mill Lane"},
    )
    assert errors(stopped) == [
        "This looks like an address: 14 Mill Lane. Please take it out; the locality is enough for us."
    ]
    assert "He lives at 14 Mill Lane</textarea>" in stopped.text
