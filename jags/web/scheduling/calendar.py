"""Calendars: month, week and list for the Business Unit and for each facilitator, and the feed of a facilitator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.kernel.errors import NotFound
from jags.kernel.time import LONDON
from jags.kernel.work import Work
from jags.scheduling import queries, service
from jags.scheduling.queries import CalendarItem
from jags.scheduling.render import feed_text
from jags.web.access import public, requires
from jags.web.forms import JagsForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("calendars", __name__)

_VIEWS = ("month", "week", "list")
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
# A list shows so many days from its first one.
_LISTED = timedelta(days=90)
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
def feed(secret: str) -> ResponseReturnValue:
    """Give a calendar what a facilitator has in theirs, by the secret in the address."""
    text = feed_text(queries.feed_entries(current_work(), secret))
    response: Response = make_response(text)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    return response


def _page(work: Work, span: Span, items: Sequence[CalendarItem], *, own: bool) -> ResponseReturnValue:
    by_day = [(day, [item for item in items if item.touches(day)]) for day in span.days]
    return render_template(
        "calendar/days.html",
        span=span,
        # A list has no room for days without anything.
        days=[(day, found) for day, found in by_day if found or span.view != "list"],
        items=items,
        own=own,
        today=work.today,
        # As the items are: on London's clock.
        now=work.now.astimezone(LONDON).replace(tzinfo=None),
        views=_VIEWS,
        endpoint="calendars.mine" if own else "calendars.index",
    )


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
