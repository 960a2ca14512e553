"""Ask for anonymous feedback on two screens, without cookie, session or script."""

from functools import lru_cache

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from jags.feedback.queries import TicketPage, text_items, ticket_page, worries
from jags.feedback.rules import COMMENT_MOST, SECTOR, FormKey, Outcome
from jags.feedback.rules.answers import read_answers
from jags.feedback.rules.forms import Agreement, Item, ItemKind
from jags.feedback.rules.tickets import read_slip
from jags.feedback.service import accept_answer
from jags.feedback.service.answering import WORRY_FIELD, WORRY_SAID
from jags.kernel.errors import Invalid, LinkNotValid
from jags.kernel.work import Work
from jags.web.access import requires_ticket
from jags.web.feedback.forms import TicketForm, ticket_form
from jags.web.guesses import Guesses
from jags.web.unit_of_work import current_work
from jags.web.wording import words

_TOO_MANY_CODES = (
    "Too many codes that are not known have come from your network today. Try again tomorrow, or ring us."
)
blueprint = Blueprint("feedback", __name__)

_BAD, _CONFLICT, _GONE = 400, 409, 410
# What each form asks, in a word.
_HEADINGS = {FormKey.PARTICIPANT: "How was the JAGS?", FormKey.LATER: "What has followed from the JAGS?"}
# Value and words of each point of the scale.
_SCALE = tuple((choice.value, words(choice)) for choice in Agreement)


@blueprint.get("/feedback")
@requires_ticket
def enter() -> ResponseReturnValue:
    """Ask for the code of a slip."""
    return render_template("feedback/enter.html", code="")


@blueprint.get("/feedback/<string:ticket>")
@requires_ticket
def show(ticket: str) -> ResponseReturnValue:
    """Show the first screen; looking spends nothing, because mail scanners follow every link."""
    _refuse_guessing(ticket)
    return _begin(ticket)


@blueprint.post("/feedback/code")
@requires_ticket
def code() -> ResponseReturnValue:
    """Show what the code of a slip leads to, or ask for it again."""
    typed = request.form.get("ticket", "")
    _refuse_guessing(typed)
    outcome = ticket_page(current_work(), typed).outcome
    if read_slip(typed) is None or outcome in {Outcome.CLOSED, Outcome.INVALID}:
        _note_wrong(typed)
        return render_template("feedback/enter.html", code=typed, unknown=True), _BAD
    return _begin(typed)


@blueprint.post("/feedback")
@requires_ticket
def send() -> ResponseReturnValue:
    """Go from screen to screen, and take the answers at the end; the ticket travels in the form, not in an address."""
    work, ticket = current_work(), request.form.get("ticket", "")
    step, refused = request.form.get("step"), None
    _refuse_guessing(ticket)
    if step == "send":
        try:
            outcome = accept_answer(work, ticket, request.form)
            if outcome is not Outcome.WORRY:
                return _told(outcome)
        except Invalid as error:
            refused = error
    page = ticket_page(work, ticket)
    if page.outcome is not Outcome.GOOD:
        return _told(page.outcome)
    form = ticket_form(page.items)(request.form)
    if step == "back":
        return _screen("statements", page, form)
    refused = refused or _refused(work, page)
    if refused:
        form.attach(refused)
        if refused.field in _first(page):
            return _screen("statements", page, form)
        return _screen("comment", page, form)
    return _screen("comment", page, form, asks_about_worry=step == "send")


def _begin(ticket: str) -> ResponseReturnValue:
    page = ticket_page(current_work(), ticket)
    if page.outcome is Outcome.SPENT:
        return render_template("feedback/spent.html")
    if page.outcome is not Outcome.GOOD:
        return _told(page.outcome)
    return _screen("statements", page, ticket_form(page.items)(ticket=ticket))


def _refused(work: Work, page: TicketPage) -> Invalid | None:
    """Return what is wrong with the answers of the first screen."""
    try:
        read_answers(page.items, request.form, today=work.today, with_sector=page.asks_sector)
    except Invalid as error:
        return error
    return None


def _screen(name: str, page: TicketPage, form: TicketForm, *, asks_about_worry: bool = False) -> str:
    """Render one screen; what belongs to the other travels along as hidden values."""
    shown = [i for i in page.items if i.on_first_screen == (name == "statements")]
    keys = {item.key for item in shown} | ({SECTOR} if name == "comment" else set())
    more = [item for item in shown if item.more]
    texts = [form[i.key].data or "" for i in shown if i.kind is ItemKind.TEXT] if asks_about_worry else []
    # Only a form that was sent brings anything; looking for it takes time from the page that everybody opens.
    said = request.form.get(WORRY_FIELD, "") if request.method == "POST" else ""
    return render_template(
        f"feedback/{name}.html",
        form=form,
        heading=_HEADINGS[page.form],
        shown=[(form[item.key], item, _options(item)) for item in shown if not item.more],
        more=[(form[item.key], item, _options(item)) for item in more],
        more_open=any(form[item.key].data or form[item.key].errors for item in more),
        carried=[f for f in form if f.name not in keys and f.data],
        asks_sector=page.asks_sector,
        closes_on=page.closes_on,
        comment_most=COMMENT_MOST,
        worry=worries(current_work(), texts),
        worry_said=WORRY_SAID if asks_about_worry else said,
        worry_field=WORRY_FIELD,
    )


def _told(outcome: Outcome) -> ResponseReturnValue:
    """Thank for an answer, also for one that was sent before; or say that the round has closed."""
    if outcome in {Outcome.GOOD, Outcome.SPENT}:
        return render_template("feedback/thanks.html")
    if outcome is Outcome.EARLY:
        return render_template("feedback/early.html")
    if outcome is Outcome.FULL:
        return render_template("feedback/full.html", typed=_typed()), _CONFLICT
    if outcome is Outcome.CLOSED:
        _note_wrong(_code())
        return render_template("feedback/closed.html", typed=_typed(), slip=_by_slip()), _GONE
    raise LinkNotValid


def _by_slip() -> bool:
    """Tell whether somebody came by the code of a slip, which cannot be told from an invented one when its round has closed."""
    return read_slip(_code()) is not None


def _code() -> str:
    return (request.view_args or {}).get("ticket") or request.form.get("ticket", "")


def _refuse_guessing(code: str) -> None:
    """Raise `TooMany` where very many wrong codes of slips have come from; links have no code that could be guessed."""
    if read_slip(code) is not None:
        _guesses().refuse_many(request.remote_addr or "", today=current_work().today)


def _note_wrong(code: str) -> None:
    """Count a code that leads nowhere; what could be no code at all is a slip of the finger."""
    if read_slip(code) is not None:
        _guesses().note(request.remote_addr or "", today=current_work().today)


def _guesses() -> Guesses:
    found: Guesses = current_app.extensions.setdefault("jags_guesses", Guesses(_TOO_MANY_CODES))
    return found


def _typed() -> list[tuple[str, str]]:
    """Return what was written in answer to any question, so that nothing typed is lost."""
    if request.method != "POST":
        return []
    asked = text_items(current_work())
    return [(item.words, text) for item in asked if (text := request.form.get(item.key, "").strip())]


def _first(page: TicketPage) -> set[str]:
    return {item.key for item in page.items if item.on_first_screen}


@lru_cache(maxsize=64)
def _options(item: Item) -> tuple[tuple[str, str], ...]:
    """Return value and words of each answer that may be chosen."""
    if item.kind is ItemKind.AGREEMENT:
        return _SCALE
    said = item.choices or item.options
    return tuple(zip(item.options, said, strict=True))
