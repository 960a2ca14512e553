"""What the made-up year's Business Unit reports: one that was released, and one that is still being written."""

import uuid
from datetime import date, timedelta

from jags.accounts.queries import accounts_with_role, actor_of
from jags.accounts.rules import Role
from jags.cli.demo.world import World
from jags.evaluation.queries.quoting import accounts_to_quote, quotable_comments
from jags.evaluation.queries.reports import get_report
from jags.evaluation.rules import Period
from jags.evaluation.rules.blocks import is_cut
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.rules.reports import Words
from jags.evaluation.service import (
    ask,
    begin_report,
    cuts_of,
    name_readers,
    release_report,
    reply,
    send_for_review,
    state_own_view,
    write_words,
)
from jags.kernel.actor import Actor, system
from jags.kernel.work import Work

# The made-up year has a dozen requests that were received before its last months: what children are told of needs ten.
_A_YEAR = timedelta(days=360)
_QUOTES = 3


def add_reports(world: World) -> None:
    """Release a report of about a year, and begin one of the months since."""
    with world.work(system("demo")) as work:
        cuts = cuts_of(work)
        after = _cut_before(work.today, cuts)
        scrutineer = actor_of(accounts_with_role(work, Role.SCRUTINEER)[0])
        reader = accounts_with_role(work, Role.EVALUATION_READER)[0].person_id
        today = work.today
    last = after - timedelta(days=1)
    first = _cut_before(last - _A_YEAR, cuts)
    _released(world, Asked(Period(first, last)), scrutineer, reader)
    _draft(world, Asked(Period(after, max(after, today)), compared_with=Period(first, last)), scrutineer)


def _cut_before(day: date, cuts: frozenset[str]) -> date:
    """Return the latest day up to another on which a report that is released may begin."""
    while not is_cut(day, cuts):
        day -= timedelta(days=1)
    return day


def _released(world: World, asked: Asked, scrutineer: Actor, reader: uuid.UUID) -> None:
    with world.work(world.coordinator) as work:
        report_id = begin_report(work, asked).id
        quotes = tuple(one.id for one in quotable_comments(work, asked)[:_QUOTES])
        accounts = tuple(one.id for one in accounts_to_quote(work, asked)[:1])
    words = Words(
        {
            "purpose": "The first report since requests come by one form. It is for the partnership’s executive group.",
            "how-much": "Requests came steadily. Those that went another way were told of it within days.",
            "who": "Schools and children’s services ask most. Housing was seldom there.",
            "how-well": "People say that they could slow down. More time is wished for at the end.",
            "gaps": "We do not know what those think who did not answer.",
        },
        (
            (
                "Invite adult services wherever somebody turns 18 within a year",
                "Business Unit",
                str(asked.period.to_on + timedelta(days=180)),
            ),
            ("Speak at the housing providers’ forum", "Locality group", ""),
        ),
        quotes,
        accounts,
    )
    with world.work(world.coordinator) as work:
        write_words(work, report_id, words, version=_version(work, report_id))
    with world.work(world.coordinator) as work:
        name_readers(work, report_id, [reader])
    with world.work(world.coordinator) as work:
        send_for_review(work, report_id, version=_version(work, report_id))
    with world.work(scrutineer) as work:
        question_id = ask(work, report_id, "How do you know that those who did not answer felt the same?").id
    with world.work(world.coordinator) as work:
        reply(work, question_id, "We do not, and say so under “What we do not know”.", version=1)
    with world.work(scrutineer) as work:
        text = "I have looked at the figures and asked how they were made. They are told with care."
        state_own_view(work, report_id, text, version=_version(work, report_id))
    with world.work(scrutineer) as work:
        release_report(work, report_id, version=_version(work, report_id))


def _draft(world: World, asked: Asked, scrutineer: Actor) -> None:
    with world.work(world.coordinator) as work:
        report_id = begin_report(work, asked).id
    words = Words({"purpose": "What has changed since the last report; still being written."})
    with world.work(world.coordinator) as work:
        write_words(work, report_id, words, version=_version(work, report_id))
    with world.work(scrutineer) as work:
        ask(work, report_id, "Will it say how many were about somebody who turns 18?")


def _version(work: Work, report_id: uuid.UUID) -> int:
    return get_report(work, report_id).version
