"""Themes for an agenda: what enough sessions share, and nothing of fewer."""

import pytest

from conftest import NOW, WorkOn
from factories.pool import accepted_request
from jags.kernel.time import LONDON, days
from jags.practice.queries import Theme, themes_of_sessions
from jags.requests.model import RequestChoice
from jags.requests.rules import Question, Reason
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState


def held(work, number, *reasons, days_ago=30, state=SessionState.HELD):
    """Add so many sessions that were asked for some reasons."""
    for n in range(number):
        request = accepted_request(work, name=f"Asha {n}", email=f"asha{n}@example.org")
        work.session.query(RequestChoice).filter_by(request_id=request.id, question=Question.REASON).delete()
        work.session.add_all(
            RequestChoice(request_id=request.id, question=Question.REASON, choice=reason)
            for reason in reasons
        )
        starts_at = work.now - days(days_ago)
        work.session.add(
            JagsSession(
                request_id=request.id,
                key_id=request.key_id,
                state=state,
                starts_at=starts_at,
                wall_start=starts_at.astimezone(LONDON).replace(tzinfo=None),
                minutes=120,
                calendar_uid=f"{request.id}@example.org",
            )
        )
    work.session.flush()


@pytest.mark.parametrize(("sessions", "found"), [(4, ()), (5, (Theme(Reason.DRIFT, 5),))])
def test_a_theme_needs_five_sessions(work_on: WorkOn, sessions, found):
    with work_on() as work:
        held(work, sessions, Reason.DRIFT)
        held(work, 1, Reason.STUCK, Reason.OTHER)
        themes = themes_of_sessions(work)
        assert (themes.sessions, themes.themes) == (sessions + 1, found)


def test_only_sessions_held_in_twelve_months_count_and_the_most_frequent_comes_first(work_on: WorkOn):
    with work_on() as work:
        held(work, 5, Reason.STUCK, Reason.DRIFT)
        held(work, 1, Reason.DRIFT)
        held(work, 1, Reason.STUCK, days_ago=366)
        held(work, 1, Reason.STUCK, state=SessionState.CANCELLED)
        themes = themes_of_sessions(work)
        assert themes.sessions == 6
        assert themes.themes == (Theme(Reason.DRIFT, 6), Theme(Reason.STUCK, 5))
        assert work.now == NOW
