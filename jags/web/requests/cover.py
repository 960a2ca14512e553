"""Who stands in for whom, from when to when."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import DataRequired, InputRequired

from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid
from jags.kernel.words import listing
from jags.kernel.work import Work
from jags.requests.model import Cover
from jags.requests.queries import colleagues, covers
from jags.requests.service import end_cover, enter_cover, not_for_deputy
from jags.web.access import requires
from jags.web.fields import DayField, OneOf, offered
from jags.web.forms import JagsForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("cover", __name__)


class CoverForm(JagsForm):
    """Who is away, who stands in, and from when to when."""

    person = OneOf("Who is away?", choices=[], validators=[DataRequired("Select who is away.")])
    deputy = OneOf("Who stands in?", choices=[], validators=[DataRequired("Select a colleague as deputy.")])
    from_on = DayField("First day", validators=[InputRequired("Enter the first day.")])
    to_on = DayField("Last day", validators=[InputRequired("Enter the last day.")])

    def offer(self, work: Work) -> None:
        """Offer the coordinators; only the lead may say that somebody else is away."""
        people = [(str(c.person_id), c.name) for c in colleagues(work)]
        me = str(work.actor.person_id)
        mine = [(key, "I am") for key, _ in people if key == me]
        others = [one for one in people if one[0] != me] if work.actor.can(Permission.REQUEST_TAKE) else []
        self.person.choices = offered([*mine, *others])
        self.deputy.choices = offered((key, name) for key, name in people if others or key != me)


@blueprint.route("/cover", methods=["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE, Permission.REQUEST_TAKE)
def index() -> ResponseReturnValue:
    """Show who stands in for whom, and enter another span."""
    work = current_work()
    me = str(work.actor.person_id)
    form = CoverForm(data={"person": me})
    form.offer(work)
    if form.validate_on_submit() and form.from_on.data and form.to_on.data:
        try:
            cover = enter_cover(
                work,
                person_id=UUID(form.person.data),
                deputy_id=UUID(form.deputy.data),
                from_on=form.from_on.data,
                to_on=form.to_on.data,
            )
        except Invalid as error:
            form.attach(error)
        else:
            _tell(work, cover)
            return redirect(url_for("cover.index"), code=303)
    lines = covers(work)
    return render_template(
        "requests/cover.html",
        form=form,
        lines=[(line, _may_end(work, line.cover)) for line in lines],
        today=work.today,
    )


@blueprint.post("/cover/<uuid:cover_id>/end")
@requires(Permission.REQUEST_TRIAGE, Permission.REQUEST_TAKE)
def end(cover_id: UUID) -> ResponseReturnValue:
    """End a cover before its last day."""
    end_cover(current_work(), cover_id)
    flash("The cover has ended. The work is with its owner again.", "success")
    return redirect(url_for("cover.index"), code=303)


def _may_end(work: Work, cover: Cover) -> bool:
    return work.actor.person_id in {cover.person_id, cover.deputy_id} or work.actor.can(
        Permission.REQUEST_TAKE
    )


def _tell(work: Work, cover: Cover) -> None:
    flash("The cover is entered. It begins and ends by itself.", "success")
    kept: Any = not_for_deputy(work, cover)
    if kept:
        flash(f"Give {listing(kept)} to somebody else: the deputy is involved in the case.", "important")
