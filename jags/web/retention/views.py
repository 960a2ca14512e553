"""How long records are kept: the rules, what is due, and lists that two people take through."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid, NotFound
from jags.retention import queries, service
from jags.retention.rules import KINDS, ListState, RecordKind
from jags.web.access import requires
from jags.web.forms import JagsForm
from jags.web.retention.forms import ACTION_WORDS, TRIGGER_WORDS, OneRequestForm, RuleForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("retention", __name__)

STATE_WORDS: dict[ListState, str] = {
    ListState.LISTED: "To be looked through",
    ListState.ASKED: "Waits for a second person",
    ListState.APPROVED: "Approved: erased within minutes",
    ListState.DONE: "Done",
    ListState.DROPPED: "Dropped",
}
_COLOURS = {ListState.LISTED: "blue", ListState.ASKED: "yellow", ListState.APPROVED: "orange"}


@blueprint.get("/records")
@requires(Permission.RETENTION_MANAGE)
def records() -> ResponseReturnValue:
    """Lead to everything that concerns records and people's rights."""
    work = current_work()
    return render_template(
        "retention/records.html",
        open_list=queries.open_list(work),
        states=STATE_WORDS,
        audits=work.actor.can(Permission.AUDIT_READ),
        finds=work.actor.can(Permission.REQUEST_TRIAGE),
    )


@blueprint.get("/retention")
@requires(Permission.RETENTION_MANAGE)
def index() -> ResponseReturnValue:
    """Show the rules, what is due today, and the lists."""
    work = current_work()
    found = queries.due(work)
    return render_template(
        "retention/index.html",
        form=JagsForm(),
        rules=[(rule, KINDS[rule.kind]) for rule in queries.rules(work)],
        due=[(one, KINDS[one.kind].title) for _, one in found],
        on_hold=sum(one.held for _, one in found),
        open_list=queries.open_list(work),
        lists=queries.lists(work),
        states=STATE_WORDS,
        colours=_COLOURS,
        triggers=TRIGGER_WORDS,
        actions=ACTION_WORDS,
    )


@blueprint.route("/retention/rules/<kind>", methods=["GET", "POST"])
@requires(Permission.RETENTION_MANAGE)
def change_rule(kind: str) -> ResponseReturnValue:
    """Change how long one kind of record is kept."""
    work = current_work()
    now = queries.rule_of(work, _kind(kind))
    form = RuleForm(obj=now)
    form.offer(now)
    if form.validate_on_submit():
        try:
            service.set_rule(work, form.rule(now))
        except Invalid as error:
            form.attach(error)
        else:
            flash("The rule is saved. It counts from today.", "success")
            return redirect(url_for("retention.index"), code=303)
    return render_template("retention/rule.html", form=form, of=KINDS[now.kind])


@blueprint.post("/retention/lists")
@requires(Permission.RETENTION_MANAGE)
def make() -> ResponseReturnValue:
    """List what is due today; nothing is changed by it."""
    made = service.make_list(current_work())
    return redirect(url_for("retention.show", list_id=made.id), code=303)


@blueprint.route("/retention/one-request", methods=["GET", "POST"])
@requires(Permission.RETENTION_MANAGE)
def one_request() -> ResponseReturnValue:
    """List one request that is to be erased before its time."""
    work = current_work()
    form = OneRequestForm()
    if form.validate_on_submit():
        try:
            made = service.list_one_request(
                work, reference=form.reference.data or "", reason=form.reason.data or ""
            )
        except Invalid as error:
            form.attach(error)
        else:
            return redirect(url_for("retention.show", list_id=made.id), code=303)
    return render_template("retention/one_request.html", form=form, of=KINDS[RecordKind.REQUEST])


@blueprint.get("/retention/lists/<uuid:list_id>")
@requires(Permission.RETENTION_MANAGE)
def show(list_id: UUID) -> ResponseReturnValue:
    """Show a list, where it stands, and what the next step is."""
    work = current_work()
    found = queries.get_list(work, list_id)
    forward, approved = queries.who_of(work, found)
    involved = queries.stands_aside_from(work, found)
    own = found.asked_by is not None and found.asked_by == work.actor.person_id
    return render_template(
        "retention/list.html",
        form=JagsForm(obj=found),
        found=found,
        # Whoever stands aside from something is not told which it is.
        items=[] if involved else [(item, KINDS[item.kind]) for item in found.items],
        forward=forward,
        approved=approved,
        involved=involved,
        own=own,
        state=STATE_WORDS[found.state],
        colour=_COLOURS.get(found.state, "grey"),
        actions=ACTION_WORDS,
    )


@blueprint.post("/retention/lists/<uuid:list_id>/put-forward")
@requires(Permission.RETENTION_MANAGE)
def put_forward(list_id: UUID) -> ResponseReturnValue:
    """Ask a second person to approve a list."""
    service.put_forward(current_work(), list_id, version=JagsForm().shown_version)
    flash("A second person approves it next: tell them.", "success")
    return redirect(url_for("retention.show", list_id=list_id), code=303)


@blueprint.post("/retention/lists/<uuid:list_id>/approve")
@requires(Permission.RETENTION_MANAGE, fresh=True)
def approve(list_id: UUID) -> ResponseReturnValue:
    """Approve a list that somebody else put forward."""
    service.approve(current_work(), list_id, version=JagsForm().shown_version)
    flash("It is approved, and erased within minutes.", "success")
    return redirect(url_for("retention.show", list_id=list_id), code=303)


@blueprint.post("/retention/lists/<uuid:list_id>/drop")
@requires(Permission.RETENTION_MANAGE)
def drop(list_id: UUID) -> ResponseReturnValue:
    """Drop a list; nothing on it is erased."""
    service.drop(current_work(), list_id, version=JagsForm().shown_version)
    flash("The list is dropped. Nothing was erased.", "success")
    return redirect(url_for("retention.index"), code=303)


def _kind(text: str) -> RecordKind:
    try:
        return RecordKind(text)
    except ValueError:
        raise NotFound("There is no such kind of record.") from None
