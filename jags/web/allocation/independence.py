"""What is known of the independence of two people: the record of their agreement, and the question by telephone."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms.validators import InputRequired

from jags.accounts.rules import Permission
from jags.allocation.queries import OfferLine, independence_record, panel
from jags.allocation.rules import OfferState, Rule, rule_in_words
from jags.allocation.service import note_identity
from jags.kernel.errors import NotFound
from jags.kernel.words import listing
from jags.requests.queries import get_request
from jags.web.access import requires
from jags.web.fields import OneOf, offered
from jags.web.filters import day, moment
from jags.web.forms import JagsForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("independence", __name__)

_ASKED = {True: "Yes, they do", False: "No, they do not", None: "Not before the agreement"}
_ASKABLE = frozenset({OfferState.DECLARED, OfferState.ACCEPTED})


class IdentityForm(JagsForm):
    """What somebody said on the telephone; who it is about is never typed."""

    known = OneOf(
        "Do they know the child, young person or family, or anybody close to them?",
        widget=GovRadioInput(),
        choices=offered([("no", "No, they do not know them"), ("yes", "Yes, they know them")]),
        validators=[InputRequired("Select what they said.")],
    )


@blueprint.get("/requests/<uuid:request_id>/independence")
@requires(Permission.PAIR_OFFER)
def show(request_id: UUID) -> ResponseReturnValue:
    """Show the independence record of the agreement on one page, for paper too."""
    work = current_work()
    request = get_request(work, request_id)
    record, facts = independence_record(work, request.id)
    return render_template(
        "allocation/independence.html",
        request_=request,
        record=record,
        facts=facts,
        names=[one["name"] for one in facts["facilitators"]],
        tables=_tables(facts["facilitators"]),
        compared=len(facts["facilitators"][0]["checks"][0]["compared_with"]),
        without=len(facts["facilitators"][0]["checks"][0]["without_address"]),
    )


@blueprint.route("/requests/<uuid:request_id>/offers/<uuid:offer_id>/identity", methods=["GET", "POST"])
@requires(Permission.PAIR_OFFER)
def identity(request_id: UUID, offer_id: UUID) -> ResponseReturnValue:
    """Keep what somebody said on the telephone about knowing the family."""
    work = current_work()
    request = get_request(work, request_id)
    line = _line(panel(work, request).lines, offer_id)
    form = IdentityForm(data={"version": line.offer.version})
    if form.validate_on_submit():
        known = form.known.data == "yes"
        note_identity(work, request_id, offer_id, known=known, version=form.shown_version)
        if known:
            flash(f"It is kept, and {line.name} cannot hold this one. Choose somebody else.", "success")
        else:
            flash(f"It is kept that {line.name} does not know them.", "success")
        return redirect(url_for("requests.show", request_id=request_id), code=303)
    return render_template("allocation/identity.html", form=form, request_=request, line=line)


def _line(lines: tuple[OfferLine, ...], offer_id: UUID) -> OfferLine:
    found = next((one for one in lines if one.offer.id == offer_id), None)
    if found is None or found.offer.state not in _ASKABLE:
        raise NotFound("Nobody can be asked here now.")
    return found


def _tables(people: list[dict[str, Any]]) -> dict[str, list[list[str]]]:
    """Return what the record says of two people side by side: facts, checks and declarations, in words."""
    facts = {
        "Agency": [one["agency"] for one in people],
        "Team": [one["team"] or "Not recorded" for one in people],
        "Training": [listing([_course(course) for course in one["training"]]) for one in people],
        "Current on the day of the agreement": ["Yes" if one["current"] else "No" for one in people],
        "Declared": [_when(one["declared_at"]) for one in people],
        "Accepted": [_when(one["accepted_at"]) for one in people],
        "Asked by telephone whether they know the family": [
            _ASKED[one["identity"]["known"]] for one in people
        ],
        "Possible connections that were looked into": [_doubts(one["doubts"]) for one in people],
    }
    checks = zip(*(one["checks"] for one in people), strict=True)
    declared = zip(*(one["declaration"] for one in people), strict=True)
    return {
        "facts": [[key, *values] for key, values in facts.items()],
        "checks": [
            [
                rule_in_words(Rule(row[0]["rule"])).capitalize(),
                *("Yes" if one["found"] else "No" for one in row),
            ]
            for row in checks
        ],
        "declared": [[row[0]["statement"], *(one["answer"] for one in row)] for row in declared],
    }


def _doubts(doubts: list[dict[str, str]]) -> str:
    return (
        " ".join(
            f"{one['doubt'].capitalize()}. Fine because: {one['reason']} ({_when(one['cleared_at'])})"
            for one in doubts
        )
        or "None"
    )


def _course(training: dict[str, Any]) -> str:
    due = training["refresher_due"]
    until = f", refresher due {day(date.fromisoformat(due))}" if due else ""
    return f"{training['course'] or 'Course'}, {day(date.fromisoformat(training['on']))}{until}"


def _when(instant: str | None) -> str:
    return moment(datetime.fromisoformat(instant)) if instant else ""
