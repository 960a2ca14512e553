"""The evidence pack for an inspection: a period, and one file to hand over."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from jags.accounts.rules import Permission
from jags.evaluation import service
from jags.evaluation.rules import Period, year_of
from jags.evaluation.rules.pack import SEED_MOST
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.web.access import requires
from jags.web.fields import DayField, WholeNumberField
from jags.web.forms import JagsForm
from jags.web.unit_of_work import begins_reading, current_work

blueprint = Blueprint("evidence_pack", __name__)

_PDF, _ZIP = "pdf", "zip"
_NUMBER = "Enter the number of the sample, as an earlier pack says it, or leave it empty."


class PackForm(JagsForm):
    """Of which period, as which file, and perhaps which sample is drawn again."""

    from_on = DayField("First day", validators=[InputRequired("Enter the first day of the period.")])
    to_on = DayField("Last day", validators=[InputRequired("Enter the last day of the period.")])
    kind = RadioField(
        "As what",
        choices={_PDF: "One PDF", _ZIP: "A ZIP file with the same in every format"},
        default=_PDF,
        widget=GovRadioInput(),
    )
    seed = WholeNumberField(
        "Number of the sample (optional)",
        message=_NUMBER,
        description="Only to draw the timelines of an earlier pack again; it stands there.",
        validators=[Optional(), NumberRange(0, SEED_MOST, message=_NUMBER)],
    )

    @property
    def period(self) -> Period:
        """Return the period; raises `Invalid` for reversed dates."""
        if self.from_on.data is None or self.to_on.data is None:
            raise AssertionError("a period is read of a form that is valid")
        return Period(self.from_on.data, self.to_on.data)


@blueprint.route("/evaluation/evidence", methods=["GET", "POST"])
@requires(Permission.REPORT_WRITE, fresh=True)
@begins_reading
def make() -> ResponseReturnValue:
    """Ask for a period, and hand the pack out."""
    work = current_work()
    this = year_of(work.today)
    form = (
        PackForm()
        if request.method == "POST"
        else PackForm(data={"from_on": this.from_on, "to_on": work.today})
    )
    if form.validate_on_submit():
        try:
            return _handed_out(work, form)
        except Invalid as error:
            form.attach(error)
    return render_template("evaluation/pack.html", form=form)


def _handed_out(work: Work, form: PackForm) -> Response:
    period, archive = form.period, form.kind.data == _ZIP
    written = service.make_pack(work, period, seed=form.seed.data, archive=archive)
    name = f"jags-evidence-{period.from_on}-{period.to_on}.{_ZIP if archive else _PDF}"
    return Response(
        written,
        content_type="application/zip" if archive else "application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
