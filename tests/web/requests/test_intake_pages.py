"""Asking for a JAGS in a browser without scripts: the whole form, bad input, and links that are somebody else's."""

import re
from datetime import timedelta

import pytest

from factories.asking import (
    ABOUT_YOU,
    CHILD,
    CONTACTS,
    GATE,
    NEEDED,
    PEOPLE,
    WHY,
    answer,
    begin,
    fill,
    only_request,
    past_the_gate,
)
from factories.pages import errors, follow, heading, same_each_time, submit, token
from factories.people import agency, link
from factories.requests import draft, envelopes, in_triage, sent
from jags.accounts.rules import Purpose
from jags.notifications.rules import MailKind
from jags.requests.model import Request
from jags.requests.queries import agencies_of, contact_of, detail_of, members
from jags.requests.rules import AgeBand, State
from jags.requests.service import send_asked_links

OVERRIDE = "\u202e"


def test_the_start_page_says_first_to_ring_when_a_child_has_died(client) -> None:
    text = client.get("/").text
    died, ask = text.index("has died"), text.index("Ask for a JAGS</a>")
    assert died < text.index("999") < ask
    assert "01632 960100" in text[died:ask]


def test_the_form_leads_from_the_first_page_to_a_reference_and_back_by_mail(client, work_on) -> None:
    page = begin(client)
    order = [slug for slug, _ in NEEDED[1:]] + ["check"]
    for (slug, answers), following in zip(NEEDED, order, strict=True):
        assert submit(client, f"{page}/{slug}", **answers).location == f"{page}/{following}"
    assert submit(client, f"{page}/contacts", **CONTACTS).location == f"{page}/check"
    checked = client.get(f"{page}/check").text
    for shown in (
        "Asha Bell",
        "Kestrel",
        "14 to 15",
        "It feels stuck",
        "Slow down together",
        "Mo Hart, mo@example.org",
    ):
        assert shown in checked
    assert submit(client, f"{page}/check").location == f"{page}/sent"
    assert "JAGS-2026-0001" in client.get(f"{page}/sent").text
    request_id = only_request(work_on).id
    with work_on() as work:
        (mail,) = envelopes(work, MailKind.CONFIRM_REQUEST)
        _, secret = link(work, Purpose.CONFIRM_REQUEST, request_id)
    assert mail["email"] == "asha@example.org"
    confirm = follow(client, secret)
    status = submit(client, confirm, mine="y")
    assert status.location.startswith("/your-request/")
    assert heading(client.get(status.location)) == "Your request JAGS-2026-0001"
    assert only_request(work_on).state is State.IN_TRIAGE


def test_what_was_answered_stands_in_the_form_again(client, work_on) -> None:
    page = begin(client)
    fill(client, page)
    submit(client, f"{page}/contacts", **CONTACTS)
    child = client.get(f"{page}/who-it-is-about").text
    assert re.search(r'value="16-17" checked', child)
    assert not re.search(r'value="18-21" checked', child)
    assert re.search(r'value="East" checked', child)
    assert 'value="Pat Quinn"' in client.get(f"{page}/contacts").text
    assert 'value="Police"' in client.get(f"{page}/who-is-involved").text


def test_a_change_from_the_check_page_leads_back_to_it(client) -> None:
    page = begin(client)
    sent_on = answer(client, f"{page}/about-you?from=check", **{**ABOUT_YOU, "name": "Asha Bell-Ward"})
    assert sent_on.location == f"{page}/check"
    assert "Asha Bell-Ward" in client.get(sent_on.location).text


def test_what_was_left_out_is_one_line_with_a_way_to_each_answer(client) -> None:
    page = begin(client)
    fill(client, page)
    about_you = client.get(f"{page}/check").text.partition("Who it is about")[0]
    left_out = about_you.partition("Not given:")[2].partition("</p>")[0]
    assert re.findall(r'href="([^"]+)">(?:<span[^>]*>)?([^<]+)(?:</span>)?([^<]*)<', left_out) == [
        (f"{page}/about-you?from=check", "Change ", "Team"),
        (f"{page}/about-you?from=check", "Change ", "Best time to ring"),
    ]
    assert about_you.count("Not given") == 1


def test_a_draft_that_lacks_something_is_not_sent_and_says_where(client, work_on) -> None:
    page = begin(client)
    answer = submit(client, f"{page}/check")
    # About you is answered; each of the others is named, with the page that asks it.
    assert errors(answer) == [
        "Finish “Who it is about”.",
        "Finish “Why, and what it should help with”.",
        "Finish “Who is involved”.",
        "Finish “On the way into adulthood”.",
        "Finish “Last things”.",
    ]
    summary = answer.text.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
    slugs = ("who-it-is-about", "why", "who-is-involved", "into-adulthood", "last-things")
    assert re.findall(r'href="([^"]+)"', summary) == [f"{page}/{slug}?from=check" for slug in slugs]
    assert only_request(work_on).state is State.DRAFT
    assert client.get(page).location == f"{page}/who-it-is-about"


def test_sending_twice_has_one_effect(client, work_on) -> None:
    page = begin(client)
    fill(client, page)
    data = {"csrf_token": token(client.get(f"{page}/check"))}
    assert [client.post(f"{page}/check", data=data).location for _ in range(3)] == [f"{page}/sent"] * 3
    assert only_request(work_on).reference == "JAGS-2026-0001"
    with work_on() as work:
        assert len(envelopes(work, MailKind.CONFIRM_REQUEST)) == 1


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", "", "Enter your name."),
        ("name", " \t ", "Enter your name."),
        ("agency", "", "Enter the name of your agency."),
        ("email", "asha", "Enter an e-mail address in the correct format, like name@example.org."),
        (
            "email",
            "a@example.org\nBcc: b@example.org",
            "Write this on one line, without line breaks or tabs.",
        ),
        ("phone", "ring me", "Enter a telephone number, like 01632 960 001."),
        ("name", "A" * 201, "Shorten your name to 200 characters or fewer."),
        (
            "role",
            "x\x00y",
            "Remove the hidden control characters: type this text again, or paste it as plain text.",
        ),
        (
            "team",
            f"x{OVERRIDE}y",
            "Remove the hidden control characters: type this text again, or paste it as plain text.",
        ),
    ],
)
def test_bad_input_is_named_at_its_field_and_the_rest_is_kept(client, work_on, field, typed, message) -> None:
    answer = submit(client, f"{past_the_gate(client)}/about-you", **{**ABOUT_YOU, field: typed})
    assert answer.status_code == 200
    assert errors(answer) == [message]
    assert f'href="#{field}"' in answer.text
    kept = "role" if field != "role" else "name"
    assert f'value="{ABOUT_YOU[kept]}"' in answer.text
    with work_on() as work:
        assert contact_of(work, work.session.query(Request).one()).name == ""


def test_a_name_of_one_letter_is_a_name(client, work_on) -> None:
    submit(client, f"{past_the_gate(client)}/about-you", **{**ABOUT_YOU, "name": "O"})
    with work_on() as work:
        assert contact_of(work, work.session.query(Request).one()).name == "O"


def test_forty_thousand_characters_are_refused_and_not_lost(client) -> None:
    page = begin(client)
    answer = submit(client, f"{page}/why", reasons="stuck", hopes="word " * 8000)
    assert errors(answer) == ["Shorten what you hope for to 2,000 characters or fewer."]
    assert answer.text.count("word ") >= 7999


def test_two_thousand_characters_over_several_lines_fit(client, work_on) -> None:
    page = begin(client)
    text = "\r\n".join(["x" * 99] * 20)
    assert submit(client, f"{page}/why", reasons="stuck", hopes=text).status_code == 303
    with work_on() as work:
        assert len(detail_of(work, work.session.query(Request).one()).hopes) == 1999


@pytest.mark.parametrize(
    ("field", "value"), [("age_bands", "99"), ("locality", "Atlantis"), ("responsibility", "")]
)
def test_a_choice_that_is_not_offered_is_not_taken(client, work_on, field, value) -> None:
    page = begin(client)
    answer = submit(client, f"{page}/who-it-is-about", **{**CHILD, field: value})
    assert answer.status_code == 200
    assert len(errors(answer)) == 1
    assert only_request(work_on).locality is None


def test_what_is_typed_is_shown_as_text_only(client) -> None:
    page = begin(client)
    submit(client, f"{page}/why", reasons="stuck", hopes="</textarea><script>alert(1)</script>{{ 7*7 }}")
    for text in (client.get(f"{page}/why").text, client.get(f"{page}/check").text):
        assert "<script>alert" not in text
        assert "{{ 7*7 }}" in text


def test_another_row_is_given_without_losing_what_was_typed(client, work_on) -> None:
    page = begin(client)
    path = f"{page}/contacts"
    before = client.get(path).text
    answer = submit(client, path, **CONTACTS, add="person")
    assert 'name="people-2-name"' not in before
    assert 'name="people-2-name"' in answer.text
    assert 'value="Mo Hart"' in answer.text
    with work_on() as work:
        assert members(work, work.session.query(Request).one()) == []
    answer = submit(client, f"{page}/who-is-involved", **PEOPLE, add="agency")
    assert 'name="agencies-4"' in answer.text


def test_a_person_needs_a_name_and_an_address_that_is_one(client) -> None:
    page = begin(client)
    answer = submit(
        client,
        f"{page}/contacts",
        **{"people-0-role": "Nurse", "people-1-name": "Mo", "people-1-email": "mo at work"},
    )
    assert errors(answer) == [
        "Enter a name for this person, or clear the row.",
        "Enter an e-mail address in the correct format, like name@example.org.",
    ]


def test_agencies_are_offered_while_typing_and_matched_when_sent(client, work_on) -> None:
    with work_on() as work:
        agency(work, "police", "Police", aliases=["constabulary"])
    page = begin(client)
    assert '<option value="Police">' in client.get(f"{page}/who-is-involved").text
    submit(
        client,
        f"{page}/who-is-involved",
        **{**PEOPLE, "agencies-0": "The Others", "agencies-1": "constabulary"},
    )
    with work_on() as work:
        assert agencies_of(work, work.session.query(Request).one()) == ("The Others", "Police")


def test_a_link_to_finish_later_comes_by_mail(client, work_on) -> None:
    page = begin(client)
    answer = client.post(f"{page}/later", data={"csrf_token": token(client.get(f"{page}/check"))})
    assert answer.location == f"{page}/check"
    with work_on() as work:
        (mail,) = envelopes(work, MailKind.RETURN_LINK)
        assert mail["link_purpose"] == Purpose.REQUEST_DRAFT


def test_a_program_that_opens_the_mailed_link_and_sends_what_it_finds_sends_no_request(
    client, app, work_on, clock
) -> None:
    fill(client, begin(client))
    clock.instant += timedelta(minutes=1)
    request_id = only_request(work_on).id
    with work_on() as work:
        _, secret = link(work, Purpose.REQUEST_DRAFT, request_id)
    program = app.test_client()
    page = follow(program, secret)
    assert program.get(page).location == f"{page}/check"
    assert errors(submit(program, f"{page}/check")) == ["Tick the box to send your request."]
    assert only_request(work_on).state is State.DRAFT
    assert submit(program, f"{page}/check", read="y").location == f"{page}/sent"
    assert only_request(work_on).state is State.UNCONFIRMED


def test_a_draft_opens_for_nobody_without_its_secret(client, app, work_on) -> None:
    page = begin(client)
    assert "Asha Bell" in client.get(f"{page}/about-you").text
    stranger = app.test_client()
    for path in (page, f"{page}/about-you", f"{page}/check", f"{page}/sent"):
        answer = stranger.get(path)
        assert answer.status_code == 410
        assert "Asha" not in answer.text
    other = begin(stranger)
    cookie = stranger.get_cookie("jags_link", path=other)
    client.set_cookie("jags_link", cookie.value, path=page)
    assert client.get(f"{page}/about-you").status_code == 410


def test_a_sent_draft_shows_its_reference_and_takes_no_more_answers(client, work_on) -> None:
    with work_on() as work:
        request = sent(work)
        _, secret = link(work, Purpose.REQUEST_DRAFT, request.id)
    page = follow(client, secret)
    for slug in ("about-you", "why", "check"):
        assert client.get(f"{page}/{slug}").location == f"{page}/sent"
    forged = client.post(
        f"{page}/about-you",
        data={"csrf_token": token(client.get("/ask")), **ABOUT_YOU, "name": "Forged"},
    )
    assert forged.location == f"{page}/sent"
    with work_on() as work:
        assert contact_of(work, work.session.query(Request).one()).name == "Asha Bell"


def test_a_form_from_another_place_is_refused(app, client, work_on) -> None:
    answer = client.post("/ask", data=GATE)
    assert answer.status_code == 400
    with work_on() as work:
        assert work.session.query(Request).count() == 0


def test_a_scanner_that_opens_or_sends_the_page_as_found_confirms_nothing(client, work_on) -> None:
    with work_on() as work:
        _, secret = link(work, Purpose.CONFIRM_REQUEST, sent(work).id)
    page = follow(client, secret)
    assert "checked" not in client.get(page).text
    answer = submit(client, page)
    assert errors(answer) == ["Tick the box to confirm that you asked for this JAGS."]
    assert only_request(work_on).state is State.UNCONFIRMED


def test_a_new_link_gives_the_same_answer_for_known_and_unknown(client, work_on) -> None:
    with work_on() as work:
        in_triage(work)
    known = submit(client, "/new-link", reference="JAGS-2026-0001", email="asha@example.org")
    unknown = submit(client, "/new-link", reference="JAGS-2026-0002", email="asha@example.org")
    assert same_each_time(known) == same_each_time(unknown)
    assert heading(known) == "Look in your mail"
    with work_on() as work:
        assert send_asked_links(work) == 2
        assert [m["email"] for m in envelopes(work, MailKind.STATUS_LINK)] == ["asha@example.org"]


def test_a_reference_is_read_as_people_type_it_and_refused_where_it_is_none(client, work_on) -> None:
    with work_on() as work:
        in_triage(work)
    submit(client, "/new-link", reference="jags 2026 1 ", email="asha@example.org")
    wrong = submit(client, "/new-link", reference="the one of Monday", email="asha@example.org")
    assert errors(wrong) == [
        "Enter the reference as it stands in our e-mails: JAGS, the year, the number, like JAGS-2026-0042."
    ]
    with work_on() as work:
        assert send_asked_links(work) == 1
        assert len(envelopes(work, MailKind.STATUS_LINK)) == 1


def test_the_link_to_confirm_opened_again_leads_to_the_page_of_the_request(client, work_on) -> None:
    with work_on() as work:
        _, secret = link(work, Purpose.CONFIRM_REQUEST, in_triage(work).id)
    page = follow(client, secret)
    again = client.get(page)
    assert heading(again) == "Your request is confirmed"
    assert 'type="checkbox"' not in again.text
    assert heading(client.get(submit(client, page).location)) == "Your request JAGS-2026-0001"


def test_none_beside_another_plan_is_asked_about(client) -> None:
    page = begin(client)
    both = answer(client, f"{page}/who-it-is-about", plans=["looked_after", "none"])
    assert "Clear “None”, or clear the others: not both can be right." in errors(both)


def test_no_answer_lies_in_a_cookie_or_an_address(client, work_on) -> None:
    page = begin(client)
    answer = submit(client, f"{page}/who-it-is-about", **CHILD)
    seen = answer.location + str(answer.headers.getlist("Set-Cookie"))
    assert "Kestrel" not in seen
    assert "asha" not in seen.lower()


def test_an_age_band_is_kept_as_it_was_ticked(client, work_on) -> None:
    page = begin(client)
    submit(client, f"{page}/who-it-is-about", **{**CHILD, "age_bands": ["unborn", "22-25"]})
    with work_on() as work:
        assert work.session.query(Request).one().age_bands == {
            AgeBand.UNBORN,
            AgeBand.TWENTY_TWO_TO_TWENTY_FIVE,
        }


def test_drafts_of_others_are_not_reached_by_a_forged_field(client, work_on) -> None:
    with work_on() as work:
        other = draft(work).id
    page = begin(client)
    submit(client, f"{page}/why", **WHY, id=str(other), request_id=str(other), state="accepted")
    with work_on() as work:
        assert detail_of(work, work.session.get_one(Request, other)).hopes == "Slow down and think together."
        assert {r.state for r in work.session.query(Request)} == {State.DRAFT}
