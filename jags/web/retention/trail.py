"""The audit trail as people read it: who did what and when, narrowed by the address."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import SelectField
from wtforms.validators import Optional

from jags.accounts.rules import Permission
from jags.audit.model import AuditEvent
from jags.audit.queries import PAGE, Looked, events, requests_read, with_detail
from jags.audit.rules import TAGS, Stream
from jags.kernel.work import Work
from jags.requests.queries import references_of
from jags.retention.queries import unseen_by
from jags.rights.queries import everybody_with_account, find_reference, names_of_accounts
from jags.web.access import requires
from jags.web.fields import DayField, line, offered
from jags.web.filters import moment
from jags.web.forms import JagsForm, asked_again
from jags.web.guard import ANYTHING
from jags.web.unit_of_work import current_work

blueprint = Blueprint("trail", __name__)

HEAD = ["Number", "When", "Who", "What", "About", "More"]
STREAMS = [(Stream.ACTS, "What was done"), (Stream.READS, "Who has read what is written about a case")]
# Events that pages call otherwise.
_TAGS = {"account:disabled": "Account closed", "account:enabled": "Account opened again"}
_ABOUT = sorted({tag.partition(":")[0] for tag in TAGS})


class TrailForm(JagsForm):
    """What to look for in the trail; it is sent in the address, and holds no name."""

    class Meta(JagsForm.Meta):
        """Nothing is changed by looking."""

        csrf = False

    stream = SelectField("What to show", widget=GovSelect(), default=Stream.ACTS, validators=[Optional()])
    reference = line("Reference of a request", "the reference", fine=ANYTHING)
    about = SelectField("What it is about", widget=GovSelect(), validators=[Optional()])
    who = SelectField("Who", widget=GovSelect(), validators=[Optional()])
    from_on = DayField("From", validators=[Optional()])
    to_on = DayField("Until", validators=[Optional()])

    def offer(self, people: Sequence[tuple[UUID, str]]) -> None:
        """Offer what the trail speaks of, and everybody with an account."""
        everything = [("", "Everything"), *((one, words_of(one)) for one in _ABOUT)]
        self.stream.choices = offered(STREAMS)
        self.about.choices = offered(everything)
        self.who.choices = offered([("", "Everybody"), *((str(key), name) for key, name in people)])


@blueprint.get("/audit-trail")
@requires(Permission.AUDIT_READ)
def index() -> ResponseReturnValue:
    """Show the trail, the newest event first."""
    work = current_work()
    form = trail_form(work)
    page = max(request.args.get("page", 1, type=int), 1)
    rows, total = events(work, looked_for(work, form), page=page) if form.validate() else ((), 0)
    return render_template(
        "retention/trail.html",
        form=form,
        lines=lines_of(work, rows),
        head=HEAD,
        total=total,
        page=page,
        pages=-(-total // PAGE),
        asked=asked_again(form),
    )


def trail_form(work: Work) -> TrailForm:
    """Return the form with what the address asks for."""
    form = TrailForm(request.args)
    form.offer(everybody_with_account(work))
    return form


def looked_for(work: Work, form: TrailForm) -> Looked:
    """Return what somebody looks for; an unknown reference fits nothing."""
    found = find_reference(work, form.reference.data) if form.reference.data else None
    subject = (str(found.id) if found else "unknown") if form.reference.data else ""
    return Looked(
        stream=Stream.READS if form.stream.data == Stream.READS else Stream.ACTS,
        subject=subject,
        about=form.about.data if form.about.data in _ABOUT else "",
        actor_refs=(form.who.data,) if form.who.data else (),
        from_on=form.from_on.data,
        to_on=form.to_on.data,
        unseen=unseen_by(work, work.actor.person_id),
    )


def lines_of(work: Work, rows: Sequence[AuditEvent]) -> list[list[Any]]:
    """Return events as people read them, each as the cells under `HEAD`."""
    names = names_of_accounts(work, _ids(row.actor_ref for row in rows))
    about = {row.seq: requests_read(row) or (row.subject_ref,) for row in rows}
    references = references_of(work, _ids(ref for refs in about.values() for ref in refs))
    kept = with_detail(work, rows)
    return [
        [
            row.seq,
            moment(row.at),
            _who(row.actor_ref, names),
            _TAGS.get(row.tag) or words_of(row.tag.replace(":", " ")),
            ", ".join(filter(None, (_of(ref, references) for ref in about[row.seq]))),
            _more(row, kept),
        ]
        for row in rows
    ]


def _more(row: AuditEvent, kept: frozenset[int]) -> str:
    """Return what else an event tells: opaque references stay away, what was typed is never opened here."""
    told = [
        f"{words_of(key)}: {words_of(str(value))}"
        for key, value in json.loads(row.payload).items()
        if value is not None and not _is_id(str(value)) and key not in {"anchors", "digest", "requests_read"}
    ]
    if row.detail_digest:
        told.append("a reason is kept" if row.seq in kept else "its reason was erased")
    return "; ".join(told)


def _who(ref: str, names: dict[UUID, str]) -> str:
    if ref.startswith("system:"):
        return f"The software: {words_of(ref.removeprefix('system:').replace('cli:', 'command ')).lower()}"
    if ref.startswith("link:"):
        return "Somebody by a link"
    if _is_id(ref):
        return names.get(UUID(ref), "An account that is gone")
    return "Somebody without an account"


def _of(ref: str, references: dict[UUID, str]) -> str:
    if _is_id(ref):
        return references.get(UUID(ref), "")
    return words_of(ref)


def words_of(text: str) -> str:
    """Return a part of a tag, or a key, as words."""
    return text.replace("_", " ").replace("-", " ").strip().capitalize()


def _ids(refs: Any) -> list[UUID]:
    return sorted({UUID(ref) for ref in refs if _is_id(ref)})


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
