"""The dashboard of the Business Unit: requests as they stand now, opinions of closed blocks."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.evaluation.queries.dashboard import dashboard
from jags.evaluation.render.dashboard import dashboard_document
from jags.evaluation.render.html import html_sections
from jags.web.access import requires
from jags.web.evaluation.records import record_links
from jags.web.unit_of_work import current_work

blueprint = Blueprint("dashboard", __name__)


@blueprint.get("/evaluation/dashboard")
@requires(Permission.EVALUATION_READ_INSIDE)
def show() -> ResponseReturnValue:
    """Show the dashboard."""
    work = current_work()
    found = dashboard(work)
    body = html_sections(dashboard_document(found), records=record_links(work, found.so_far))
    return render_template("evaluation/dashboard.html", body=body)
