"""A facilitator's own reflection on a session, kept while it is written."""

from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.facilitators.queries import heavy_marks
from jags.facilitators.service import mark_heavy
from jags.quality.queries.reflections import from_the_other
from jags.quality.service.reflecting import OwnReflection, reflection_of, save_reflection
from jags.web.access import requires
from jags.web.facilitators.me import me
from jags.web.quality.reflecting_form import ReflectionForm, kept_before
from jags.web.requests.saving import keep_while_filling
from jags.web.unit_of_work import current_work

blueprint = Blueprint("reflections", __name__, url_prefix="/sessions/<uuid:session_id>/reflection")


@blueprint.route("", methods=["GET", "POST"])
@requires(Permission.SESSION_RECORD)
def show(session_id: UUID) -> ResponseReturnValue:
    """Show a facilitator their own reflection, and keep it."""
    work = current_work()
    own, marks = reflection_of(work, session_id), heavy_marks(work, session_id)
    form = _form(own, heavy=marks.get(me(work), False))
    if form.validate_on_submit():
        save_reflection(work, session_id, written=form.written(), shown=form.shown)
        if me(work) in marks:
            mark_heavy(work, me(work), session_id, heavy=bool(form.heavy.data))
        flash("Your reflection is kept.", "success")
        return redirect(url_for("reflections.show", session_id=session_id), code=303)
    return render_template(
        "quality/reflection.html",
        form=form,
        session=own.session,
        may_rest=me(work) in marks,
        from_the_other=from_the_other(work, own.session, me(work)),
    )


@blueprint.post("/autosave")
@requires(Permission.SESSION_RECORD)
def autosave(session_id: UUID) -> ResponseReturnValue:
    """Keep what is right of a reflection that is being written, and say when."""
    work = current_work()
    form = _form(reflection_of(work, session_id), heavy=False)
    return keep_while_filling(
        work,
        form,
        lambda: save_reflection(work, session_id, written=form.written(), shown=form.shown, finished=False),
    )


def _form(own: OwnReflection, *, heavy: bool) -> ReflectionForm:
    """Return the form with what was kept; a page that was sent brings its own mark and version."""
    values = kept_before(own.written) | {"heavy": heavy}
    if request.method == "GET":
        values |= {"version": own.version, "page": str(uuid4())}
    return ReflectionForm(data=values)
