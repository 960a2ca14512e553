"""Change the code frame: add, word otherwise, share, take into use, retire, merge and split, each with its reason."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.evaluation.render.spreadsheet import csv_file
from jags.kernel.errors import Invalid
from jags.themes.queries.frame import FrameInForce, frame_in_force, history, remarks
from jags.themes.rules import ThemeState
from jags.themes.rules.frame import Theme, groups, in_use, theme_of
from jags.themes.service.framing import add_theme, merge_themes, move_theme, reword_theme, split_theme
from jags.web.access import requires
from jags.web.forms import JagsForm
from jags.web.themes.forms import MergeForm, MoveForm, SplitForm, WordingForm
from jags.web.unit_of_work import current_work
from jags.web.wording import words

blueprint = Blueprint("code_frame", __name__)

_HEAD = ("Group", "Theme", "Meaning", "Phrases", "State")


@blueprint.get("/code-frame")
@requires(Permission.THEME_MANAGE)
def index() -> ResponseReturnValue:
    """Show the themes by group."""
    work = current_work()
    known, reads = frame_in_force(work), work.actor.can(Permission.THEME_READ)
    return render_template("themes/frame.html", known=known, groups=groups(known.themes), reads=reads)


@blueprint.get("/code-frame.csv")
@requires(Permission.THEME_MANAGE, fresh=True)
def download() -> ResponseReturnValue:
    """Give the code book as a spreadsheet."""
    known = frame_in_force(current_work())
    rows = (
        (one.wording.group, one.wording.words, one.wording.meaning, ", ".join(one.wording.phrases), words(one.state))
        for one in known.themes
    )  # fmt: skip
    return Response(
        csv_file(_HEAD, rows, nothing=""),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="themes-version-{known.number}.csv"'},
    )


@blueprint.get("/code-frame/history")
@requires(Permission.THEME_MANAGE)
def past() -> ResponseReturnValue:
    """List the changes of the code frame."""
    return render_template("themes/history.html", lines=history(current_work()))


@blueprint.route("/code-frame/add", methods=["GET", "POST"])
@requires(Permission.THEME_MANAGE)
def add() -> ResponseReturnValue:
    """Add a draft theme."""
    known = frame_in_force(current_work())
    form = WordingForm(data={"version": known.number})
    done = _carried_out(
        form,
        "The draft is kept. Share it with the facilitators, or take it into use.",
        lambda: add_theme(current_work(), form.wording, why=form.why.data or "", version=form.shown_version),
    )
    return done or render_template("themes/wording.html", form=form, theme=None)


@blueprint.route("/code-frame/merge", methods=["GET", "POST"])
@requires(Permission.THEME_MANAGE)
def merge() -> ResponseReturnValue:
    """Put one theme in place of several."""
    known = frame_in_force(current_work())
    form = MergeForm(data={"version": known.number})
    form.offer(in_use(known.themes))
    done = _carried_out(
        form,
        "The themes are one now. What was found with any of them counts as the new one.",
        lambda: merge_themes(
            current_work(),
            form.keys.data or (),
            form.wording,
            why=form.why.data or "",
            version=form.shown_version,
        ),
    )
    return done or render_template("themes/merge.html", form=form)


@blueprint.route("/code-frame/<key>", methods=["GET", "POST"])
@requires(Permission.THEME_MANAGE)
def show(key: str) -> ResponseReturnValue:
    """Show a theme with what facilitators say of it, and move it to another state."""
    work = current_work()
    known, theme = _known(key)
    form = MoveForm(data={"version": known.number})
    form.offer(theme)
    done = _carried_out(
        form,
        "The theme is moved.",
        lambda: move_theme(
            work, key, ThemeState(form.state.data), why=form.why.data or "", version=form.shown_version
        ),
    )
    became = [one for one in known.themes if one.key in theme.became]
    return done or render_template(
        "themes/theme.html", form=form, theme=theme, became=became, remarks=remarks(work, key)
    )


@blueprint.route("/code-frame/<key>/wording", methods=["GET", "POST"])
@requires(Permission.THEME_MANAGE)
def reword(key: str) -> ResponseReturnValue:
    """Word a theme otherwise."""
    known, theme = _known(key)
    said = theme.wording
    form = WordingForm(
        data={
            "version": known.number,
            "group": said.group,
            "words": said.words,
            "meaning": said.meaning,
            "phrases": "\n".join(said.phrases),
        }
    )
    done = _carried_out(
        form,
        "The theme is worded otherwise.",
        lambda: reword_theme(
            current_work(), key, form.wording, why=form.why.data or "", version=form.shown_version
        ),
    )
    return done or render_template("themes/wording.html", form=form, theme=theme)


@blueprint.route("/code-frame/<key>/split", methods=["GET", "POST"])
@requires(Permission.THEME_MANAGE)
def split(key: str) -> ResponseReturnValue:
    """Put several themes in place of one."""
    known, theme = _known(key)
    form = SplitForm(data={"version": known.number})
    done = _carried_out(
        form,
        "The theme is split. Texts that held it ask which part is meant.",
        lambda: split_theme(
            current_work(),
            key,
            form.wordings(theme),
            why=form.why.data or "",
            version=form.shown_version,
        ),
    )
    return done or render_template("themes/split.html", form=form, theme=theme)


def _known(key: str) -> tuple[FrameInForce, Theme]:
    known = frame_in_force(current_work())
    theme = theme_of(known.themes, key)
    if theme is None:
        abort(404)
    return known, theme


def _carried_out(form: JagsForm, said: str, change: Callable[[], FrameInForce]) -> ResponseReturnValue | None:
    """Change the frame and go back to it, or return None where the form is to be shown."""
    if not form.validate_on_submit():
        return None
    try:
        change()
    except Invalid as error:
        form.attach(error)
        return None
    flash(said, "success")
    return redirect(url_for("code_frame.index"), code=303)
