"""Requests that seem to be about the same work: shown with reasons, linked by people only, and never somebody else's."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from factories.people import account, agency
from factories.requests import (
    ABOUT_THE_CHILD,
    ABOUT_YOU,
    ADULTHOOD,
    INVOLVED,
    LAST,
    WHY,
    by_link,
    coordinator,
    draft,
)
from jags.accounts.model import Recusal
from jags.accounts.queries import actor_of
from jags.accounts.rules import Purpose, Role, Sector
from jags.kernel.errors import Invalid, LinkNotValid, MoveNotPossible, NotFound, Stale
from jags.requests.model import Request
from jags.requests.queries import get_request, own_earlier, same_work
from jags.requests.queries.similar import NO_OTHER
from jags.requests.rules import AgeBand, State, Verb
from jags.requests.service import (
    TheWork,
    accept_request,
    confirm_by_telephone,
    link_as_repeat,
    mark_duplicate,
    say_other_work,
    say_same_work,
    submit_request,
    unlink_repeat,
)
from jags.scheduling.service import end_request
from jags.settings.service import change_setting

FAR = frozenset({AgeBand.UNDER_FIVE})


def asked(
    work, *, email="asha@example.org", agency_name="A School", reference="", confirmed=True, **child
) -> Request:
    """Return a request as somebody asked it; `child` changes what is said of whom it is about."""
    contact = dataclasses.replace(ABOUT_YOU.contact, email=email)
    pages = (
        dataclasses.replace(ABOUT_YOU, contact=contact, agency=agency_name),
        dataclasses.replace(ABOUT_THE_CHILD, **child),
        WHY,
        INVOLVED,
        ADULTHOOD,
        LAST,
        TheWork(own_reference=reference),
    )
    request = draft(work, *pages)
    submit_request(work, request)
    if confirmed:
        work.session.flush()
        confirm_by_telephone(work, request.id, version=request.version)
    work.session.flush()
    return request


@pytest.fixture(autouse=True)
def _known_agencies(work_on):
    with work_on() as work:
        agency(work)
        agency(work, "a-school", "A School", sector=Sector.EDUCATION)
        agency(work, "health", "Health", sector=Sector.HEALTH)


@contextmanager
def statements(engine) -> Iterator[list[str]]:
    """Gather the statements that are sent to a database meanwhile."""
    seen: list[str] = []

    def note(*arguments) -> None:
        seen.append(arguments[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def alike(work, request) -> list:
    return [one.request.id for one in same_work(work, request).alike]


def repeat(work, request, of) -> None:
    link_as_repeat(work, request.id, of_reference=of.reference, version=request.version)
    work.session.flush()


def test_the_same_requester_with_the_same_reference_comes_first_with_reasons(work_on, clock) -> None:
    with work_on() as work:
        same_agency_id = asked(work, email="b@example.org").id
        earlier_id = asked(work, reference="ref/77", age_bands=FAR, locality="West", agency_name="Health").id
        asked(work, email="c@example.org", agency_name="Health", locality="West", age_bands=FAR)
    clock.instant += timedelta(days=3)
    with work_on() as work:
        request = asked(work, reference="REF/77 ")
        found = same_work(work, request).alike
        assert [one.request.id for one in found] == [earlier_id, same_agency_id]
        assert found[0].likeness.same_work
        assert found[0].likeness.reasons[0] == "the same requester and the same own reference"
        assert found[1].likeness.reasons == (
            "asked by the same agency, A School",
            "the same age (14 to 15, 16 to 17)",
            "the same locality, East",
            "the same agencies are involved: An Unknown Charity, Police",
        )
        assert found[1].requester == "Asha Bell"
        # Nothing is linked by itself.
        assert request.previous_request_id is None


def test_a_reference_that_was_kept_without_its_index_is_found_all_the_same(work_on) -> None:
    with work_on() as work:
        earlier = asked(work, reference="ref/77", age_bands=FAR, agency_name="Health")
        request = asked(work, reference="ref/77")
        earlier.own_reference_index = request.own_reference_index = None
        work.session.flush()
        assert alike(work, request) == [earlier.id]
        assert same_work(work, request).alike[0].likeness.same_work


def test_what_ended_long_ago_and_drafts_are_not_shown(work_on, clock) -> None:
    with work_on() as work:
        ended, still_open = asked(work, email="b@example.org"), asked(work, email="c@example.org")
        end_request(work, ended.id, verb=Verb.CANCEL, version=ended.version, reason="Not now.")
        open_id = still_open.id
        ids = {ended.id, open_id}
        draft(work)
    clock.instant += timedelta(days=300)
    with work_on() as work:
        request_id = asked(work).id
        assert set(alike(work, get_request(work, request_id))) == ids
        change_setting(work, "alike_days", 299)
    with work_on() as work:
        assert alike(work, get_request(work, request_id)) == [open_id]


def test_nobody_sees_a_request_from_which_they_stand_aside(work_on) -> None:
    with work_on() as work:
        earlier, request_id = asked(work, reference="77"), asked(work, reference="77").id
        lead = account(work, Role.COORDINATOR)
        actor = actor_of(lead)
        work.session.add(Recusal(request_id=earlier.id, person_id=lead.person_id, since=work.now))
        reference = earlier.reference
    with work_on(actor) as work:
        request = get_request(work, request_id)
        assert alike(work, request) == []
        with pytest.raises(Invalid, match="There is no request with the reference"):
            link_as_repeat(work, request.id, of_reference=reference, version=request.version)


def test_what_was_called_other_work_is_proposed_on_neither_page_again(work_on) -> None:
    with work_on() as work:
        one, other, third = asked(work), asked(work), asked(work)
        ids = one.id, other.id, third.id
        assert set(alike(work, one)) == {other.id, third.id}
    for _ in range(2):
        with work_on() as work:
            say_other_work(work, ids[1], other_id=ids[0])
    with work_on() as work:
        assert alike(work, get_request(work, ids[0])) == [ids[2]]
        assert alike(work, get_request(work, ids[1])) == [ids[2]]
        assert set(alike(work, get_request(work, ids[2]))) == {ids[0], ids[1]}


def test_nobody_calls_a_request_other_work_that_they_do_not_see(work_on) -> None:
    with work_on() as work:
        earlier, request = asked(work), asked(work)
        lead = account(work, Role.COORDINATOR)
        actor = actor_of(lead)
        work.session.add(Recusal(request_id=earlier.id, person_id=lead.person_id, since=work.now))
        ids = request.id, earlier.id
    for request_id, other_id in (ids, ids[::-1]):
        with pytest.raises(NotFound), work_on(actor) as work:
            say_other_work(work, request_id, other_id=other_id)


def test_it_takes_the_same_few_queries_whatever_there_is(work_on) -> None:
    def queries(request_id) -> int:
        with work_on() as work:
            request = get_request(work, request_id)
            assert request.involved
            work.vault.prefetch([request])
            with statements(work.session.get_bind()) as seen:
                found = same_work(work, request)
            assert len(found.alike) in {1, 5}
            return len(seen)

    with work_on() as work:
        asked(work)
        request_id = asked(work).id
    few = queries(request_id)
    with work_on() as work:
        for _ in range(30):
            asked(work)
    assert queries(request_id) == few
    assert few <= 5


def test_what_is_decided_on_and_linked_with_none_takes_no_query(work_on) -> None:
    with work_on() as work:
        asked(work)
        request = asked(work)
        accept_request(work, request.id, version=request.version, reason="It fits.")
        request_id = request.id
    with work_on() as work:
        request = get_request(work, request_id)
        with statements(work.session.get_bind()) as seen:
            assert same_work(work, request) == NO_OTHER
        assert seen == []


def test_a_repeat_links_to_the_first_whichever_is_named(work_on, clock) -> None:
    with work_on() as work:
        first_id = asked(work).id
    clock.instant += timedelta(days=1)
    with work_on() as work:
        second = asked(work)
        second_id = second.id
        repeat(work, second, get_request(work, first_id))
    clock.instant += timedelta(days=1)
    with work_on() as work:
        third = asked(work)
        repeat(work, third, get_request(work, second_id))
        assert third.previous_request_id == first_id
        found = same_work(work, third)
        assert [one.id for one in found.chain] == [first_id, second_id, third.id]
        assert (found.place, found.another_forum) == (3, True)
        # What is linked is not shown as alike once more.
        assert found.alike == ()
        assert same_work(work, get_request(work, second_id)).another_forum is False
        assert same_work(work, get_request(work, first_id)).place == 1


def test_from_which_request_on_another_forum_is_asked_about_is_a_setting(work_on, clock) -> None:
    with work_on() as work:
        first_id = asked(work).id
        change_setting(work, "repeats_before_another_forum", 2)
    clock.instant += timedelta(days=1)
    with work_on() as work:
        second = asked(work)
        repeat(work, second, get_request(work, first_id))
        assert same_work(work, second).another_forum


def test_when_the_first_turns_out_to_be_a_repeat_its_own_repeats_follow(work_on, clock) -> None:
    ids = []
    for _ in range(3):
        with work_on() as work:
            ids.append(asked(work).id)
        clock.instant += timedelta(days=1)
    with work_on() as work:
        oldest, middle, last = (get_request(work, one) for one in ids)
        repeat(work, last, middle)
        repeat(work, middle, oldest)
        assert {last.previous_request_id, middle.previous_request_id} == {oldest.id}


def test_when_the_first_is_marked_as_a_duplicate_its_repeats_lead_to_the_other(work_on, clock) -> None:
    ids = []
    for _ in range(3):
        with work_on() as work:
            ids.append(asked(work).id)
        clock.instant += timedelta(days=1)
    with work_on() as work:
        other, head, last = (get_request(work, one) for one in ids)
        repeat(work, last, head)
        mark_duplicate(
            work, head.id, of_reference=other.reference, reason="Sent twice.", version=head.version
        )
        work.session.flush()
        assert (head.state, head.previous_request_id, last.previous_request_id) == (
            State.DUPLICATE,
            other.id,
            other.id,
        )
        # Duplicates are one request and do not count.
        assert [one.id for one in same_work(work, last).chain] == [other.id, last.id]
        with pytest.raises(MoveNotPossible):
            repeat(work, head, other)


def test_a_later_request_or_itself_or_none_cannot_be_the_first(work_on, clock) -> None:
    with work_on() as work:
        first_id = asked(work).id
    clock.instant += timedelta(days=1)
    with work_on() as work:
        later, first = asked(work), get_request(work, first_id)
        for reference, words in (
            (later.reference, "Enter the reference of an earlier request"),
            (first.reference, "This is the request itself"),
            ("JAGS-2020-0001", "There is no request with the reference"),
        ):
            with pytest.raises(Invalid, match=words):
                link_as_repeat(work, first.id, of_reference=reference, version=first.version)
        with pytest.raises(Stale):
            link_as_repeat(work, later.id, of_reference=first.reference, version=later.version - 1)


def test_the_link_can_be_taken_away_again(work_on) -> None:
    with work_on() as work:
        first, second = asked(work), asked(work)
        repeat(work, second, first)
        unlink_repeat(work, second.id, version=second.version)
        work.session.flush()
        assert second.previous_request_id is None
        with pytest.raises(MoveNotPossible):
            unlink_repeat(work, second.id, version=second.version)


def test_the_requester_links_their_own_earlier_request_by_their_own_tick(work_on, clock) -> None:
    with work_on() as work:
        earlier_id = asked(work, reference="77").id
        asked(work, reference="78")
        asked(work, email="somebody@example.org", reference="77")
    clock.instant += timedelta(days=2)
    with work_on() as work:
        request_id = asked(work, reference="77").id
        day = get_request(work, earlier_id).received_on
    with work_on(by_link(request_id, Purpose.REQUEST_STATUS)) as work:
        request = get_request(work, request_id)
        found = own_earlier(work, request)
        assert (found.request_id, found.received_on) == (earlier_id, day)
        say_same_work(work, request_id, version=request.version)
    with work_on() as work:
        request = get_request(work, request_id)
        assert request.previous_request_id == earlier_id
        assert own_earlier(work, request) is None


@pytest.mark.parametrize(
    "earlier",
    [
        {"email": "somebody@example.org", "reference": "77"},
        {"reference": "78"},
        {"reference": "77", "confirmed": False},
        {"reference": ""},
    ],
)
def test_nobody_learns_of_a_request_that_is_not_surely_their_own(work_on, clock, earlier) -> None:
    with work_on() as work:
        asked(work, **earlier)
    clock.instant += timedelta(days=2)
    with work_on() as work:
        request_id = asked(work, reference=earlier["reference"] if not earlier["reference"] else "77").id
    with work_on(by_link(request_id, Purpose.REQUEST_STATUS)) as work:
        request = get_request(work, request_id)
        assert own_earlier(work, request) is None
        with pytest.raises(MoveNotPossible):
            say_same_work(work, request_id, version=request.version)


def test_a_link_to_one_request_says_nothing_of_another(work_on) -> None:
    with work_on() as work:
        asked(work, reference="77")
        request_id, other_id = asked(work, reference="77").id, asked(work).id
    with work_on(by_link(other_id, Purpose.REQUEST_STATUS)) as work:
        with pytest.raises(LinkNotValid):
            say_same_work(work, request_id, version=1)
        with pytest.raises(NotFound):
            get_request(work, request_id)


def test_only_who_decides_on_requests_links_them(work_on) -> None:
    with work_on() as work:
        first, second = asked(work), asked(work)
        lead = coordinator(work)
        ids = (first.reference, second.id)
    with work_on(lead) as work:
        request = get_request(work, ids[1])
        link_as_repeat(work, request.id, of_reference=ids[0], version=request.version)
    with work_on() as work:
        assert get_request(work, ids[1]).previous_request_id is not None
