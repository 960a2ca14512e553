"""Load a small made-up year, each step at its own instant, with the audit trail that real work leaves."""

import heapq
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import click
from flask import Flask
from rich.progress import Progress
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jags.accounts.model import Account, Agency
from jags.accounts.queries import actor_of, find_account_of, find_agency, find_person_by_email
from jags.accounts.rules import Contact, Purpose, Role
from jags.accounts.service import add_agency, add_person, invite_person, issue_link, set_password
from jags.cli.demo.coming_in import coming_in
from jags.cli.demo.dates import ask_for_dates
from jags.cli.demo.life import Life
from jags.cli.demo.people import AGENCIES, AGENCY_NAMES, FACILITATORS, HALF_DAYS_OFFERED, address_of
from jags.cli.demo.practice import OVER_DAYS_AGO, add_practice, meeting_that_is_over
from jags.cli.demo.promotion import PROMOTION
from jags.cli.demo.quality import add_quality
from jags.cli.demo.reports import add_reports
from jags.cli.demo.requests import REQUESTS
from jags.cli.demo.themes import add_themes
from jags.cli.demo.waiting import WAITING
from jags.cli.demo.world import World
from jags.evaluation.rules import PromotionEntry
from jags.evaluation.service import add_promotion
from jags.extensions import db
from jags.facilitators.rules import slot_span
from jags.facilitators.service import add_facilitator, add_training, give_availability
from jags.feedback.queries import comments
from jags.feedback.rules import CommentState
from jags.feedback.service import release_comment
from jags.kernel.actor import system
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.rules import is_working_day

_YEAR = timedelta(days=365)
# The coordinator who deals with what is asked for.
MEERA = "meera.coleman@partnership.example.org"
# Eight weeks, two half-days a day.
_HALF_DAYS_AHEAD = 112
# Comments that still wait for their reviewer.
_COMMENTS_LEFT = 3


@dataclass(order=True)
class _Next:
    at: datetime
    number: int
    story: Iterator[timedelta]


def is_empty(app: Flask) -> bool:
    """Tell whether nothing was loaded into the database yet."""
    with app.app_context(), Session(db.engine) as session:
        return not session.scalar(select(func.count()).select_from(Agency))


def load_year(app: Flask) -> None:
    """Load the made-up year into an empty database, and say how far it is."""
    click.echo("Loading a made-up year, once. It takes about a minute.")
    world = World(app, length=_YEAR)
    with world.work(system("demo")) as work:
        _people(work)
        world.coordinator = actor_of(_account_of(work, MEERA))
    _live(world)
    _offer_time(world)
    ask_for_dates(world)
    with world.work(world.coordinator) as work:
        for told in PROMOTION:
            on = work.today - timedelta(days=told.days_ago)
            add_promotion(work, PromotionEntry(on, told.audience, told.channel, told.reach, told.note))
        add_practice(work)
    add_quality(world)
    add_themes(world)
    add_reports(world)


def _live(world: World) -> None:
    waiting = [
        _Next(world.morning(told.days_ago), number, Life(world, number, told).story())
        for number, told in enumerate((*REQUESTS, *WAITING))
    ]
    meeting = _Next(world.morning(OVER_DAYS_AGO), len(waiting), meeting_that_is_over(world))
    waiting.append(meeting)
    waiting.append(_Next(world.now, len(waiting), coming_in(world)))
    heapq.heapify(waiting)
    with Progress(transient=True) as progress:
        task = progress.add_task("Loading a made-up year", total=_YEAR.days)
        # A bar draws itself anew in a terminal; a file gets a line for each month.
        month = "" if progress.console.is_terminal else f"{world.now:%B %Y}"
        while waiting:
            following = heapq.heappop(waiting)
            world.live_until(following.at)
            if month and month != (month := f"{following.at:%B %Y}"):
                click.echo(f"  {month}")
            progress.update(task, completed=_YEAR.days - (world.end - following.at).days)
            pause = next(following.story, None)
            if pause is not None and following.at + pause < world.end:
                heapq.heappush(waiting, _Next(following.at + pause, following.number, following.story))
        world.live_until(world.end)
    _review(world)


def _review(world: World) -> None:
    """Let the coordinator have released all comments but the last few."""
    with world.work(world.coordinator) as work:
        for line in comments(work, CommentState.WAITING)[_COMMENTS_LEFT:]:
            release_comment(work, line.id, text=line.text, version=line.version)


def _people(work: Work) -> None:
    for agency in AGENCIES:
        add_agency(
            work,
            key=agency.key,
            name=agency.name,
            sector=agency.sector,
            age_remit=agency.remit,
            aliases=agency.aliases,
            agency_type=agency.kind,
        )
    _account(work, "Meera Coleman", MEERA, Role.COORDINATOR)
    _account(work, "Jonah Marsh", "jonah.marsh@partnership.example.org", Role.COORDINATOR)
    _account(work, "Stefan Blake", "stefan.blake@partnership.example.org", Role.ADMINISTRATOR)
    _account(work, "Olive Marsh", "olive.marsh@partners.example.org", Role.OBSERVER)
    _account(work, "Edwin Farrow", "edwin.farrow@scrutiny.example.org", Role.SCRUTINEER)
    _account(work, "Grace Oduya", "grace.oduya@partners.example.org", Role.EVALUATION_READER)
    for made_up in FACILITATORS:
        person = add_person(
            work,
            contact=Contact(name=made_up.name, email=address_of(made_up.name, made_up.agency)),
            agency=find_agency(work, AGENCY_NAMES[made_up.agency]),
            team=made_up.team,
            job_title=made_up.role,
        )
        add_facilitator(
            work,
            person=person,
            sessions_per_quarter=made_up.per_quarter,
            transitional_training=made_up.transitional,
            localities=made_up.localities,
        )
        if made_up.trained:
            trained_on = work.today - timedelta(days=20)
            add_training(work, person.id, trained_on=trained_on, course="JAGS facilitator training")
        _activate(work, invite_person(work, person, role=Role.FACILITATOR))


def _offer_time(world: World) -> None:
    for made_up, one_in in zip(FACILITATORS, HALF_DAYS_OFFERED, strict=True):
        if not one_in:
            continue
        with world.work(system("demo")) as work:
            person = find_person_by_email(work, address_of(made_up.name, made_up.agency))
            if person is None:
                raise LookupError(made_up.name)
            first = work.today + timedelta(days=1)
            spans = [slot_span(first, number) for number in range(_HALF_DAYS_AHEAD)]
            chosen = [
                s
                for s in spans
                if is_working_day(london_date(s.starts_at)) and world.random.randrange(one_in) == 0
            ]
            give_availability(work, person.id, chosen)


def _account_of(work: Work, email: str) -> Account:
    person = find_person_by_email(work, email)
    account = find_account_of(work, person.id) if person else None
    if account is None:
        raise LookupError(email)
    return account


def _account(work: Work, name: str, email: str, role: Role) -> None:
    person = add_person(work, contact=Contact(name=name, email=email))
    _activate(work, invite_person(work, person, role=role))


def _activate(work: Work, account: Account) -> None:
    link, _secret = issue_link(work, purpose=Purpose.INVITATION, subject_id=account.id, expires_at=None)
    set_password(work, link, secrets.token_urlsafe(24))
