"""Enter from when to when a deputy looks after somebody's work, and end it."""

import uuid
from datetime import date

from sqlalchemy import select

from jags.accounts.model import Person
from jags.accounts.policy import require
from jags.accounts.queries import names_of, recusals_of
from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid, NotAllowed
from jags.kernel.time import date_in_words, days
from jags.kernel.work import Work
from jags.requests.model import Cover
from jags.requests.queries import covers_that_touch, get_cover, open_work, team


def enter_cover(
    work: Work, *, person_id: uuid.UUID, deputy_id: uuid.UUID | None, from_on: date, to_on: date
) -> Cover:
    """Let a deputy look after somebody's open requests from a London date to another, both included; it ends by itself.

    A coordinator does that for themselves, the lead for anybody, for instance who is ill. Raises `NotAllowed`, and `Invalid`
    for reversed or past dates, somebody who is no coordinator, days that are covered already, and a deputy who is away or
    is the same person.
    """
    _require_own_or_lead(work, person_id)
    _check_days(work, from_on, to_on)
    able = team(work).ids
    if person_id not in able:
        raise Invalid("Select a coordinator.", field="person")
    if deputy_id is None or deputy_id not in able:
        raise Invalid("Select a colleague as deputy.", field="deputy")
    if deputy_id == person_id:
        raise Invalid("Select somebody else as deputy: nobody stands in for themselves.", field="deputy")
    # Two who enter at once wait for each other here, so that no two covers of one person overlap.
    both = select(Person.id).where(Person.id.in_([person_id, deputy_id])).order_by(Person.id)
    work.session.execute(both.with_for_update()).all()
    _check_others(work, person_id, deputy_id, from_on, to_on)
    cover = Cover(person_id=person_id, deputy_id=deputy_id, from_on=from_on, to_on=to_on)
    work.session.add(cover)
    work.record(
        "cover:entered",
        person_id,
        deputy=str(deputy_id),
        from_on=from_on.isoformat(),
        to_on=to_on.isoformat(),
    )
    work.memo.pop("requests.team", None)
    return cover


def end_cover(work: Work, cover_id: uuid.UUID) -> Cover:
    """End a cover today, so that the work is with its owner again; one that has not begun is taken off.

    Raises `NotFound` when it has ended already, `NotAllowed`.
    """
    cover = get_cover(work, cover_id)
    if work.actor.person_id != cover.deputy_id:
        _require_own_or_lead(work, cover.person_id)
    if cover.from_on >= work.today:
        work.session.delete(cover)
    else:
        cover.to_on = work.today - days(1)
    work.record("cover:ended", cover.person_id, deputy=str(cover.deputy_id))
    work.memo.pop("requests.team", None)
    return cover


def not_for_deputy(work: Work, cover: Cover) -> list[str]:
    """Return the references of the open requests that a deputy cannot look after, being involved in the case."""
    not_theirs = set(work.session.scalars(recusals_of(cover.deputy_id)))
    return [r.reference or "" for r in open_work(work, cover.person_id) if r.id in not_theirs]


def _require_own_or_lead(work: Work, person_id: uuid.UUID) -> None:
    if work.actor.person_id == person_id and work.actor.can(Permission.REQUEST_TRIAGE):
        return
    require(work.actor, Permission.REQUEST_TAKE)
    if work.actor.person_id is None:
        raise NotAllowed


def _check_days(work: Work, from_on: date, to_on: date) -> None:
    if to_on < from_on:
        raise Invalid("Enter a last day that is not before the first.", field="to_on")
    if to_on < work.today:
        raise Invalid("Enter a last day that is today or later.", field="to_on")


def _check_others(work: Work, person_id: uuid.UUID, deputy_id: uuid.UUID, from_on: date, to_on: date) -> None:
    for other in covers_that_touch(work, [person_id, deputy_id], from_on=from_on, to_on=to_on):
        names = names_of(work, [other.person_id, other.deputy_id])
        away, deputy = names[other.person_id], names[other.deputy_id]
        when = f"from {date_in_words(other.from_on)} to {date_in_words(other.to_on)}"
        if other.person_id == person_id:
            raise Invalid(
                f"{deputy} stands in for {away} {when} already. End that first, or enter other days.",
                field="from_on",
            )
        if other.person_id == deputy_id:
            raise Invalid(
                f"{away} is away {when}. Select another deputy, or enter other days.", field="deputy"
            )
        if other.deputy_id == person_id:
            raise Invalid(
                f"{deputy} stands in for {away} {when}. Find somebody else for that first.", field="from_on"
            )
