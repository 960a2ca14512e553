"""The records behind a figure: references of requests, for whoever may see them."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.evaluation.queries.records import HAS_RECORDS, Records, records_behind
from jags.evaluation.rules import ALL, By, Period, Which
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.settings.queries import partnership
from jags.web.access import requires
from jags.web.evaluation.forms import RecordsForm, asked_of, asked_period
from jags.web.forms import asked_again
from jags.web.unit_of_work import current_work

blueprint = Blueprint("records", __name__)


@blueprint.get("/evaluation/records/<figure>")
@requires(Permission.REQUEST_READ)
def show(figure: str) -> ResponseReturnValue:
    """List the requests that a figure counts in the period in the address, or in this year so far."""
    work = current_work()
    form = RecordsForm(asked_period(work.today), partnership(work).localities)
    found = None
    if form.validate():
        try:
            found = _behind(work, figure, form)
        except Invalid as error:
            form.attach(error)
    return render_template(
        "evaluation/records.html", form=form, found=found, figure=figure, asked=asked_again(form)
    )


def _behind(work: Work, figure: str, form: RecordsForm) -> Records:
    return records_behind(
        work,
        figure,
        form.period,
        form.which,
        by=By(form.by.data) if form.by.data else None,
        page=request.args.get("page", 1, type=int),
    )


def record_links(work: Work, period: Period, which: Which = ALL, *, by: By | None = None) -> dict[str, str]:
    """Return where the records behind each figure of a period are listed; nothing for who may read no requests.

    `by` as for `records_behind`.
    """
    if not work.actor.can(Permission.REQUEST_READ):
        return {}
    asked = {"from": period.from_on.isoformat(), "to": period.to_on.isoformat(), **asked_of(which)}
    if by:
        asked["by"] = by.value
    return {key: url_for("records.show", figure=key, **asked) for key in HAS_RECORDS}  # type: ignore[arg-type] # No option of Flask's is called so.
