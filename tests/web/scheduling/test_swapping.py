"""Change places with another session, and take a postponed date up again, in a browser."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from factories.agreed import agree_with, people_of_pool
from factories.pages import (
    errors,
    queries_of,
    sign_in,
    text_of,
    token,
    version,
)
from factories.sessions import COORDINATOR, WALL, arrange
from jags.accounts.rules import Role
from jags.facilitators.model import Booking
from jags.facilitators.rules import BookingKind, Span
from jags.facilitators.service import note_leave, occupy
from jags.kernel.time import from_wall
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import get_session
from jags.scheduling.service import postpone_session


def send(client, path, **fields):
    shown = client.get(path)
    return client.post(path, data={"csrf_token": token(shown), "version": version(shown), **fields})


def test_two_sessions_change_places_and_a_postponed_date_comes_back(client, work_on):
    ann, ben = people_of_pool(work_on, "Ann", "Ben")
    first, second = agree_with(work_on, [(ann, ben), (ann, ben)])
    mine, theirs = arrange(work_on, first), arrange(work_on, second, wall_start=WALL + timedelta(days=1))
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/sessions/{mine}/swap"
    assert errors(send(client, path)) == ["Select a session."]
    with work_on() as work:
        shown = f"{theirs}.{work.session.get_one(JagsSession, theirs).version}"
    assert send(client, path, other=shown).status_code == 303
    with work_on() as work:
        assert work.session.get_one(JagsSession, mine).wall_start == WALL + timedelta(days=1)
    # The other one has moved since: its old version is refused, and a choice that was never offered, too.
    assert send(client, path, other=shown).status_code == 200

    with work_on(COORDINATOR) as work:
        postpone_session(work, mine, version=get_session(work, mine).version)
    again = f"/sessions/{mine}/take-up-again"
    assert "Take this date up again" in text_of(client.get(f"/sessions/{mine}"))
    with work_on() as work:
        note_leave(work, ann, from_on=WALL.date() + timedelta(days=1), to_on=WALL.date() + timedelta(days=1))
    refused = send(client, again)
    assert refused.status_code == 409
    assert errors(refused) == [
        (
            "Ann is away until Wednesday 9 December 2026. Choose another time, or ask them. "
            "You can also set another date, on the page of the request."
        )
    ]
    with work_on() as work:
        for leave in work.session.scalars(select(Booking).where(Booking.kind == BookingKind.LEAVE)):
            work.session.delete(leave)
    assert send(client, again).status_code == 303


def test_only_those_near_by_that_all_four_could_hold_are_offered_and_another_is_named(client, work_on, app):
    pairs = [people_of_pool(work_on, f"First {n}", f"Second {n}") for n in range(5)]
    held = agree_with(work_on, pairs)
    mine, theirs, busy, far, paused = (
        arrange(work_on, one, wall_start=WALL + timedelta(days=days))
        for one, days in zip(held, (0, 1, 2, 90, 3), strict=True)
    )
    with work_on() as work:
        # The first of the third pair has something else where mine is.
        span = Span(from_wall(WALL), from_wall(WALL + timedelta(hours=1)))
        occupy(work, uuid.uuid4(), kind=BookingKind.TRAINING, time=span, person_ids=[pairs[2][0]])
        shown = {
            name: get_session(work, key).request
            for name, key in zip("mtbfp", (mine, theirs, busy, far, paused), strict=True)
        }
        names = {name: request.reference for name, request in shown.items()}
        shown["p"].paused_at = work.now
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/sessions/{mine}/swap"
    page = client.get(path).get_data(as_text=True)
    offered = [name for name in "tbfp" if names[name] in page]
    assert offered == ["t", "f"]
    assert "that can be moved" not in page

    named = client.get(f"{path}?reference={names['b'].lower()}")
    assert names["b"] in text_of(named)
    refused = send(client, f"{path}?reference={names['b']}", other=f"{busy}.1")
    assert refused.status_code == 409
    assert errors(refused) == [
        "First 2 is booked already, Tuesday 8 December 2026, 2pm to 3pm. Choose another time."
    ]
    for nobody in (names["p"], "JAGS-2020-999", names["m"], "elsewhere"):
        said = client.get(path, query_string={"reference": nobody})
        assert f"There is no session to come of “{nobody}” that can be moved." in text_of(said)


def test_changing_places_looks_at_as_few_rows_for_many_sessions_as_for_few(client, app, work_on):
    held = agree_with(work_on, [people_of_pool(work_on, f"First {n}", f"Second {n}") for n in range(13)])
    first = arrange(work_on, held[0])
    sign_in(client, work_on, Role.COORDINATOR)
    numbers = []
    for weeks, one in enumerate(held[1:], start=1):
        arrange(work_on, one, wall_start=WALL + timedelta(weeks=weeks))
        if weeks in (2, 12):
            numbers.append(queries_of(client, app, f"/sessions/{first}/swap"))
    assert numbers[0] == numbers[1]
    assert client.get(f"/sessions/{first}/swap").get_data(as_text=True).count('name="other"') == 10
