"""The page on which somebody who was asked says which dates suit, by their own link."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Purpose
from jags.kernel.errors import Invalid
from jags.requests.rules import NetworkContact, is_working_day
from jags.scheduling import queries, service
from jags.scheduling.model import DateAsked, DateQuestion
from jags.settings.queries import partnership
from jags.settings.rules import Partnership, school_holiday_on
from jags.web.access import current_link, requires_link
from jags.web.scheduling.date_forms import AnswerDatesForm, ToldForm, answer_form
from jags.web.unit_of_work import current_work

blueprint = Blueprint("answering", __name__)


@blueprint.route("/dates/<uuid:link_id>", methods=["GET", "POST"])
@requires_link(Purpose.DATES)
def answer(link_id: UUID) -> ResponseReturnValue:
    """Let somebody say which dates suit, and change it until it is closed; opening the page answers nothing."""
    work, asked_id = current_work(), current_link().subject_id
    asked = queries.get_asked(work, asked_id)
    question = asked.question
    form = answer_form(question, AnswerDatesForm)(data=first_answer(asked))
    if answered(form, asked_id):
        flash("Thank you. Your answer is kept, and you can change it here until it is closed.", "success")
        return redirect(url_for("answering.answer", link_id=link_id), code=303)
    return render_template(
        "scheduling/answer_dates.html",
        form=form,
        question=question,
        layout="layouts/link.html",
        person=None,
        asked=asked,
        open=queries.takes_answers(work, question),
        until=queries.answers_until(question),
        facts=_facts(question, partnership(work)),
        chosen=next((o for o in question.options if o.chosen), None),
    )


def answered(form: AnswerDatesForm, asked_id: UUID, *, told: bool = False) -> bool:
    """Keep what was sent, and tell whether it is kept; else its errors are at their fields."""
    if not form.validate_on_submit():
        return False
    by_telephone = None
    if told and isinstance(form, ToldForm) and form.told_on.data:
        by_telephone = service.Told(form.told_on.data, form.told_by.data or "")
    try:
        service.answer_dates(
            current_work(), asked_id, form.votes, instead=form.instead.form.person(), told=by_telephone
        )
    except Invalid as error:
        if error.field in {"instead", "name"}:
            form.name_instead(error)
        else:
            form.attach(error)
        return False
    return True


def first_answer(asked: DateAsked) -> dict[str, Any]:
    """Return what somebody has answered before, for a form to begin with."""
    found: dict[str, Any] = {f"date_{v.option_id.hex}": v.vote.value for v in asked.votes}
    if asked.instead is not None:
        contact = current_work().vault.open(asked.instead, "contact", NetworkContact)
        found["instead"] = {"name": contact.name, "role": contact.role, "email": contact.email}
    return found


def _facts(question: DateQuestion, house: Partnership) -> dict[str, str]:
    """Return by date what is good to know before answering: school holidays, and days on which most people do not work."""
    facts = {}
    for option in question.options:
        day = option.wall_start.date()
        holiday = school_holiday_on(house, day)
        said = [f"School holidays: {holiday}"] if holiday else []
        said += [] if is_working_day(day) else ["A weekend or bank holiday"]
        facts[f"date_{option.id.hex}"] = ". ".join(said)
    return facts
