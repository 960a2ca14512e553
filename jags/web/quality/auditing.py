"""Multi-agency audits: the Business Unit draws, asks, moderates and recommends; an agency returns by its own link."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.queries import names_of
from jags.accounts.rules import Permission, Purpose
from jags.evaluation.render.spreadsheet import csv_file
from jags.kernel.errors import Invalid, NotFound
from jags.kernel.time import date_in_words
from jags.quality.queries import auditing as queries
from jags.quality.queries.samples import samples
from jags.quality.rules.auditing import PlanArea, PlanGroup, PlanState
from jags.quality.service.auditing import (
    ask_agency,
    choose_sessions,
    close_audit,
    draw_random,
    moderate,
    note_in_plan,
    recommend,
    send_return,
    take_down_return,
)
from jags.scheduling.model import JagsSession
from jags.settings.queries import partnership
from jags.web.access import current_link, requires, requires_link
from jags.web.fields import offered
from jags.web.forms import JagsForm
from jags.web.quality.auditing_forms import (
    AskForm,
    ChooseForm,
    DrawForm,
    PanelForm,
    PlanForm,
    RecommendationForm,
    ReturnForm,
)
from jags.web.unit_of_work import current_work
from jags.web.wording import words

blueprint = Blueprint("audits", __name__)

_HEAD = ("Number", "Recommendation", "For", "Area", "Plan reference", "State", "Audit drawn on")


@blueprint.get("/practice-audits")
@requires(Permission.PRACTICE_AUDIT)
def index() -> ResponseReturnValue:
    """List the audits."""
    return render_template("quality/audits.html", lines=queries.audits(current_work()))


@blueprint.get("/practice-audits/samples")
@requires(Permission.REPORT_SCRUTINISE)
def show_samples() -> ResponseReturnValue:
    """Show the scrutineer which sessions were looked at, and what came back, without what was written."""
    return render_template("quality/samples.html", samples=samples(current_work()))


@blueprint.route("/practice-audits/draw", methods=["GET", "POST"])
@requires(Permission.PRACTICE_AUDIT)
def draw() -> ResponseReturnValue:
    """Draw a sample at random."""
    form = DrawForm(data={"size": partnership(current_work()).audit_sample})
    if form.validate_on_submit():
        try:
            audit = draw_random(current_work(), form.sample, size=form.size.data or 0)
        except Invalid as error:
            form.attach(error)
        else:
            flash("The sample is drawn. Ask the agencies next.", "success")
            return redirect(url_for("audits.show", audit_id=audit.id), code=303)
    return render_template("quality/audit_sample.html", form=form, random=True)


@blueprint.route("/practice-audits/choose", methods=["GET", "POST"])
@requires(Permission.PRACTICE_AUDIT)
def choose() -> ResponseReturnValue:
    """Choose sessions for a reason: first those of a period are shown, then some of them are ticked."""
    work, form = current_work(), ChooseForm()
    found: Sequence[JagsSession] = ()
    if form.held_from.data and form.held_to.data:
        found = queries.sessions_to_draw(work, held_from=form.held_from.data, held_to=form.held_to.data)
    form.chosen.choices = offered(
        (str(one.id), f"{one.request.reference or ''}, {date_in_words(one.wall_start)}") for one in found
    )
    looking = request.form.get("go") == "look"
    if form.validate_on_submit() and not looking:
        try:
            audit = choose_sessions(work, form.sample, form.ids)
        except Invalid as error:
            form.attach(error)
        else:
            flash("The sessions are chosen. Ask the agencies next.", "success")
            return redirect(url_for("audits.show", audit_id=audit.id), code=303)
    return render_template("quality/audit_sample.html", form=form, random=False)


@blueprint.get("/practice-audits/<uuid:audit_id>")
@requires(Permission.PRACTICE_AUDIT)
def show(audit_id: UUID) -> ResponseReturnValue:
    """Show an audit: its sessions, what came back, and its recommendations."""
    work = current_work()
    audit = queries.get_audit(work, audit_id)
    return render_template(
        "quality/audit.html",
        audit=audit,
        cases=queries.cases_seen(work, audit),
        purposes=queries.purposes_of(work, audit),
        lines=queries.recommendations_of(work, audit),
    )


@blueprint.route("/practice-audits/<uuid:audit_id>/close", methods=["GET", "POST"])
@requires(Permission.PRACTICE_AUDIT)
def close(audit_id: UUID) -> ResponseReturnValue:
    """Ask once, then close an audit."""
    audit = queries.get_audit(current_work(), audit_id)
    form = JagsForm(data={"version": audit.version})
    if form.validate_on_submit():
        close_audit(current_work(), audit_id, version=form.shown_version)
        flash("The audit is closed. Its recommendations can still be kept up to date.", "success")
        return redirect(url_for("audits.show", audit_id=audit_id), code=303)
    return render_template("quality/audit_close.html", form=form, audit=audit)


@blueprint.route("/practice-audits/sessions/<uuid:case_id>", methods=["GET", "POST"])
@requires(Permission.PRACTICE_AUDIT)
def case(case_id: UUID) -> ResponseReturnValue:
    """Show what agencies returned about a session, and keep what the panel says together."""
    work = current_work()
    found = queries.get_case(work, case_id)
    view = queries.panel_of(work, found)
    form = PanelForm(obj=view, data={"version": found.version})
    if form.validate_on_submit():
        try:
            moderate(work, case_id, form.view, version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            flash("What the panel says is kept.", "success")
            return redirect(url_for("audits.show", audit_id=found.audit_id), code=303)
    return render_template(
        "quality/audit_case.html",
        form=form,
        found=found,
        view=view,
        names=names_of(work, {one.taken_down_by for one in found.returns if one.taken_down_by}),
        returns=[(one, queries.asked_of(work, one), queries.return_of(work, one)) for one in found.returns],
        may_ask=bool(queries.agencies_to_ask(work, found)) and found.audit.closed_on is None,
    )


@blueprint.route("/practice-audits/sessions/<uuid:case_id>/ask", methods=["GET", "POST"])
@requires(Permission.PRACTICE_AUDIT)
def ask(case_id: UUID) -> ResponseReturnValue:
    """Ask an agency that was there."""
    work = current_work()
    found, form = queries.get_case(work, case_id), AskForm()
    form.agency.choices = offered((str(one.id), one.name) for one in queries.agencies_to_ask(work, found))
    if form.validate_on_submit():
        try:
            ask_agency(work, case_id, agency_id=UUID(form.agency.data), of=form.asked_of)
        except Invalid as error:
            form.attach(error)
        else:
            by_mail = "They are asked by e-mail, with a link of their own."
            flash(
                by_mail if form.email.data else "It is noted. Ring them, and write down what they tell.",
                "success",
            )
            return redirect(url_for("audits.case", case_id=case_id), code=303)
    return render_template("quality/audit_ask.html", form=form, found=found)


@blueprint.route("/practice-audits/sessions/<uuid:case_id>/returns/<uuid:return_id>", methods=["GET", "POST"])
@requires(Permission.PRACTICE_AUDIT)
def take_down(case_id: UUID, return_id: UUID) -> ResponseReturnValue:
    """Write down what an agency tells by telephone."""
    work = current_work()
    found = queries.get_case(work, case_id)
    row = next((one for one in found.returns if one.id == return_id), None)
    if row is None:
        raise NotFound("There is nothing to return.")
    form = ReturnForm(obj=queries.return_of(work, row), data={"version": row.version})
    if form.validate_on_submit():
        try:
            take_down_return(work, case_id, return_id, form.given, version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            flash("Their return is kept, as told by telephone.", "success")
            return redirect(url_for("audits.case", case_id=case_id), code=303)
    return render_template(
        "quality/audit_told.html", form=form, found=found, row=row, who=queries.asked_of(work, row)
    )


@blueprint.route("/practice-audits/<uuid:audit_id>/recommendations/new", methods=["GET", "POST"])
@requires(Permission.PRACTICE_AUDIT)
def add_recommendation(audit_id: UUID) -> ResponseReturnValue:
    """Add a recommendation."""
    work, form = current_work(), RecommendationForm()
    queries.get_audit(work, audit_id)
    if form.validate_on_submit():
        group, area = PlanGroup(form.group.data), PlanArea(form.area.data)
        recommend(work, audit_id, text=form.text.data or "", group=group, area=area)
        flash("The recommendation is kept. Take it to the partnership’s plan next.", "success")
        return redirect(url_for("audits.show", audit_id=audit_id), code=303)
    return render_template("quality/audit_recommendation.html", form=form, audit_id=audit_id, found=None)


@blueprint.route("/practice-audits/<uuid:audit_id>/recommendations/<int:number>", methods=["GET", "POST"])
@requires(Permission.PRACTICE_AUDIT)
def plan(audit_id: UUID, number: int) -> ResponseReturnValue:
    """Note where the partnership's plan keeps a recommendation, and how it stands there."""
    work = current_work()
    lines = queries.recommendations_of(work, queries.get_audit(work, audit_id))
    found = next((one for one in lines if one.row.number == number), None)
    if found is None:
        raise NotFound("There is no such recommendation.")
    row = found.row
    form = PlanForm(data={"reference": row.plan_reference, "state": row.state, "version": row.version})
    if form.validate_on_submit():
        note_in_plan(
            work,
            audit_id,
            number,
            reference=form.reference.data or "",
            state=PlanState(form.state.data),
            version=form.shown_version,
        )
        flash("It is noted.", "success")
        return redirect(url_for("audits.show", audit_id=audit_id), code=303)
    return render_template("quality/audit_recommendation.html", form=form, audit_id=audit_id, found=found)


@blueprint.get("/practice-audits/<uuid:audit_id>/recommendations.csv")
@requires(Permission.PRACTICE_AUDIT, fresh=True)
def download(audit_id: UUID) -> ResponseReturnValue:
    """Give the recommendations as rows for the partnership's Composite Action Plan."""
    work = current_work()
    audit = queries.get_audit(work, audit_id)
    rows = (
        (one.row.number, one.text, words(one.row.group), words(one.row.area), one.row.plan_reference,
         words(one.row.state), audit.drawn_at.date())
        for one in queries.recommendations_of(work, audit)
    )  # fmt: skip
    return Response(
        csv_file(_HEAD, rows, nothing=""),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="recommendations-{work.today.isoformat()}.csv"'
        },
    )


@blueprint.route("/audit-return/<uuid:link_id>", methods=["GET", "POST"])
@requires_link(Purpose.AUDIT_RETURN)
def give_return(link_id: UUID) -> ResponseReturnValue:
    """Let an agency write and change its return, until the audit is closed."""
    work = current_work()
    row = queries.get_return(work, current_link().subject_id)
    form = ReturnForm(obj=queries.return_of(work, row))
    if form.validate_on_submit():
        try:
            send_return(work, row.id, form.given)
        except Invalid as error:
            form.attach(error)
        else:
            flash("Thank you. Your agency’s return is with the Business Unit.", "success")
            return redirect(url_for("audits.give_return", link_id=link_id), code=303)
    return render_template(
        "quality/audit_return.html",
        form=form,
        row=row,
        session=row.case.session,
        open=row.case.audit.closed_on is None,
    )
