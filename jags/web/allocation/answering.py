"""What a facilitator does with an offer: look, declare, see the detail, accept, decline, step back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission, Purpose
from jags.allocation import queries, service
from jags.allocation.model import Offer
from jags.allocation.policy import may_see_detail, own_offer
from jags.allocation.rules import WAITING_OFFERS, OfferState, Rule
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.work import Work
from jags.requests.rules import State
from jags.scheduling.queries import find_kept_date
from jags.scheduling.service import accept_offer_and_keep_date, step_back_from_offer
from jags.web.access import current_link, requires, requires_link
from jags.web.allocation.forms import DeclarationForm, declaration_form
from jags.web.forms import JagsForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("offers", __name__)


@blueprint.route("/offer/<uuid:link_id>", methods=["GET", "POST"])
@requires_link(Purpose.OFFER)
def by_link(link_id: UUID) -> ResponseReturnValue:
    """Give the first look without names to who came by the mail, and take the declaration."""
    offer = _by_link()
    here = url_for("offers.by_link", link_id=link_id)
    decline = url_for("offers.decline_by_link", link_id=link_id)
    return _look(offer, here=here, decline=decline, layout="layouts/link.html")


@blueprint.route("/offer/<uuid:link_id>/decline", methods=["GET", "POST"])
@requires_link(Purpose.OFFER)
def decline_by_link(link_id: UUID) -> ResponseReturnValue:
    """Ask once more, then decline; no reason is asked."""
    here = url_for("offers.by_link", link_id=link_id)
    return _confirm(_by_link(), "decline", service.decline_offer, here, "layouts/link.html")


@blueprint.get("/my-offers")
@requires(Permission.OFFER_ANSWER)
def index() -> ResponseReturnValue:
    """List a facilitator's own offers, those that wait for an answer first."""
    work = current_work()
    found = queries.offers_of(work, work.actor.person_id) if work.actor.person_id else []
    return render_template(
        "allocation/my_offers.html",
        waiting=[one for one in found if one.offer.state in WAITING_OFFERS],
        answered=[one for one in found if one.offer.state not in WAITING_OFFERS],
    )


@blueprint.route("/offers/<uuid:offer_id>", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def show(offer_id: UUID) -> ResponseReturnValue:
    """Show an offer to its person: the first look, or after declaring the detail."""
    offer = own_offer(current_work(), offer_id)
    here, decline = url_for("offers.show", offer_id=offer_id), url_for("offers.decline", offer_id=offer_id)
    return _look(offer, here=here, decline=decline, layout="layouts/office.html")


@blueprint.route("/offers/<uuid:offer_id>/accept", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def accept(offer_id: UUID) -> ResponseReturnValue:
    """Ask once more, then accept."""
    here = url_for("offers.show", offer_id=offer_id)
    return _confirm(_current(offer_id), "accept", accept_offer_and_keep_date, here, "layouts/office.html")


@blueprint.route("/offers/<uuid:offer_id>/decline", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def decline(offer_id: UUID) -> ResponseReturnValue:
    """Ask once more, then decline; no reason is asked."""
    here = url_for("offers.show", offer_id=offer_id)
    return _confirm(_current(offer_id), "decline", service.decline_offer, here, "layouts/office.html")


@blueprint.route("/offers/<uuid:offer_id>/step-back", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def step_back(offer_id: UUID) -> ResponseReturnValue:
    """Ask once more, then step back after accepting; no reason is asked."""
    here = url_for("offers.show", offer_id=offer_id)
    return _confirm(_current(offer_id), "step_back", step_back_from_offer, here, "layouts/office.html")


def _look(offer: Offer, *, here: str, decline: str, layout: str) -> ResponseReturnValue:
    """Show an offer as far as its person may see it, and take the declaration."""
    work = current_work()
    offer = queries.current_offer(work, offer)
    form = declaration_form()(data={"version": offer.version})
    if form.validate_on_submit():
        try:
            service.declare_independence(work, offer.id, form.answers, version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        except MoveNotPossible as error:
            return _moved_on(error, here)
        else:
            return redirect(here, code=303)
    by_account = layout == "layouts/office.html"
    return render_template(
        "allocation/offer.html",
        layout=layout,
        decline_url=decline,
        **_page(work, offer, form, with_detail=by_account),
    )


def _page(work: Work, offer: Offer, form: DeclarationForm, *, with_detail: bool) -> dict[str, Any]:
    cleared = queries.cleared_doubts(work, offer.pair.request_id)
    waits = queries.waits_for_talk(offer, cleared.get(offer.person_id, queries.NOTHING_CLEARED))
    shown = with_detail and may_see_detail(offer, waits=waits)
    look = queries.first_look(work, offer)
    return {
        "form": form if offer.state is OfferState.OFFERED else None,
        "offer": offer,
        "look": look,
        "waits": waits and offer.state is OfferState.DECLARED,
        "detail": queries.detail(work, offer) if shown else None,
        "agreed": look.state not in {State.ACCEPTED, State.OFFERED},
        "date": find_kept_date(work, offer.pair.request_id),
        "two_agencies": all(one.rule is not Rule.AGENCY for one in offer.pair.exceptions),
        "may_step_back": look.state in {State.ACCEPTED, State.OFFERED, State.FACILITATORS_AGREED},
    }


def _confirm(
    offer: Offer, act: str, verb: Callable[..., Offer], here: str, layout: str
) -> ResponseReturnValue:
    """Ask once more and do it; an offer that has moved on meanwhile is told on its own page."""
    form = JagsForm(data={"version": offer.version})
    if form.validate_on_submit():
        try:
            verb(current_work(), offer.id, version=form.shown_version)
        except MoveNotPossible as error:
            return _moved_on(error, here)
        return redirect(here, code=303)
    date = find_kept_date(current_work(), offer.pair.request_id)
    return render_template(
        "allocation/confirm.html", form=form, act=act, layout=layout, back_url=here, date=date
    )


def _moved_on(error: MoveNotPossible, here: str) -> ResponseReturnValue:
    """Say on the offer's own page why nothing was done, and keep nothing of the attempt."""
    current_work().abandon()
    flash(str(error))
    return redirect(here, code=303)


def _by_link() -> Offer:
    return own_offer(current_work(), current_link().subject_id, by_link=True)


def _current(offer_id: UUID) -> Offer:
    work = current_work()
    return queries.current_offer(work, own_offer(work, offer_id))
