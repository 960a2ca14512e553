"""Find what is held about somebody who asks, and put it together with everybody else in it marked."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.evaluation.render.spreadsheet import csv_file
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import detail_of, legal_card, story_and_notes
from jags.requests.rules import Part
from jags.rights import service
from jags.rights.queries import FOUND_MOST, LOOKED_MOST, Sought
from jags.scheduling.queries import sessions_of
from jags.scheduling.queries.sessions import learning_of, place_of
from jags.web.access import requires
from jags.web.filters import day, moment
from jags.web.requests.answers import OUR_TITLES, TITLES, summary
from jags.web.requests.story import our_view, story
from jags.web.rights.forms import FindForm
from jags.web.unit_of_work import current_work
from jags.web.wording import words

blueprint = Blueprint("subject_access", __name__)

THE_PERSON = "The child, young person or family"
THIRD = "Third party: a practitioner"
BOTH = "May speak of third parties: read it through"
_OF_PART: dict[Part, str] = {
    Part.REQUESTER: THIRD,
    Part.PEOPLE: THIRD,
    Part.CONTACTS: THIRD,
    Part.CHILD: THE_PERSON,
    Part.ADULTHOOD: THE_PERSON,
}
HEAD = ["Part", "What", "Held", "About whom"]


@blueprint.route("/records/find", methods=["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE)
def find() -> ResponseReturnValue:
    """Look for what is held about somebody by what they know of it; we hold no name."""
    work = current_work()
    form = FindForm()
    found: list[tuple[Request, str]] | None = None
    looked = 0
    if form.validate_on_submit():
        try:
            rows, looked = service.seek(
                work,
                Sought(
                    form.reference.data or "",
                    form.initials.data or "",
                    form.agency.data or "",
                    form.from_on.data,
                    form.to_on.data,
                ),
            )
        except Invalid as error:
            form.attach(error)
        else:
            found = [(row, detail_of(work, row).pseudonym) for row in rows]
    return render_template(
        "rights/find.html",
        form=form,
        found=found,
        most=FOUND_MOST,
        incomplete=looked >= LOOKED_MOST,
    )


@blueprint.post("/records/find/<uuid:request_id>")
@requires(Permission.REQUEST_TRIAGE, fresh=True)
def export(request_id: UUID) -> ResponseReturnValue:
    """Put together everything that is held in a request, as a page to print or a spreadsheet to black out in."""
    work = current_work()
    found = service.open_for_subject(work, request_id)
    rows = held(work, found)
    name = found.reference or "imported-request"
    if request.form.get("as") == "csv":
        return Response(
            csv_file(HEAD, rows, nothing=""),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="what-is-held-{name}.csv"'},
        )
    return render_template("rights/export.html", request_=found, rows=rows, head=HEAD, third=THIRD)


def held(work: Work, found: Request) -> list[list[str]]:
    """Return everything that is held in a request as rows: part, what, the value, and about whom it is."""
    moves, notes = story_and_notes(work, found)
    rows = [
        ["The request", "Reference", found.reference or "", THE_PERSON],
        ["The request", "Received", day(found.received_on), THE_PERSON],
        ["The request", "Where it stands", words(found.state), THE_PERSON],
    ]
    for part, told in summary(work, found).items():
        title = OUR_TITLES.get(part, TITLES[part])
        rows += [
            [title, one["key"], _text(one["value"]), _OF_PART.get(part, BOTH)] for one in told if one["value"]
        ]
    rows += [
        ["How we see it", one["key"], _text(one["value"]), THE_PERSON]
        for one in our_view(work, found)
        if one["value"]
    ]
    rows += [
        ["What happened", told["title"], _text([told["when"], told["text"]]), BOTH]
        for _, told in story(moves)
    ]
    rows += [["Our notes", f"{moment(note.at)}, {note.by}", note.text, BOTH] for note in notes]
    card = legal_card(work, found)
    for spoken in card.lines if card else ():
        said = _text([day(spoken.check.spoken_on), words(spoken.check.outcome), spoken.said.note])
        rows.append(["Court, police or review", words(spoken.check.kind), said, BOTH])
        rows.append(["Court, police or review", "Spoke to", spoken.said.spoke_to, THIRD])
    for session in sessions_of(work, found.id):
        rows.append(["Session", moment(session.starts_at), words(session.state), THE_PERSON])
        rows.append(["Session", "Place", place_of(work, session).venue, THE_PERSON])
        agencies = [one.agency.name if one.agency else one.agency_typed for one in session.attendance]
        rows.append(["Session", "Agencies", _text(agencies), THIRD])
        rows.append(["Session", "Learning", learning_of(work, session), BOTH])
    return [row for row in rows if row[2]]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return "; ".join(text for text in map(_text, value) if text)
    return str(value)
