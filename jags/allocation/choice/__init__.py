"""Say in words who could facilitate: one request, all that wait, a period as it would have been, and the year to come."""

from jags.allocation.choice.changed import ChangeShown, change_of
from jags.allocation.choice.one import (
    SHOWN,
    Choice,
    PairShown,
    Standing,
    doubts_about,
    place_shown,
    rank,
    ranking_for,
)
from jags.allocation.choice.outlook import outlook_in_words
from jags.allocation.choice.people import PersonShown
from jags.allocation.choice.planned import LeftOut, PlannedRow, PlanShown, plan_shown
from jags.allocation.choice.replayed import Differs, ReplayShown, replay_shown
from jags.allocation.engine.wording import HOW_PAIRS_COMPARE

__all__ = [
    "HOW_PAIRS_COMPARE",
    "SHOWN",
    "ChangeShown",
    "Choice",
    "Differs",
    "LeftOut",
    "PairShown",
    "PersonShown",
    "PlanShown",
    "PlannedRow",
    "ReplayShown",
    "Standing",
    "change_of",
    "doubts_about",
    "outlook_in_words",
    "place_shown",
    "plan_shown",
    "rank",
    "ranking_for",
    "replay_shown",
]
