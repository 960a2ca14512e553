"""Optional questions for the figures of the year: asked once a request, never kept with it, and told kindly when sent twice."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from factories.pages import errors, submit, text_of, token
from factories.requests import by_link, only, sent
from jags.accounts.rules import Purpose
from jags.requests.model import EqualityYear
from jags.requests.queries import detail_of, get_request
from jags.requests.rules import Equality
from jags.requests.service import answer_equalities

EQUALITIES = {"ethnic_group": "mixed", "disability": "prefer_not_to_say"}
COUNTED = "Your answers count with those of the year, and are not kept with your request."
NOT_TAKEN = "Your answers were here already, or the year has been counted: nothing was changed."


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


def test_who_sends_again_is_told_kindly_that_once_counts(client, sent_page) -> None:
    path = f"{sent_page}/equalities"
    data = {"csrf_token": token(client.get(path)), **EQUALITIES}
    assert COUNTED in text_of(client.post(path, data=data, follow_redirects=True))
    assert NOT_TAKEN in text_of(client.post(path, data=data, follow_redirects=True))


def test_of_two_answers_at_the_same_time_one_is_sealed_and_the_other_is_told(
    client, work_on, sent_page
) -> None:
    path = f"{sent_page}/equalities"
    data = {"csrf_token": token(client.get(path)), **EQUALITIES}
    with work_on() as work:
        request_id, earlier = only(work).id, sent(work).id
    with work_on(by_link(earlier, Purpose.REQUEST_DRAFT)) as work:
        # The row of the year is there, so that the second does not wait for it to be made.
        answer_equalities(work, get_request(work, earlier), {Equality.DISABILITY: "no"})
    with ThreadPoolExecutor(1) as other:
        with work_on(by_link(request_id, Purpose.REQUEST_DRAFT)) as work:
            assert answer_equalities(work, get_request(work, request_id), {Equality.ETHNIC_GROUP: "white"})
            second = other.submit(client.post, path, data=data, follow_redirects=True)
            # The second waits as long as the first has not ended.
            assert wait([second], timeout=0.25).not_done == {second}
        assert NOT_TAKEN in text_of(second.result())
    with work_on() as work:
        assert answers_of_the_year(work) == (2 * (1_024 + 48), 2)


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
