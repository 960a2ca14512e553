"""Rest after a heavy session: who marks it, for how long, and what it keeps away; on both databases."""

from datetime import timedelta

import pytest

from conftest import NOW, WorkOn
from factories.pool import accepted_request, declares, facilitator, offer_to, offers_slots, signs_in, span
from jags.allocation.assembly import assemble, assemble_waiting
from jags.allocation.choice import ranking_for
from jags.allocation.queries import get_offer, kept_offers
from jags.allocation.rules import OfferState, Rule
from jags.allocation.service import accept_offer, decline_offer, offer_pair
from jags.facilitators.queries import heavy_marks, load
from jags.facilitators.rules import BookingKind
from jags.facilitators.service import book, mark_heavy
from jags.kernel.errors import Invalid, NotAllowed, NotFound
from jags.kernel.ids import new_id
from jags.kernel.work import Work
from jags.requests.queries import get_request
from jags.settings.service import change_setting

TODAY = NOW.date()


def held(work: Work, person_id, days_ago: int, *, heavy: bool = True):
    """Book a session on a day in the past, and mark it as heavy; return what the booking stands for."""
    ref, when = new_id(), span(TODAY - timedelta(days=days_ago), 14, 17)
    book(work, person_id, when.starts_at, when.ends_at, BookingKind.SESSION, ref)
    if heavy:
        mark_heavy(work, person_id, ref, heavy=True)
    return ref


@pytest.mark.parametrize(("days_ago", "until"), [(0, 14), (13, 1), (14, 0), (15, None)])
def test_rest_lasts_so_many_days_after_the_day_of_the_session(
    work_on: WorkOn, days_ago: int, until: int | None
) -> None:
    with work_on() as work:
        ann = facilitator(work, "Ann")
        held(work, ann, days_ago)
        held(work, ann, days_ago - 1, heavy=False)
    with work_on() as work:
        rests = load(work, [ann], TODAY)[ann].rests_until
        assert rests == (None if until is None else TODAY + timedelta(days=until))


def test_a_setting_of_no_days_still_rests_on_the_day_itself_only(work_on: WorkOn) -> None:
    with work_on() as work:
        change_setting(work, "rest_days_after_heavy_session", 0)
        ann, ben = facilitator(work, "Ann"), facilitator(work, "Ben")
        held(work, ann, 0)
        held(work, ben, 1)
    with work_on() as work:
        found = load(work, [ann, ben], TODAY)
        assert (found[ann].rests_until, found[ben].rests_until) == (TODAY, None)


def test_it_is_marked_for_one_person_and_taken_back(work_on: WorkOn) -> None:
    with work_on() as work:
        ann, ben = facilitator(work, "Ann"), facilitator(work, "Ben")
        own, other = signs_in(work, ann), signs_in(work, ben)
        ref = held(work, ann, 1, heavy=False)
        when = span(TODAY - timedelta(days=1), 14, 17)
        book(work, ben, when.starts_at, when.ends_at, BookingKind.SESSION, ref)
    with work_on(own) as work:
        mark_heavy(work, ann, ref, heavy=True)
    with pytest.raises(NotAllowed), work_on(other) as work:
        mark_heavy(work, ann, ref, heavy=False)
    with work_on() as work:
        assert heavy_marks(work, ref) == {ann: True, ben: False}
        mark_heavy(work, ann, ref, heavy=False)
        assert heavy_marks(work, ref) == {ann: False, ben: False}
        with pytest.raises(NotFound):
            mark_heavy(work, ann, new_id(), heavy=True)


def test_who_had_accepted_before_a_heavy_session_is_kept_for_that_request_alone(work_on: WorkOn) -> None:
    with work_on() as work:
        people = tuple(facilitator(work, name) for name in ("Ann", "Ben", "Cat"))
        for person_id in people:
            offers_slots(work, person_id, 0, 1)
        offered = offer_to(work, accepted_request(work), people)
        other_id = accepted_request(work, agency_name="Police").id
    for place in (0, 1):
        with work_on(offered.actors[place]) as work:
            declares(work, offered.offers[place])
    with work_on(offered.actors[0]) as work:
        accept_offer(work, offered.offers[0], version=get_offer(work, offered.offers[0]).version)
    with work_on() as work:
        held(work, people[0], 1)
    with work_on(offered.actors[1]) as work:
        # Her partner declines after the session that was heavy for her.
        decline_offer(work, offered.offers[1], version=get_offer(work, offered.offers[1]).version)
    with work_on() as work:
        kept = get_request(work, offered.request_id)
        assert kept_offers(work, [kept.id])[kept.id].person_id == people[0]
        assert str(people[0]) not in assemble(work, kept).problem.requests[0].blocked
        (group,) = assemble_waiting(work, [kept, get_request(work, other_id)])
        blocked = {one.id: one.blocked.get(str(people[0])) for one in group.problem.requests}
        assert blocked == {str(kept.id): None, str(other_id): (Rule.RESTING,)}
        offer_pair(work, kept.id, person_ids=[people[0], people[2]], version=kept.version)
        with pytest.raises(Invalid, match="rests after a heavy session"):
            offer_to(work, get_request(work, other_id), (people[0], people[2]))


def test_who_was_offered_before_a_heavy_session_may_still_accept(work_on: WorkOn) -> None:
    with work_on() as work:
        ids = (facilitator(work, "Ann"), facilitator(work, "Ben"))
        offered = offer_to(work, accepted_request(work), ids)
    with work_on(offered.actors[0]) as work:
        declares(work, offered.offers[0])
    with work_on() as work:
        held(work, ids[0], 0)
    with work_on(offered.actors[0]) as work:
        version = get_offer(work, offered.offers[0]).version
        assert accept_offer(work, offered.offers[0], version=version).state is OfferState.ACCEPTED


def test_nothing_new_is_offered_to_who_rests(work_on: WorkOn) -> None:
    with work_on() as work:
        request_id = accepted_request(work).id
        ann, ben = facilitator(work, "Ann"), facilitator(work, "Ben")
        for person_id in (ann, ben):
            offers_slots(work, person_id, 0, 1)
        ref = held(work, ann, 3)
    with work_on() as work:
        request = get_request(work, request_id)
        assert assemble(work, request).problem.requests[0].blocked == {str(ann): (Rule.RESTING,)}
        choice = ranking_for(work, request)
        assert choice.pairs == ()
        assert "rests after a heavy session" in {s.person.name: s.words for s in choice.everybody}["Ann"]
        with pytest.raises(Invalid, match="rests after a heavy session"):
            offer_to(work, request, (ann, ben))
    with work_on() as work:
        mark_heavy(work, ann, ref, heavy=False)
        offer_to(work, get_request(work, request_id), (ann, ben))
