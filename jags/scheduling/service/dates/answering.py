"""Take somebody's answer to a question about dates: by their own link, or as they told us by telephone."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from jags.accounts.rules import spelling
from jags.allocation.queries import agreed_facilitators
from jags.allocation.service import what_stands_against
from jags.kernel.errors import Invalid, MoveNotPossible, NotFound
from jags.kernel.time import day_in_words, from_wall
from jags.kernel.work import Work
from jags.requests.rules import NetworkContact
from jags.requests.service import SomebodyInvolved, take_off_member
from jags.scheduling.model import DateAsked, DateQuestion, DateVote
from jags.scheduling.policy import require_own_answer
from jags.scheduling.queries import get_asked, get_question, question_held, takes_answers
from jags.scheduling.rules import OFFERED_VOTES, ToldBy, Vote
from jags.scheduling.service.dates.messages import cause_prefix, page_of
from jags.scheduling.service.participants import bring_stand_in, tell_that_one_waits


@dataclass(frozen=True)
class Told:
    """That an answer was given by telephone: on which London day, and by whom where it was not the person themselves."""

    on: date
    by: str = ""


def answer_dates(
    work: Work,
    asked_id: uuid.UUID,
    votes: Mapping[uuid.UUID, Vote],
    *,
    instead: SomebodyInvolved | None = None,
    told: Told | None = None,
) -> DateAsked:
    """Keep what somebody answers to each date, instead of what they answered before; nothing happens when it is the same.

    Who comes `instead` joins the network, and whoever looks after the request is told where they may be connected to a
    facilitator. By their own link, or `told` by telephone to somebody who may find the date. Raises `Invalid` (a date's
    field, name, told_on), `MoveNotPossible` once it is closed or while all is paused, `NotFound`.
    """
    require_own_answer(work, asked_id, by_telephone=told is not None)
    asked = get_asked(work, asked_id)
    question = work.session.scalars(question_held(asked.question_id)).one()
    # As it is now that nobody else can change it: the same form may have been sent twice.
    work.session.refresh(asked)
    _expect_open(work, question)
    if told is not None and told.on > work.today:
        raise Invalid("Enter the day on which they told us: today, or before.", field="told_on")
    _check(question, votes)
    wants = Vote.SOMEBODY_ELSE in votes.values()
    if wants and instead is None and asked.instead is None:
        raise Invalid("Enter who comes instead.", field="instead")
    same = votes == {v.option_id: v.vote for v in asked.votes}
    if same and told is None and not (wants and instead and not _is_known(work, asked, instead)):
        return asked
    _set_stand_in(work, question, asked, instead if wants else None, keep=wants)
    known = {v.option_id: v for v in asked.votes}
    for option_id, vote in votes.items():
        if option_id in known:
            known[option_id].vote = vote
        else:
            asked.votes.append(DateVote(asked_id=asked.id, option_id=option_id, vote=vote))
    asked.answered_at = work.now
    asked.told_on, asked.noted_by = (told.on, work.actor.person_id) if told else (None, None)
    work.vault.seal(asked, "told", ToldBy(told.by.strip() if told else ""))
    work.record(
        "date_question:answered",
        question.id,
        request=str(question.request_id),
        by_telephone=told is not None,
        instead=wants,
    )
    return asked


def decide_on_instead(work: Work, question_id: uuid.UUID, asked_id: uuid.UUID, *, come: bool) -> None:
    """Let somebody come who was named instead of another and waits to be looked at, or take them off again.

    Where they are taken off, the answer counts as "cannot" until it is changed. Raises `MoveNotPossible` while they may be
    connected to a facilitator, `NotFound` for somebody who was not named.
    """
    question = get_question(work, question_id, hold=True)
    asked = next((a for a in question.people if a.id == asked_id and a.instead), None)
    if asked is None:
        raise NotFound("There is nobody who was named to come instead.")
    if come:
        pair = agreed_facilitators(work, question.request_id)
        against = what_stands_against(work, question.request, pair, on=_first_of(question))
        if against:
            raise MoveNotPossible(
                f"Something stands between them and a facilitator ({'; '.join(against)}). Clear it first, on the page of "
                "the request, or ask for somebody else."
            )
        asked.stand_in_waits = False
    else:
        _set_stand_in(work, question, asked, None, keep=False)
    work.record("date_question:stand_in_decided", question.id, request=str(question.request_id), come=come)


def _expect_open(work: Work, question: DateQuestion) -> None:
    if question.request.paused:
        raise MoveNotPossible(
            "Everything about this JAGS is paused, so you need not answer. Ring us if you would like to."
        )
    if not takes_answers(work, question):
        raise MoveNotPossible("These dates are not asked about any more, so you need not answer.")


def _check(question: DateQuestion, votes: Mapping[uuid.UUID, Vote]) -> None:
    if not votes.keys() <= {o.id for o in question.options}:
        raise MoveNotPossible("Other dates are asked about now. Look at them again.")
    for option in question.options:
        if votes.get(option.id) not in OFFERED_VOTES[question.kind]:
            said = f"Select an answer for {day_in_words(option.wall_start.date())}."
            raise Invalid(said, field=f"date_{option.id.hex}")


def _set_stand_in(
    work: Work, question: DateQuestion, asked: DateAsked, instead: SomebodyInvolved | None, *, keep: bool
) -> None:
    """Bring somebody who comes instead, in place of whom was named before; a name that is known already changes nothing."""
    if instead is not None and _is_known(work, asked, instead):
        return
    if asked.stand_in_id is not None and (instead is not None or not keep):
        take_off_member(work, question.request, asked.stand_in_id)
        asked.stand_in, asked.stand_in_id, asked.stand_in_waits = None, None, False
        work.session.flush()
    if instead is None:
        return
    pair = agreed_facilitators(work, question.request_id)
    asked.stand_in, asked.stand_in_waits = bring_stand_in(
        work, question.request, instead, for_=asked.member, pair=pair, on=_first_of(question)
    )
    work.session.flush()
    if asked.stand_in_waits:
        tell_that_one_waits(
            work,
            question.request,
            cause=f"{cause_prefix(question)}stand-in:{asked.stand_in_id}",
            page=page_of(question),
            not_after=_last_of(question),
        )


def _first_of(question: DateQuestion) -> date:
    return min(o.wall_start for o in question.options).date()


def _last_of(question: DateQuestion) -> datetime:
    return from_wall(max(o.wall_start for o in question.options))


def _is_known(work: Work, asked: DateAsked, instead: SomebodyInvolved) -> bool:
    if asked.instead is None:
        return False
    named = work.vault.open(asked.instead, "contact", NetworkContact)
    return spelling(named.name) == spelling(instead.contact.name)
