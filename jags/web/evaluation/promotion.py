"""The promotion log, and the page of who asks for a JAGS and who never does."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.evaluation import queries, service
from jags.evaluation.render import promotion_file, reach_text
from jags.kernel.errors import Invalid
from jags.requests.queries import equalities_by_year
from jags.settings.queries import partnership
from jags.web.access import requires
from jags.web.evaluation.forms import PeriodForm, asked_period
from jags.web.evaluation.promotion_forms import PromotionForm
from jags.web.forms import JagsForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("promotion", __name__)


@blueprint.get("/promotion")
@requires(Permission.PROMOTION_MANAGE)
def index() -> ResponseReturnValue:
    """List what was done to make JAGS known, the newest first, with totals by channel."""
    work = current_work()
    return render_template(
        "promotion/list.html",
        log=queries.promotion_page(work, page=request.args.get("page", 1, type=int)),
        totals=queries.channel_totals(work),
        reach_text=reach_text,
    )


@blueprint.route("/promotion/new", methods=["GET", "POST"])
@requires(Permission.PROMOTION_MANAGE)
def add() -> ResponseReturnValue:
    """Add an entry."""
    work = current_work()
    form = PromotionForm()
    form.offer_channels(partnership(work).promotion_channels)
    if form.validate_on_submit():
        try:
            service.add_promotion(work, form.entry)
        except Invalid as error:
            form.attach(error)
        else:
            flash("The entry is in the log.", "success")
            return redirect(url_for("promotion.index"), code=303)
    return render_template("promotion/entry.html", form=form, promotion=None)


@blueprint.route("/promotion/<uuid:promotion_id>", methods=["GET", "POST"])
@requires(Permission.PROMOTION_MANAGE)
def change(promotion_id: UUID) -> ResponseReturnValue:
    """Change an entry."""
    work = current_work()
    promotion = queries.get_promotion(work, promotion_id)
    form = PromotionForm(obj=promotion)
    form.offer_channels(partnership(work).promotion_channels, promotion)
    if form.validate_on_submit():
        try:
            service.change_promotion(work, promotion_id, form.entry, version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            flash("The change is saved.", "success")
            return redirect(url_for("promotion.index"), code=303)
    return render_template("promotion/entry.html", form=form, promotion=promotion)


@blueprint.route("/promotion/<uuid:promotion_id>/delete", methods=["GET", "POST"])
@requires(Permission.PROMOTION_MANAGE)
def delete(promotion_id: UUID) -> ResponseReturnValue:
    """Ask once, then delete an entry."""
    work = current_work()
    promotion = queries.get_promotion(work, promotion_id)
    form = JagsForm(obj=promotion)
    if form.validate_on_submit():
        service.delete_promotion(work, promotion_id, version=form.shown_version)
        flash("The entry is deleted.", "success")
        return redirect(url_for("promotion.index"), code=303)
    return render_template("promotion/delete.html", form=form, promotion=promotion)


@blueprint.get("/promotion/log.csv")
@requires(Permission.PROMOTION_MANAGE, fresh=True)
def download() -> ResponseReturnValue:
    """Give the whole log as a file for a spreadsheet."""
    work = current_work()
    name = f"promotion-log-{work.today.isoformat()}.csv"
    return Response(
        promotion_file(queries.promotion_log(work)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@blueprint.get("/promotion/who-asks")
@requires(Permission.PROMOTION_MANAGE)
def who_asks() -> ResponseReturnValue:
    """Show who asked in the period of the address, who never has, how they heard of JAGS, and backgrounds by year."""
    work = current_work()
    form = PeriodForm(asked_period(work.today))
    found = None
    if form.validate() and form.from_on.data and form.to_on.data:
        try:
            found = queries.who_asks(work, from_on=form.from_on.data, to_on=form.to_on.data)
        except Invalid as error:
            form.attach(error)
    return render_template("promotion/who_asks.html", form=form, found=found, years=equalities_by_year(work))
