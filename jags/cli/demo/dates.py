"""A made-up question about two dates, half answered: by links, and by telephone."""

from sqlalchemy import select

from jags.accounts.rules import Purpose
from jags.cli.demo.world import World
from jags.kernel.actor import Actor, ActorKind
from jags.requests.model import Request
from jags.requests.queries import get_request
from jags.requests.rules import State, working_day_after
from jags.scheduling.queries import invitable, proposed_slots
from jags.scheduling.rules import TWO, DatesWanted, QuestionKind, SessionFormat, Vote
from jags.scheduling.service import Told, answer_dates, ask_about_dates

# What those who have answered say to the two dates, in the order of the network; the rest is silent.
_ANSWERS = ((Vote.YES, Vote.YES), (Vote.NO, Vote.YES), (Vote.YES, Vote.NO))
_MINUTES = 120


def ask_for_dates(world: World) -> None:
    """Propose two dates for each request whose facilitators have agreed, and let some of its network answer."""
    with world.work(world.coordinator) as work:
        agreed = (
            select(Request.id).where(Request.state == State.FACILITATORS_AGREED).order_by(Request.reference)
        )
        waiting = work.session.scalars(agreed).all()
    for request_id in waiting:
        with world.work(world.coordinator) as work:
            request = get_request(work, request_id)
            slots = proposed_slots(
                work, request, minutes=_MINUTES, format_=SessionFormat.IN_PERSON, number=TWO
            )
            if len(slots) < TWO:
                continue
            question = ask_about_dates(
                work,
                request_id,
                DatesWanted(
                    QuestionKind.TWO_DATES,
                    tuple(slot.wall_start for slot in slots),
                    _MINUTES,
                    SessionFormat.IN_PERSON,
                    working_day_after(work.today, 3),
                ),
                member_ids=[person.id for person in invitable(work, request)],
                version=request.version,
            )
            asked = [a.id for a in question.asked]
            options = [o.id for o in question.options]
        for asked_id, votes in zip(asked, _ANSWERS, strict=False):
            told = asked_id == asked[len(_ANSWERS) - 1]
            link = Actor(ActorKind.LINK, "link:demo", purpose=Purpose.DATES, subject_id=asked_id)
            with world.work(world.coordinator if told else link) as work:
                answer_dates(
                    work,
                    asked_id,
                    dict(zip(options, votes, strict=True)),
                    told=Told(work.today) if told else None,
                )
