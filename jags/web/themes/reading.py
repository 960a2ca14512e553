"""Read texts for themes, one by one and without the other reader's view; then talk about what differs."""

from collections.abc import Iterable
from dataclasses import dataclass
from string import ascii_lowercase
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid
from jags.themes.model import ReadingText
from jags.themes.queries import texts as queries
from jags.themes.queries.counts import agreement_by_theme
from jags.themes.queries.frame import frame_in_force
from jags.themes.rules import READERS
from jags.themes.rules.agreement import UNITS_LEAST, mean_per_cent
from jags.themes.rules.frame import Theme, as_now, groups, in_use, split_since
from jags.themes.rules.suggestions import Suggestion, suggested
from jags.themes.service.reading import agree_on, read_text, take_in_texts
from jags.web.access import requires
from jags.web.forms import JagsForm
from jags.web.themes.forms import ReadingForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("themes", __name__)

_PAGE = 50


@dataclass(frozen=True)
class Choice:
    """A theme as a reader is offered it: two letters that tick it, and the words of the text that suggest it."""

    theme: Theme
    letters: str
    suggestion: Suggestion | None


@blueprint.route("/themes", methods=["GET", "POST"])
@requires(Permission.THEME_READ)
def index() -> ResponseReturnValue:
    """Show how far the reading is; look for new texts at once when asked to."""
    work, form = current_work(), JagsForm()
    if form.validate_on_submit():
        found = take_in_texts(work)
        flash(
            f"{found} new {'text' if found == 1 else 'texts'}." if found else "There is no new text.",
            "success",
        )
        return redirect(url_for("themes.index"), code=303)
    return render_template(
        "themes/index.html",
        form=form,
        found=queries.progress(work),
        mine=queries.count_open_to(work),
        manages=work.actor.can(Permission.THEME_MANAGE),
        reviews=work.actor.can(Permission.FEEDBACK_REVIEW),
    )


@blueprint.get("/themes/next")
@requires(Permission.THEME_READ)
def following() -> ResponseReturnValue:
    """Go to the next text that waits for this reader."""
    after = request.args.get("after", type=UUID)
    found = queries.find_next(current_work(), after=after)
    if found is None:
        flash("Nothing more waits for you to read.", "success")
        return redirect(url_for("themes.index"))
    return redirect(url_for("themes.read", text_id=found.id))


@blueprint.route("/themes/texts/<uuid:text_id>", methods=["GET", "POST"])
@requires(Permission.THEME_READ)
def read(text_id: UUID) -> ResponseReturnValue:
    """Show one text, and keep which themes this reader finds in it."""
    work = current_work()
    text = queries.get_text(work, text_id)
    if len(text.readings) >= READERS and request.method == "GET":
        return redirect(url_for("themes.agree", text_id=text_id))
    own, frame = queries.reading_of(text, work.actor.person_id), frame_in_force(work)
    said = as_now(frame.themes, queries.keys_of(own))
    form = ReadingForm(
        data={
            "version": own.version if own else 0,
            "themes": sorted(said),
            "none": own is not None and not said,
        }
    )
    form.offer(in_use(frame.themes))
    if form.validate_on_submit():
        try:
            read_text(
                work, text_id, form.themes.data or (), none_of_them=form.none.data, version=form.shown_version
            )
        except Invalid as error:
            form.attach(error)
        else:
            if request.form.get("go") == "stop":
                flash("What you found is kept.", "success")
                return redirect(url_for("themes.index"), code=303)
            return redirect(url_for("themes.following", after=text_id), code=303)
    return _page("themes/read.html", form, text, split=split_since(frame.themes, said))


@blueprint.get("/themes/disagreements")
@requires(Permission.THEME_READ)
def disagreements() -> ResponseReturnValue:
    """List what the two readers of a text see differently."""
    work = current_work()
    pages = -(-queries.count_disagreements(work) // _PAGE)
    page = min(max(request.args.get("page", 1, type=int), 1), max(pages, 1))
    lines = queries.disagreements(work, skip=(page - 1) * _PAGE, most=_PAGE)
    return render_template("themes/disagreements.html", lines=lines, page=page, pages=pages)


@blueprint.route("/themes/texts/<uuid:text_id>/agree", methods=["GET", "POST"])
@requires(Permission.THEME_READ)
def agree(text_id: UUID) -> ResponseReturnValue:
    """Show what the two readers found in a text, and write down what they agree on."""
    work = current_work()
    text = queries.get_text(work, text_id)
    if len(text.readings) < READERS and request.method == "GET":
        return redirect(url_for("themes.read", text_id=text_id))
    frame = frame_in_force(work)
    said = [as_now(frame.themes, queries.keys_of(one)) for one in text.readings]
    agreed = text.consensus
    kept = (
        as_now(frame.themes, queries.keys_of(agreed))
        if agreed
        else frozenset.intersection(*said)
        if said
        else frozenset()
    )
    form = ReadingForm(
        data={
            "version": agreed.version if agreed else 0,
            "themes": sorted(kept),
            "none": agreed is not None and not kept,
        }
    )
    form.offer(in_use(frame.themes))
    if form.validate_on_submit():
        try:
            agree_on(
                work, text_id, form.themes.data or (), none_of_them=form.none.data, version=form.shown_version
            )
        except Invalid as error:
            form.attach(error)
        else:
            flash("What you agree on is kept, beside what each of you said first.", "success")
            return redirect(url_for("themes.disagreements"), code=303)
    found = [
        (
            "You found" if reading.reader_id == work.actor.person_id else f"Reader {place} found",
            [theme.wording.words for theme in frame.themes if theme.key in keys],
        )
        for place, (reading, keys) in enumerate(zip(text.readings, said, strict=True), 1)
    ]
    return _page("themes/agree.html", form, text, found=found, split=split_since(frame.themes, kept))


@blueprint.get("/themes/agreement")
@requires(Permission.THEME_READ)
def agreement() -> ResponseReturnValue:
    """Show how far readers agree on each theme."""
    found = agreement_by_theme(current_work())
    return render_template(
        "themes/agreement.html",
        found=found,
        mean=mean_per_cent([one.found for one in found.themes]),
        least=UNITS_LEAST,
    )


def _page(template: str, form: ReadingForm, text: ReadingText, **more: object) -> str:
    """Render a page of one text with the themes that it may hold."""
    work = current_work()
    words, themes = queries.words_of(work, text), in_use(frame_in_force(work).themes)
    suggestions = suggested(words.text, themes)
    return render_template(
        template,
        form=form,
        text=text,
        words=words,
        pieces=_pieces(words.text, suggestions),
        choices=_choices(themes, suggestions),
        names={theme.key: theme.wording.words for theme in frame_in_force(work).themes},
        **more,
    )


def _choices(themes: Iterable[Theme], suggestions: Iterable[Suggestion]) -> dict[str, list[Choice]]:
    """Return the themes by group, each with two letters: one of its group, one of its own."""
    by_key = {one.key: one for one in suggestions}
    return {
        group: [
            Choice(theme, _letters(place, own), by_key.get(theme.key)) for own, theme in enumerate(members)
        ]
        for place, (group, members) in enumerate(groups(themes).items())
    }


def _letters(group: int, own: int) -> str:
    """Return two letters, or none where the alphabet has ended."""
    last = len(ascii_lowercase)
    return ascii_lowercase[group] + ascii_lowercase[own] if group < last and own < last else ""


def _pieces(text: str, suggestions: Iterable[Suggestion]) -> list[tuple[str, bool]]:
    """Return a text in pieces, each with whether it suggests a theme."""
    pieces, at = [], 0
    for one in sorted(suggestions, key=lambda found: (found.start, -found.end)):
        if one.start < at:
            continue
        pieces += [(text[at : one.start], False), (text[one.start : one.end], True)]
        at = one.end
    return [piece for piece in (*pieces, (text[at:], False)) if piece[0]]
