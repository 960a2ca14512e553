"""When something can be said of a quarter, and which quarters there are."""

from datetime import date

import pytest

from jags.quality.rules.approach import (
    Quarter,
    Share,
    Told,
    ended_quarters,
    quarter_of,
    share_of_answers,
)
from jags.quality.rules.elements import Element
from jags.quality.rules.said import (
    HELD,
    HELD_WELL,
    LINE_MANAGERS,
    OBSERVED,
    Tallies,
    by_facilitators,
    of_one_session,
    sessions_in,
    share_in,
    together,
)

OPENING = by_facilitators(Element.OPENING)


def said(key: str, *values: str, sessions: int = 9) -> Tallies:
    """Return values said of so many sessions in turn."""
    return together(
        of_one_session(((key, value) for value in values[number::sessions]), observed=number % 2)
        for number in range(sessions)
    )


@pytest.mark.parametrize(
    ("values", "sessions", "told"),
    [
        ((), 9, Share(Told.NOT_RECORDED)),
        (("", ""), 9, Share(Told.NOT_RECORDED)),
        (("seen",) * 4, 9, Share(Told.TOO_FEW)),
        # Two facilitators each of four sessions are eight answers, and still four sessions.
        (("seen",) * 8, 4, Share(Told.TOO_FEW)),
        (
            ("seen", "seen", "partly", "not_this_time", "seen"),
            9,
            Share(Told.SHOWN, "half to three quarters", 5),
        ),
        # Who had no chance to see is left out, also where five are asked for.
        (("seen",) * 4 + ("no_chance",), 9, Share(Told.TOO_FEW)),
        (("no_chance",), 9, Share(Told.TOO_FEW)),
        (("seen",) * 5, 9, Share(Told.SHOWN, "all or all but one", 5)),
    ],
)
def test_what_was_seen_is_told_from_five_sessions_and_five_answers(values, sessions, told):
    assert share_in(said(OPENING, *values, sessions=sessions), OPENING) == told


def test_other_choices_are_shared_out_alike():
    values = ("held_well", "held_well", "partly", "nobody", "held_well", "in_the_way", "not_known")
    assert share_in(said(HELD_WELL, *values), HELD_WELL) == Share(Told.SHOWN, "half to three quarters", 5)
    # Of seven reflections six know whether a line manager was there, and five of them say that one was.
    assert share_in(said(LINE_MANAGERS, *values), LINE_MANAGERS) == Share(Told.SHOWN, "all or all but one", 6)
    assert share_of_answers(sessions=5, agreed=0, n=0) == Share(Told.NOT_RECORDED)
    assert share_of_answers(sessions=4, agreed=9, n=9) == Share(Told.TOO_FEW)


def test_what_was_said_adds_up_over_sessions_and_keeps_none_apart():
    first, second = said(OPENING, *("seen",) * 3, sessions=3), said(OPENING, *("partly",) * 2, sessions=2)

    both = together([first, second])

    assert (sessions_in(both, HELD), sessions_in(both, OBSERVED), sessions_in({}, HELD)) == (5, 2, 0)
    assert both[OPENING] == {"seen": 3, "partly": 2, "sessions": 5}
    assert share_in(both, OPENING) == Share(Told.SHOWN, "half to three quarters", 5)
    assert share_in(first, OPENING) == Share(Told.TOO_FEW)


def test_quarters_that_have_ended_the_latest_first():
    assert ended_quarters(date(2026, 4, 1), number=3) == [
        Quarter(2026, 1),
        Quarter(2025, 4),
        Quarter(2025, 3),
    ]
    assert ended_quarters(date(2026, 3, 31), number=1) == [Quarter(2025, 4)]
    assert (quarter_of(date(2026, 12, 31)).first, Quarter(2026, 4).after) == (
        date(2026, 10, 1),
        Quarter(2027, 1),
    )
    assert Quarter(2026, 1).words == "January to March 2026"
