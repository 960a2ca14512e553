"""The story of a request: who moved it and when, with what nobody outside reads."""

import pytest
from sqlalchemy import select

from factories.requests import (
    coordinator,
    in_triage,
    sent,
)
from jags.audit.model import AuditEvent
from jags.kernel.errors import MoveNotPossible
from jags.requests.model import RequestMove
from jags.requests.queries import (
    get_request,
    timeline,
)
from jags.requests.rules import (
    MoveNote,
    State,
    Verb,
)
from jags.requests.service import (
    confirm_by_telephone,
    end_with_mail,
    move_request,
)


def test_the_story_names_colleagues_and_not_requesters(work_on) -> None:
    with work_on() as work:
        request_id, lead = sent(work).id, coordinator(work, "Wren Young")
    with work_on(lead) as work:
        confirm_by_telephone(work, request_id, version=get_request(work, request_id).version)
    with work_on(lead) as work:
        story = timeline(work, get_request(work, request_id))
        assert [(s.verb, s.by) for s in story] == [
            (Verb.SUBMIT, ""),
            (Verb.CONFIRM_BY_TELEPHONE, "Wren Young"),
        ]


def test_a_move_keeps_its_number_and_its_reason_stays_out_of_the_event(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        end_with_mail(work, request, Verb.CANCEL, note=MoveNote(reason="A very private reason"))
        request_id = request.id
    with work_on() as work:
        moves = work.session.scalars(
            select(RequestMove).where(RequestMove.request_id == request_id).order_by(RequestMove.number)
        ).all()
        assert [m.number for m in moves] == [1, 2, 3]
        events = work.session.scalars(
            select(AuditEvent).where(AuditEvent.subject_ref == str(request_id))
        ).all()
        assert len([e for e in events if e.tag == "request:moved"]) == 3
        assert "private" not in str([e.payload for e in events])


@pytest.mark.parametrize("verb", [Verb.HOLD, Verb.SCHEDULE, Verb.ANSWER, Verb.CLOSE, Verb.CONFIRM])
def test_a_verb_that_does_not_leave_the_state_is_refused(work_on, verb) -> None:
    with work_on() as work:
        request = in_triage(work)
        with pytest.raises(MoveNotPossible):
            move_request(work, request, verb)
        assert request.state is State.IN_TRIAGE
