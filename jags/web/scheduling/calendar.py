"""Calendars: month, week and list for the Business Unit and for each facilitator, and the feed of a facilitator."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.facilitators.rules import BookingKind
from jags.kernel.errors import NotFound
from jags.kernel.time import LONDON
from jags.kernel.words import listing
from jags.kernel.work import Work
from jags.scheduling import queries, service
from jags.scheduling.queries import CalendarItem
from jags.scheduling.render import feed_text
from jags.scheduling.rules import SessionState
from jags.web.access import for_everybody_let_in, public, requires
from jags.web.filters import clock
from jags.web.forms import JagsForm
from jags.web.unit_of_work import current_work
from jags.web.wording import tag_colour, words

blueprint = Blueprint("calendars", __name__)

_VIEWS = ("month", "week", "list")
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
# A list shows so many days from its first one.
_LISTED = timedelta(days=90)
# And so many entries on a page, so that it opens at once however much there is.
_LISTED_AT_ONCE = 50
_FIRST, _LAST = date(2020, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True)
class Span:
    """What a page of the calendar shows, and where its neighbours begin; `of` is the month, where it is one."""

    view: str
    first: date
    last: date
    earlier: date
    later: date
    of: date | None = None

    @property
    def days(self) -> list[date]:
        """Return every day that is shown."""
        return [self.first + n * _DAY for n in range((self.last - self.first).days + 1)]


@dataclass(frozen=True)
class Entry:
    """What one day of a calendar says of something, in words."""

    kind: str
    time: str
    title: str
    href: str
    tag: str
    colour: str
    format: str
    people: str


@blueprint.get("/calendar")
@requires(Permission.SESSION_ARRANGE)
def index() -> ResponseReturnValue:
    """Show what the Business Unit has in its calendar."""
    work = current_work()
    span = _span(work)
    return _page(work, span, queries.calendar_between(work, span.first, span.last), own=False)


@blueprint.get("/my-calendar")
@requires(Permission.SESSION_RECORD)
def mine() -> ResponseReturnValue:
    """Show a facilitator their own calendar, and how it stands with its secret address."""
    work = current_work()
    span, me = _span(work), _me(work)
    return _page(work, span, queries.own_calendar_between(work, me, span.first, span.last), own=True)


@blueprint.route("/my-calendar/address", methods=["GET", "POST"])
@requires(Permission.SESSION_RECORD)
def address() -> ResponseReturnValue:
    """Give a facilitator a secret address for their calendar, shown once, or take it back."""
    work, form, shown = current_work(), JagsForm(), ""
    me = _me(work)
    if form.validate_on_submit():
        if request.form.get("go") == "close":
            service.close_feed(work, me)
            flash(
                "The address works no longer. What your calendar has read stays until you remove it there.",
                "success",
            )
            return redirect(url_for("calendars.address"), code=303)
        secret = service.open_feed(work, me)
        shown = work.ports.links.page(url_for("calendars.feed", secret=secret))
    return render_template("calendar/address.html", form=form, shown=shown, feed=queries.find_feed(work, me))


@blueprint.get("/calendar-feed/<secret>.ics")
@public
@for_everybody_let_in(
    "A calendar has no second step; the feed holds times and places, by its owner's own secret."
)
def feed(secret: str) -> ResponseReturnValue:
    """Give a calendar what a facilitator has in theirs, by the secret in the address."""
    text = feed_text(queries.feed_entries(current_work(), secret))
    response: Response = make_response(text)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    return response


def _page(work: Work, span: Span, items: Sequence[CalendarItem], *, own: bool) -> ResponseReturnValue:
    number, pages = 1, 1
    if span.view == "list":
        pages = max(1, math.ceil(len(items) / _LISTED_AT_ONCE))
        number = min(max(request.args.get("page", 1, type=int), 1), pages)
        items = items[(number - 1) * _LISTED_AT_ONCE : number * _LISTED_AT_ONCE]
    # As the items are: on London's clock.
    now = work.now.astimezone(LONDON).replace(tzinfo=None)
    by_day: dict[date, list[Entry]] = {day: [] for day in span.days}
    for item in items:
        href = _way_to(item, own=own)
        for day in item.days:
            if day in by_day:
                by_day[day].append(_entry(item, day, href, now))
    return render_template(
        "calendar/days.html",
        span=span,
        # A list has no room for days without anything.
        days=[(day, found) for day, found in by_day.items() if found or span.view != "list"],
        anything=bool(items),
        own=own,
        today=work.today,
        views=_VIEWS,
        endpoint="calendars.mine" if own else "calendars.index",
        page=number,
        pages=pages,
    )


def _way_to(item: CalendarItem, *, own: bool) -> str:
    if item.session_id is None:
        return ""
    return url_for("my_sessions.show" if own else "scheduling.show", session_id=item.session_id)


def _entry(item: CalendarItem, day: date, href: str, now: datetime) -> Entry:
    """Return what one day says of something."""
    # Neutral, so that a look over a shoulder tells nothing.
    neutral = item.reference if item.reference.startswith("JAGS") else f"JAGS {item.reference}"
    tag, colour = _standing(item, now)
    return Entry(
        kind=item.kind.replace("_", "-"),
        time=_time(item, day),
        title=neutral if item.session_id else words(item.kind),
        href=href,
        tag=tag,
        colour=colour,
        format=words(item.format),
        people=listing(item.people),
    )


def _time(item: CalendarItem, day: date) -> str:
    begins = clock(item.starts) if item.starts.date() == day else ""
    ends = f"to {clock(item.ends)}" if item.last_day == day else ""
    if not item.hour_known or item.kind is BookingKind.LEAVE or not (begins or ends):
        return "All day"
    return f"{begins} {ends}".strip()


def _standing(item: CalendarItem, now: datetime) -> tuple[str, str]:
    """Return how something stands and the colour of that, where it is worth a word."""
    if item.paused:
        return "Paused", "red"
    if item.state is SessionState.SCHEDULED and item.starts <= now:
        return "To record", "orange"
    if item.state is SessionState.HELD:
        return words(item.state), tag_colour(item.state)
    return "", ""


def _span(work: Work) -> Span:
    """Return what is to be shown: a month, a week or a list around the day of the address; this month otherwise."""
    view = request.args.get("view", "")
    view = view if view in _VIEWS else "month"
    try:
        on = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        on = work.today
    on = on if _FIRST <= on <= _LAST else work.today
    if view == "list":
        return Span(view, on, on + _LISTED - _DAY, on - _LISTED, on + _LISTED)
    if view == "week":
        monday = on - on.weekday() * _DAY
        return Span(view, monday, monday + 6 * _DAY, monday - _WEEK, monday + _WEEK)
    first = on.replace(day=1)
    following = (first + 31 * _DAY).replace(day=1)
    last = following - _DAY
    return Span(
        view,
        first - first.weekday() * _DAY,
        last + (6 - last.weekday()) * _DAY,
        (first - _DAY).replace(day=1),
        following,
        of=first,
    )


def _me(work: Work) -> UUID:
    if work.actor.person_id is None:
        raise NotFound("There is no calendar for this account.")
    return work.actor.person_id
