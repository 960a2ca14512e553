"""What was answered before the form stays with the request for monitoring, and decides nothing."""

from sqlalchemy import select

from conftest import WorkOn
from factories.requests import ALL
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.requests.model import Request
from jags.requests.queries import detail_of, work_queue
from jags.requests.rules import Gate, Question
from jags.requests.service import (
    BeforeYouAsk,
    confirm_by_telephone,
    save_answers,
    start_draft,
    submit_request,
)

ALL_YES = BeforeYouAsk(dict.fromkeys(Gate, "We have rung already, and are stuck."))


def asked(work: Work, before: BeforeYouAsk) -> Request:
    request = start_draft(work, before)
    save_answers(work, request, *ALL)
    submit_request(work, request)
    confirm_by_telephone(work, request.id, version=request.version)
    work.session.flush()
    return request


def test_answers_before_the_form_are_kept_and_never_a_verdict(work_on: WorkOn) -> None:
    with work_on() as work:
        went_on, plain = asked(work, ALL_YES), asked(work, BeforeYouAsk())
        assert went_on.chosen(Question.GATE) == set(Gate)
        assert detail_of(work, went_on).gate_danger == "We have rung already, and are stuck."
        assert plain.chosen(Question.GATE) == set()
        # Both are dealt with alike: what the queue tells, sorts by and counts is the same for both.
        one, other = work_queue(work).lines
        alike = ("requester", "agency", "owner", "why_sooner", "whose", "wants_talk", "due_on", "days_left")
        assert [getattr(one, name) for name in alike] == [getattr(other, name) for name in alike]
        states = {(r.state, r.priority, r.route, r.owner_id) for r in (went_on, plain)}
        assert len(states) == 1
        kinds = {
            request.id: sorted(
                work.session.scalars(
                    select(OutboxMessage.kind).where(OutboxMessage.about_ref == str(request.id))
                )
            )
            for request in (went_on, plain)
        }
        assert kinds[went_on.id] == kinds[plain.id]
