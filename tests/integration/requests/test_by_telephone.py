"""A coordinator enters a request for somebody on the telephone: no confirmation, an address is not needed."""

import dataclasses
from datetime import timedelta

import pytest

from factories.people import account
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
    envelopes,
)
from jags.accounts.queries import actor_of
from jags.accounts.rules import Purpose, Role
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import Invalid, LinkNotValid, NotFound
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind
from jags.requests.model import Request
from jags.requests.queries import (
    begun_by_telephone,
    find_by_reference,
    get_entry,
    get_request,
    timeline,
    work_queue,
)
from jags.requests.rules import Filters, Source, State, Verb
from jags.requests.service import (
    confirm_requester,
    delete_old_drafts,
    save_answers,
    start_draft,
    submit_request,
)
from jags.settings.queries import partnership

NO_ADDRESS = dataclasses.replace(ABOUT_YOU, contact=dataclasses.replace(ABOUT_YOU.contact, email=""))
REST = (ABOUT_THE_CHILD, WHY, INVOLVED, ADULTHOOD, LAST)


@pytest.fixture
def lead(work_on) -> Actor:
    with work_on() as work:
        return coordinator(work)


def entry(work, *pages) -> Request:
    request = start_draft(work, *pages, source=Source.TELEPHONE)
    work.session.flush()
    return request


def test_a_request_from_the_telephone_is_considered_at_once(work_on, lead) -> None:
    with work_on(lead) as work:
        request = entry(work, NO_ADDRESS, *REST)
        submit_request(work, request)
        request_id = request.id
    with work_on(lead) as work:
        request = get_request(work, request_id)
        assert (request.source, request.state) == (Source.TELEPHONE, State.IN_TRIAGE)
        assert (request.received_at, request.confirmed_at) == (work.now, work.now)
        assert [step.verb for step in timeline(work, request)] == [Verb.SUBMIT, Verb.CONFIRM_BY_TELEPHONE]
        assert [step.by for step in timeline(work, request)] == ["Wren Young", "Wren Young"]
        # Nobody can be written to, so nothing is queued.
        assert work.session.query(OutboxMessage).filter_by(about_ref=str(request_id)).count() == 0
        assert request.requester_to_confirm_since is None


def test_an_address_typed_by_us_opens_nothing_before_its_reader_said_that_it_is_them(work_on, lead) -> None:
    with work_on(lead) as work:
        request = entry(work, ABOUT_YOU, *REST)
        submit_request(work, request)
        request_id = request.id
    with work_on() as work:
        assert envelopes(work, MailKind.CONFIRM_REQUEST) == []
        (mail,) = envelopes(work, MailKind.REQUEST_RECEIVED)
        assert (mail["email"], mail["link_purpose"]) == ("asha@example.org", Purpose.CONFIRM_REQUESTER)
    with work_on(by_link(request_id, Purpose.REQUEST_STATUS)) as work, pytest.raises(NotFound):
        get_request(work, request_id)
    with work_on(by_link(request_id, Purpose.CONFIRM_REQUESTER)) as work:
        confirm_requester(work, request_id)
    with work_on(by_link(request_id, Purpose.REQUEST_STATUS)) as work:
        assert get_request(work, request_id).state is State.IN_TRIAGE


def test_taking_it_in_twice_has_one_effect_and_lacking_answers_stop_it(work_on, lead) -> None:
    with work_on(lead) as work:
        request = entry(work, NO_ADDRESS)
        with pytest.raises(Invalid, match="Some answers are still missing"):
            submit_request(work, request)
        save_answers(work, request, *REST)
        submit_request(work, request)
        submit_request(work, request)
        work.session.flush()
        assert len(timeline(work, request)) == 2


def test_unfinished_entries_are_seen_by_coordinators_only_and_in_no_list_of_requests(work_on, lead) -> None:
    with work_on(lead) as work:
        request_id = entry(work, NO_ADDRESS).id
    with work_on() as work:
        theirs = draft(work).id
        others = [actor_of(account(work, role)) for role in (Role.FACILITATOR, Role.ADMINISTRATOR)]
    with work_on(lead) as work:
        assert [one.id for one in begun_by_telephone(work)] == [request_id]
        assert get_entry(work, request_id).id == request_id
        # What a practitioner has begun is theirs.
        with pytest.raises(NotFound):
            get_entry(work, theirs)
        with pytest.raises(NotFound):
            get_request(work, request_id)
        assert find_by_reference(work, "") is None
        assert work_queue(work, Filters(states=frozenset(State))).total == 0
    for other in [
        *others,
        by_link(request_id, Purpose.REQUEST_DRAFT),
        by_link(theirs, Purpose.REQUEST_STATUS),
    ]:
        with work_on(other) as work:
            assert begun_by_telephone(work) == []
            with pytest.raises(NotFound):
                get_entry(work, request_id)


def test_a_stranger_writes_nothing_into_an_entry(work_on, lead) -> None:
    with work_on(lead) as work:
        request_id = entry(work, NO_ADDRESS).id
    nobody = Actor(ActorKind.LINK, "link:test", purpose=Purpose.REQUEST_STATUS, subject_id=request_id)
    with work_on(nobody) as work, pytest.raises(LinkNotValid):
        save_answers(work, work.session.get_one(Request, request_id), WHY)


def test_what_was_sent_is_no_entry_any_more(work_on, lead) -> None:
    with work_on(lead) as work:
        request = entry(work, NO_ADDRESS, *REST)
        submit_request(work, request)
        work.session.flush()
        assert begun_by_telephone(work) == []
        with pytest.raises(NotFound):
            get_entry(work, request.id)


def test_an_unfinished_entry_is_deleted_after_its_days_like_any_draft(work_on, lead, clock) -> None:
    with work_on(lead) as work:
        entry(work, NO_ADDRESS)
        kept = partnership(work).draft_kept_days
    clock.instant += timedelta(days=kept, minutes=-1)
    with work_on() as work:
        assert delete_old_drafts(work) == 0
    clock.instant += timedelta(minutes=2)
    with work_on() as work:
        assert delete_old_drafts(work) == 1
        assert work.session.query(Request).count() == 0
