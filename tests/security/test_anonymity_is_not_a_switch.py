"""A promise of privacy: anonymity is not a switch; no setting, environment variable or row of settings turns it off."""

import dataclasses
import re
from datetime import date

import pytest
from sqlalchemy import select

from config import Config
from factories.feedback_rounds import answer, close, open_round
from factories.sessions import COORDINATOR
from jags.evaluation.queries import figures
from jags.feedback.model import Pool, Round
from jags.feedback.rules import RoundState
from jags.kernel.errors import Invalid
from jags.settings.model import Setting
from jags.settings.rules import Partnership
from jags.settings.service import change_setting

# How a switch would be called.
SWITCH = re.compile(
    r"anonym|pseudonym|who_answered|identif|reveal|named_feedback|suppress|disclos|bands?_off"
)


@pytest.mark.parametrize(("key", "below"), [("feedback_least_inside", 4), ("feedback_least_outside", 9)])
def test_the_least_numbers_of_answers_can_be_raised_and_never_lowered(work_on, key, below):
    for value in (below, 0, -1):
        with work_on() as work, pytest.raises(Invalid, match="must be at least"):
            change_setting(work, key, value)
    with work_on() as work:
        change_setting(work, key, 12)


def test_a_row_that_somebody_wrote_into_the_database_lowers_nothing(work_on, clock):
    with work_on() as work:
        for key in ("feedback_least_inside", "feedback_least_outside"):
            work.session.add(Setting(key=key, value="1", changed_at=work.now))
    for people in (4, 6):
        _, tickets = open_round(work_on, people=people)
        answer(work_on, tickets)
    close(work_on, clock)
    with work_on(write=False) as work:
        # Four answers stay sealed; six are opened, and told inside alone.
        assert work.session.scalars(select(Pool.answers)).all() == [6]
        states = dict(work.session.execute(select(Round.invited, Round.state)).all())
        assert states == {4: RoundState.WAITING, 6: RoundState.OPENED}
    november = {"from_on": date(2026, 11, 1), "to_on": date(2026, 11, 30)}
    with work_on(COORDINATOR, write=False) as work:
        assert figures(work, **november).feedback.answers == 6
        assert figures(work, **november, outside=True).feedback.answers == 0


def test_no_setting_and_no_variable_is_called_like_a_switch():
    names = [one.name for cls in (Partnership, Config) for one in dataclasses.fields(cls)]
    assert len(names) > 60
    assert [name for name in names if SWITCH.search(name)] == []
