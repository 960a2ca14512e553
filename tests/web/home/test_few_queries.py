"""The first page of the Business Unit reads as little with much to do as with little."""

from datetime import UTC, date, datetime

from factories.dates import ask
from factories.pages import sign_in
from factories.people import account
from factories.pool import offered
from factories.sessions import agree, arrange
from factories.statements import of_the_page, statements
from jags.accounts.rules import Role
from jags.quality.rules.afterwards import ConcernRoute
from jags.quality.service.afterwards import Taking, note_concern, wish_call
from jags.scheduling.model import DateQuestion

# The Wednesday after the sessions of factories.sessions.WALL.
AFTER = datetime(2026, 12, 9, 10, tzinfo=UTC)
TAKING = Taking("Person 1, A School", ConcernRoute.CHILDRENS_ADVICE, date(2026, 12, 9))
DATES = tuple(datetime.fromisoformat(f"2027-01-{day}T10:00") for day in ("11", "12"))
LIMIT = 20


def something_of_each(work_on, clock, round_: int) -> None:
    """Add an open offer, a question about dates with silent people, and a session with a call and a concern."""
    now = clock.instant
    held = agree(work_on, names=(f"Ash {round_}", f"Birch {round_}"))
    session_id = arrange(work_on, held)
    clock.instant = AFTER
    with work_on(held.actors[0]) as work:
        wish_call(work, session_id)
        note_concern(work, session_id, TAKING)
    asked = agree(work_on, names=(f"Cas {round_}", f"Dot {round_}"))
    question_id = ask(work_on, asked, *DATES, answer_by=date(2026, 12, 18))
    with work_on() as work:
        # Silent since the one reminder, so that somebody rings them.
        work.session.get_one(DateQuestion, question_id).nudged_at = now
        offered(work, f"Eve {round_}", f"Fay {round_}")
    clock.instant = now


def queries(app, client) -> int:
    client.get("/home")
    with statements(app) as seen:
        page = client.get("/home")
    for told in (
        "like to be rung",
        "Concerns",
        "This week’s sessions",
        "about the date",
        "Waiting for a decision",
    ):
        assert told in page.text
    return len([one for one in of_the_page(seen) if one.lstrip().upper().startswith(("SELECT", "WITH"))])


def test_home_takes_as_many_queries_with_four_of_each_thing_to_do_as_with_one(
    app, client, work_on, clock
) -> None:
    with work_on() as work:
        account(work, Role.COORDINATOR, name="Wren Young")
    something_of_each(work_on, clock, 0)
    now = clock.instant
    clock.instant = AFTER
    sign_in(client, work_on, Role.COORDINATOR)
    few = queries(app, client)
    clock.instant = now
    for round_ in range(1, 4):
        something_of_each(work_on, clock, round_)
    clock.instant = AFTER
    assert queries(app, client) == few <= LIMIT
