"""Who looks after a request: take or give it, stand aside from a case, hand all work over, and the lead's taking over."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.validators import DataRequired

from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid, NotFound
from jags.kernel.work import Work
from jags.requests import service
from jags.requests.model import Request
from jags.requests.queries import (
    colleagues,
    get_request,
    involved_in,
    local_target,
    open_work,
    ownership,
    requesters_of,
    who_can_act,
)
from jags.requests.rules import NEEDS_DECISION
from jags.web.access import requires
from jags.web.fields import AnyOf, OneOf, area, offered
from jags.web.forms import JagsForm
from jags.web.shared_forms import ReasonForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("ownership", __name__)

_NOBODY = "nobody"
# What becomes of a request from which somebody stands aside, by whether a colleague is left who can act on it.
_THEN = {
    True: "If it was a mistake, a colleague can bring you back.",
    False: "No other coordinator can act on it: the lead of the Business Unit is told by e-mail, by its reference alone, and takes it over.",
}


class OwnerForm(JagsForm):
    """Who looks after a request from now on."""

    # Whether there is a colleague who can act on it.
    anybody = True

    owner = OneOf("Who looks after it?", choices=[], validators=[DataRequired("Select who looks after it.")])

    def offer(self, work: Work, request_id: UUID, *, without: UUID | None = None) -> None:
        """Offer the colleagues who can act on the request, and nobody."""
        involved = involved_in(work, request_id)
        me = work.actor.person_id
        able = [c for c in colleagues(work) if c.person_id not in involved | {without}]
        named = [
            (
                str(c.person_id),
                ("Me" if c.person_id == me else c.name)
                + (f" (away now: {c.deputy} stands in)" if c.deputy else ""),
            )
            for c in able
        ]
        self.anybody = bool(able)
        waits = "all colleagues see that it waits" if able else "it waits for the lead of the Business Unit"
        self.owner.choices = offered(
            [*sorted(named, key=lambda one: one[1] != "Me"), (_NOBODY, f"Nobody for now: {waits}")]
        )

    @property
    def chosen(self) -> UUID | None:
        """Return the colleague who was chosen; None for nobody."""
        return None if self.owner.data in {None, "", _NOBODY} else UUID(self.owner.data)


class InvolvedForm(OwnerForm):
    """Somebody who is involved in a case passes it on."""

    reason = area(
        "Anything to keep about it? (optional)",
        "this",
        hint="Sealed in the audit trail. You need not explain anything.",
    )


class HandOverForm(JagsForm):
    """All open work of somebody, and to whom it goes."""

    to = OneOf("To whom?", choices=[], validators=[DataRequired("Select a colleague.")])
    requests = AnyOf(
        "What goes to them?", choices=[], validators=[DataRequired("Select at least one request.")]
    )
    shown = HiddenField()


def _page_of(request_id: UUID, done: str) -> ResponseReturnValue:
    flash(done, "success")
    return redirect(url_for("requests.show", request_id=request_id), code=303)


def _ask(form: JagsForm, found: Request, back_url: str, **step: str) -> ResponseReturnValue:
    return render_template("requests/step.html", form=form, step=step, request_=found, back_url=back_url)


@blueprint.route("/requests/<uuid:request_id>/owner", methods=["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE)
def change(request_id: UUID) -> ResponseReturnValue:
    """Say who looks after a request from now on."""
    work = current_work()
    found = get_request(work, request_id)
    form = OwnerForm(data={"version": found.version, "owner": str(found.owner_id or _NOBODY)})
    form.offer(work, request_id)
    before = found.owner_id
    if form.validate_on_submit():
        try:
            service.set_owner(work, request_id, owner_id=form.chosen, version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            return _page_of(request_id, _done(work, found, before))
    return _ask(
        form,
        found,
        url_for("requests.show", request_id=request_id),
        title="Who looks after this request",
        button="Save who looks after it",
        intro="It stays in everybody’s sight. A colleague who gets it is told by e-mail.",
    )


@blueprint.route("/requests/<uuid:request_id>/involved", methods=["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE)
def pass_on(request_id: UUID) -> ResponseReturnValue:
    """Let somebody who is involved in a case stand aside from it."""
    work = current_work()
    found = get_request(work, request_id)
    form = InvolvedForm(data={"version": found.version})
    form.offer(work, request_id, without=work.actor.person_id)
    if form.validate_on_submit():
        try:
            service.pass_on(
                work,
                request_id,
                owner_id=form.chosen,
                reason=form.reason.data or "",
                version=form.shown_version,
            )
        except Invalid as error:
            form.attach(error)
        else:
            whose = "is with your colleagues" if form.anybody else "waits for the lead of the Business Unit"
            flash(f"Thank you. {found.reference} {whose}, and you do not see it any more.", "success")
            return redirect(url_for("home.start"), code=303)
    return _ask(
        form,
        found,
        url_for("requests.show", request_id=request_id),
        title="I am involved in this",
        button="Pass it on, and no longer see it",
        kind="warning",
        intro="You may know the child, the family or the work. From now on you do not see this request: on no page, in no list, "
        f"count or search. {_THEN[form.anybody]}",
    )


@blueprint.route("/requests/<uuid:request_id>/involved/<uuid:person_id>", methods=["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE)
def bring_back(request_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Let a colleague who stood aside see the request again."""
    work = current_work()
    found = get_request(work, request_id)
    name = dict(ownership(work, found).involved).get(person_id)
    if name is None:
        raise NotFound("This colleague has not passed the request on.")
    form = ReasonForm(data={"version": found.version})
    if form.validate_on_submit():
        try:
            service.lift_recusal(
                work,
                request_id,
                person_id=person_id,
                reason=form.reason.data or "",
                version=form.shown_version,
            )
        except Invalid as error:
            form.attach(error)
        else:
            return _page_of(request_id, f"{name} sees this request again.")
    return _ask(
        form,
        found,
        url_for("requests.show", request_id=request_id),
        title=f"{name} is not involved after all",
        button="Let them see it again",
        intro="Speak to them first.",
    )


@blueprint.route("/requests/<uuid:request_id>/take-over", methods=["GET", "POST"])
@requires(Permission.REQUEST_TAKE)
def take_over(request_id: UUID) -> ResponseReturnValue:
    """Let the lead take a request over on which no coordinator can act; only its reference is shown before."""
    work = current_work()
    found = service.find_stuck(work, request_id)
    form = ReasonForm(data={"version": found.version})
    if form.validate_on_submit():
        try:
            service.take_over(work, request_id, reason=form.reason.data or "", version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            return _page_of(request_id, "You look after this request now, until you give it back.")
    return _ask(
        form,
        found,
        url_for("home.start"),
        title="Take this request over",
        button="Take it over",
        intro="No coordinator can act on it: each is involved in the case, or there is none. From now on you see this request, and no "
        "other. That you took it, and why, is kept in the audit trail.",
    )


@blueprint.route("/requests/<uuid:request_id>/give-back", methods=["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE)
def give_back(request_id: UUID) -> ResponseReturnValue:
    """Let the lead give a request back that they have taken over."""
    work = current_work()
    found = get_request(work, request_id)
    if not ownership(work, found).taken:
        raise NotFound("You have not taken this request over.")
    form = OwnerForm(data={"version": found.version})
    form.offer(work, request_id)
    if form.validate_on_submit():
        try:
            service.give_back(work, request_id, owner_id=form.chosen, version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            flash(f"You have given {found.reference} back, and do not see it any more.", "success")
            return redirect(url_for("home.start"), code=303)
    return _ask(
        form,
        found,
        url_for("requests.show", request_id=request_id),
        title="Give this request back",
        button="Give it back",
        intro="From now on you do not see it any more. Where no coordinator can act on it, it stays on your first page.",
    )


@blueprint.route("/hand-over", methods=["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE, Permission.REQUEST_TAKE)
def hand_over() -> ResponseReturnValue:
    """Show all open work of somebody on one page, and hand it to a colleague."""
    work = current_work()
    people = {c.person_id: c.name for c in colleagues(work)}
    from_id = _whose(work, people)
    if from_id is None:
        return render_template("requests/hand_over.html", lines=[], own=True)
    service.may_hand_over(work, from_id)
    rows = open_work(work, from_id)
    form = _hand_over_form(rows, {key: name for key, name in people.items() if key != from_id})
    if form.validate_on_submit():
        try:
            went, stayed = _hand_over(work, from_id, form)
        except Invalid as error:
            form.attach(error)
        else:
            _tell(went, stayed, people[UUID(form.to.data)])
            return redirect(url_for("ownership.hand_over", person=request.args.get("person")), code=303)
    return render_template(
        "requests/hand_over.html",
        form=form,
        lines=[(row, *local_target(work, row)) for row in rows],
        asked_by=requesters_of(work, rows),
        decide=sum(row.state in NEEDS_DECISION and not row.paused for row in rows),
        person=people.get(from_id, ""),
        own=from_id == work.actor.person_id,
        colleagues=len(people) > 1,
        others=people if work.actor.can(Permission.REQUEST_TAKE) else {},
    )


def _hand_over_form(rows: Sequence[Request], colleagues_: Mapping[UUID, str]) -> HandOverForm:
    form = HandOverForm(data={"shown": service.work_shown(rows), "requests": [str(row.id) for row in rows]})
    form.to.choices = offered((str(key), name) for key, name in colleagues_.items())
    form.requests.choices = offered((str(row.id), row.reference or "") for row in rows)
    return form


def _hand_over(work: Work, from_id: UUID, form: HandOverForm) -> tuple[int, int]:
    return service.hand_over(
        work,
        from_id=from_id,
        to_id=UUID(form.to.data),
        request_ids={UUID(value) for value in form.requests.data or ()},
        shown=form.shown.data or "",
    )


def _whose(work: Work, people: dict[UUID, str]) -> UUID | None:
    """Return whose work is meant: the colleague's whom the address names, the actor's own, or for the lead the first's."""
    try:
        return UUID(request.args.get("person", ""))
    except ValueError:
        me = work.actor.person_id
        return me if me in people else next(iter(people), None)


def _tell(went: int, stayed: int, name: str) -> None:
    if went:
        flash(f"{went} {'request is' if went == 1 else 'requests are'} with {name} now.", "success")
    if stayed:
        flash(
            f"{stayed} {'request stays' if stayed == 1 else 'requests stay'}: {name} is involved in the case.",
            "important",
        )


def _done(work: Work, found: Request, before: UUID | None) -> str:
    """Return who looks after a request now, and who is told of it: nobody where nothing changed, or nobody else is there."""
    me, now = work.actor.person_id, ownership(work, found)
    if now.owner_id == before:
        return "Nothing has changed."
    if now.owner_id is None:
        others = any(person.id != me for person in who_can_act(work, found.id))
        when = "when the pause is lifted" if found.paused else "by e-mail"
        told = f" Your colleagues are told {when} that it waits." if others else ""
        return f"Nobody looks after this request now.{told}"
    whose = "You look" if now.owner_id == me else f"{now.owner} looks"
    away = f" {now.deputy} stands in while they are away." if now.deputy and now.owner_id != me else ""
    return f"{whose} after this request now.{away}"
