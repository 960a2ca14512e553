"""Keeping to the approach, by quarter: something to talk about at the network meeting."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.quality.queries.approach import approach
from jags.quality.rules.approach import ended_quarters
from jags.web.access import requires
from jags.web.unit_of_work import current_work

blueprint = Blueprint("approach", __name__)

# So many quarters that have ended can be looked at.
_QUARTERS = 8


@blueprint.get("/approach")
@requires(Permission.EVALUATION_READ_INSIDE, Permission.OFFER_ANSWER)
def show() -> ResponseReturnValue:
    """Show one quarter that has ended, the last one unless another is asked for."""
    work = current_work()
    quarters = {str(one.first): one for one in ended_quarters(work.today, number=_QUARTERS)}
    chosen = quarters.get(request.args.get("from", ""), next(iter(quarters.values())))
    inside = work.actor.can(Permission.EVALUATION_READ_INSIDE)
    return render_template(
        "quality/approach.html",
        found=approach(work, chosen.first, chosen.last),
        quarter=chosen,
        quarters=quarters,
        inside=inside,
    )
