"""What a coordinator does: choose two facilitators, clear doubts, talk connections through, choose again."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from jags.accounts.rules import Permission
from jags.allocation import service
from jags.allocation.choice import HOW_PAIRS_COMPARE, doubts_about, ranking_for
from jags.allocation.model import Offer
from jags.allocation.queries import panel
from jags.allocation.rules import CURRENT_DECLARATION, DECLARATIONS, IndependenceAnswer
from jags.facilitators.service import themes_beside_pairs
from jags.kernel.errors import Invalid, NotFound
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import detail_of, get_request, to_read_for_names, typed_agencies
from jags.requests.rules import State
from jags.scheduling.service import free_released, step_back
from jags.web.access import requires
from jags.web.allocation.forms import BY_HAND, ChooseForm, DoubtForm, shown_doubts
from jags.web.forms import JagsForm
from jags.web.shared_forms import ReasonAboutColleaguesForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("allocation", __name__)


@blueprint.route("/requests/<uuid:request_id>/facilitators", methods=["GET", "POST"])
@requires(Permission.PAIR_OFFER)
def choose(request_id: UUID) -> ResponseReturnValue:
    """Show the best pairs and everybody else with reasons, and offer the chosen pair."""
    work = current_work()
    request = get_request(work, request_id)
    if request.state is not State.ACCEPTED:
        return _to_request(
            request_id, "Facilitators can be chosen once the request is accepted and no offer is open."
        )
    if request.paused:
        flash("Everything is paused, and an offer writes to people. Lift the pause first.", "important")
        return redirect(url_for("requests.show", request_id=request_id), code=303)
    choice = ranking_for(work, request)
    form = ChooseForm(data={"version": request.version})
    form.offer(choice)
    if form.validate_on_submit():
        try:
            _offer(work, request, form, seed=choice.seed)
        except Invalid as error:
            form.attach(error)
        else:
            return _to_request(request_id, "The offer is on its way to the facilitators.")
    return render_template(
        "allocation/choose.html",
        form=form,
        request_=request,
        choice=choice,
        should_not=detail_of(work, request).who_should_not,
        to_read=to_read_for_names(work, request),
        unsettled=typed_agencies(request),
        by_hand=BY_HAND,
        how_compared=HOW_PAIRS_COMPARE,
        themes=themes_beside_pairs(work, [one.person.person_id for one in choice.everybody]),
    )


@blueprint.route("/requests/<uuid:request_id>/facilitators/<uuid:person_id>/doubt", methods=["GET", "POST"])
@requires(Permission.PAIR_OFFER)
def clear_doubt(request_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Record why a possible connection of somebody does not matter here."""
    work = current_work()
    request = get_request(work, request_id)
    standing = doubts_about(work, request, person_id)
    if standing is None:
        raise NotFound("Nothing has to be cleared for this person.")
    form = DoubtForm(data={"shown": shown_doubts(standing.doubts)})
    # Somebody who has been offered it, or has agreed, is cleared from the page of the request.
    choosing = request.state is State.ACCEPTED and not request.paused
    back = url_for("allocation.choose" if choosing else "requests.show", request_id=request_id)
    if form.validate_on_submit():
        try:
            form.check(standing.doubts)
            service.clear_doubt(work, request_id, person_id, form.reason.data or "", doubts=standing.doubts)
        except Invalid as error:
            form.attach(error)
        else:
            may = "can now be chosen" if choosing else "can hold this JAGS"
            flash(f"{standing.person.name} {may}, as far as this is concerned.", "success")
            return redirect(back, code=303)
    return render_template(
        "allocation/doubt.html", form=form, request_=request, standing=standing, back_url=back
    )


@blueprint.route("/requests/<uuid:request_id>/offers/<uuid:offer_id>/talk", methods=["GET", "POST"])
@requires(Permission.PAIR_OFFER)
def talk(request_id: UUID, offer_id: UUID) -> ResponseReturnValue:
    """Record that a declared connection was talked through, and why it is fine."""
    work = current_work()
    request = get_request(work, request_id)
    line = next((one for one in panel(work, request).lines if one.offer.id == offer_id), None)
    if line is None:
        raise NotFound("There is no such offer in this request.")
    if not line.waits_for_talk:
        return _to_request(request_id, "Nothing waits to be talked through here.")
    form = ReasonAboutColleaguesForm()
    if form.validate_on_submit():
        try:
            service.clear_talk(work, offer_id, form.reason.data or "")
        except Invalid as error:
            form.attach(error)
        else:
            return _to_request(request_id, f"{line.name} can now accept the offer.")
    return render_template(
        "allocation/talk.html", form=form, request_=request, line=line, statements=_to_talk_about(line.offer)
    )


@blueprint.route("/requests/<uuid:request_id>/choose-again", methods=["GET", "POST"])
@requires(Permission.PAIR_OFFER)
def choose_again(request_id: UUID) -> ResponseReturnValue:
    """Call an open offer back, so that others can be asked."""
    work = current_work()
    request = get_request(work, request_id)
    if request.state is not State.OFFERED:
        return _to_request(request_id, "No offer is open for this request.")
    form = ReasonAboutColleaguesForm(data={"version": request.version})
    if form.validate_on_submit():
        service.choose_again(work, request_id, reason=form.reason.data or "", version=form.shown_version)
        flash("The offer is called back. Choose again when you are ready.", "success")
        return redirect(url_for("allocation.choose", request_id=request_id), code=303)
    return render_template("allocation/choose_again.html", form=form, request_=request)


@blueprint.route(
    "/requests/<uuid:request_id>/facilitators/<uuid:person_id>/step-back", methods=["GET", "POST"]
)
@requires(Permission.SESSION_ARRANGE)
def note_step_back(request_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Note that somebody who had agreed steps back, or cannot hold it any more."""
    work = current_work()
    request = get_request(work, request_id)
    shown = panel(work, request)
    line = next((one for one in shown.lines if one.offer.person_id == person_id), None)
    if line is None or not shown.may_note_step_back:
        raise NotFound("Nobody can step back here.")
    form = JagsForm(data={"version": request.version})
    if form.validate_on_submit():
        step_back(work, request_id, person_id=person_id, version=form.shown_version)
        flash(f"It is noted that {line.name} steps back.", "success")
        return redirect(url_for("changing.show", request_id=request_id), code=303)
    return render_template("allocation/note_step_back.html", form=form, request_=request, line=line)


def _to_talk_about(offer: Offer) -> list[str]:
    """Return the statements of a declaration that somebody would like to talk through."""
    asked = {d.statement for d in offer.declaration if d.answer is IndependenceAnswer.TALK_IT_THROUGH}
    statements = DECLARATIONS[offer.declaration_version or CURRENT_DECLARATION]
    return [statement.text for statement in statements if statement.key in asked]


def _offer(work: Work, request: Request, form: ChooseForm, *, seed: int) -> None:
    service.offer_pair(
        work,
        request.id,
        person_ids=form.people,
        version=form.shown_version,
        seed=seed,
        exceptions=form.exceptions,
    )
    free_released(work, request.id)


def _to_request(request_id: UUID, message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("requests.show", request_id=request_id), code=303)
