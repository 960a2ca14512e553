"""Tell what people said: in bands, from enough answers, as whoever asks may see it."""

from collections.abc import Mapping

from jags.accounts.rules import Permission
from jags.evaluation.queries.days import instants_of
from jags.evaluation.queries.later import few_answers, later_lines
from jags.evaluation.rules import Feedback, Later, Period, Which
from jags.feedback import queries as feedback_queries
from jags.feedback.rules import LEAST_ANSWERS, LEAST_ANSWERS_OUTSIDE, FormKey, RoundState
from jags.feedback.rules.bands import Opinion, band, band_beside
from jags.feedback.rules.forms import AGREES, Agreement
from jags.kernel.actor import ActorKind
from jags.kernel.work import Work
from jags.settings.queries import partnership

NOT_BY_LOCALITY = "Answers are kept without their session, so nobody knows from which locality they came. They are told of all localities together."
# Whether figures are seen as the Business Unit sees them, and opinions from how many answers.
Reader = tuple[bool, int]


def feedback_told(work: Work, period: Period, which: Which, reader: Reader) -> Feedback:
    """Return the opinions of a period; none of one locality."""
    if which.locality:
        return Feedback.not_told(NOT_BY_LOCALITY, least=reader[1], in_blocks=not reader[0])
    return feedback_of(work, period, transitional=which.transitional, reader=reader)


def feedback_of(work: Work, period: Period, *, transitional: bool, reader: Reader) -> Feedback:
    """Return the opinions of a period as a reader sees them."""
    held_from, held_before = instants_of(period)
    inside, least = reader
    found = feedback_queries.pooled(
        work,
        held_from=held_from,
        held_before=held_before,
        transitional=transitional,
        outside=not inside,
    )
    others = feedback_queries.rounds_not_opened(
        work, held_from=held_from, held_before=held_before, transitional=transitional
    )
    opinions: tuple[Opinion, ...] = ()
    hidden = ""
    # Whoever sees the confirmed alone sees all as well, and may take one from the other.
    beside = (
        feedback_queries.pooled(
            work, held_from=held_from, held_before=held_before, transitional=False, outside=not inside
        ).ratings
        if transitional
        else {}
    )
    if found.answers < least:
        hidden = few_answers(least)
    else:
        opinions = tuple(
            _opinion(item.key, item.words, found.ratings.get(item.key, {}), least, beside.get(item.key, {}))
            for item in feedback_queries.statements(work)
            if item.key in found.ratings or not item.only_transitional
        )
    return Feedback(
        answers=found.answers,
        invited=found.invited,
        sessions=found.sessions,
        moved_in=found.moved_in,
        moved_out=found.moved_out,
        still_open=others.get(RoundState.OPEN, 0),
        waiting=others.get(RoundState.WAITING, 0),
        least=least,
        in_blocks=not inside,
        opinions=opinions,
        hidden=hidden,
    )


def reader_of(work: Work, *, outside: bool) -> Reader:
    """Return how whoever acts sees figures; `outside` gives them what others see."""
    settings = partnership(work)
    inside = not outside and (
        work.actor.kind is ActorKind.SYSTEM or work.actor.can(Permission.EVALUATION_READ_INSIDE)
    )
    least = max(LEAST_ANSWERS, settings.feedback_least_inside)
    return inside, least if inside else max(LEAST_ANSWERS_OUTSIDE, least, settings.feedback_least_outside)


def later_told(work: Work, period: Period, which: Which, reader: Reader) -> Later:
    """Return the survey some weeks later of a period; nothing of one locality."""
    if which.locality:
        return Later(0, 0, 0, reader[1], (), NOT_BY_LOCALITY)
    held_from, held_before = instants_of(period)
    inside, least = reader
    found = feedback_queries.pooled(
        work,
        held_from=held_from,
        held_before=held_before,
        transitional=which.transitional,
        outside=not inside,
        form=FormKey.LATER,
    )
    hidden = "" if found.answers >= least else few_answers(least)
    beside = (
        feedback_queries.pooled(
            work,
            held_from=held_from,
            held_before=held_before,
            transitional=False,
            outside=not inside,
            form=FormKey.LATER,
        ).ratings
        if which.transitional
        else {}
    )
    return Later(
        answers=found.answers,
        invited=found.invited,
        sessions=found.sessions,
        least=least,
        lines=() if hidden else later_lines(found.ratings, least, beside=beside),
        hidden=hidden,
    )


def _opinion(
    item: str, words: str, ratings: Mapping[str, int], least: int, beside: Mapping[str, int]
) -> Opinion:
    """Return an opinion; `beside` are the ratings of all, where these are some of them."""
    (agreed, n), (all_agreed, of_n) = _agreed(ratings), _agreed(beside)
    of_band = band(all_agreed, of_n) if of_n >= least else ""
    return Opinion(item, words, n, band_beside(agreed, n, of_n=of_n, of_band=of_band) if n >= least else "")


def _agreed(ratings: Mapping[str, int]) -> tuple[int, int]:
    """Return how many agreed, and of how many to whom it applies."""
    return (
        sum(number for option, number in ratings.items() if option in AGREES),
        sum(number for option, number in ratings.items() if option != Agreement.NOT_APPLICABLE),
    )
