"""What a facilitator sees and does: own sessions, stepping back, and the record after a session."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.allocation.queries import taken_on
from jags.facilitators.queries import find_facilitator, lapsing_training, load
from jags.feedback.queries import slips_made
from jags.kernel.errors import Invalid, NotFound, Stale
from jags.kernel.work import Work
from jags.quality.queries.session_page import after_session, observed
from jags.requests.queries import before_contact
from jags.scheduling import queries, service
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import KeptToApproach, SessionState
from jags.web.access import requires
from jags.web.forms import JagsForm
from jags.web.scheduling.forms import RecordForm, ids_of
from jags.web.unit_of_work import current_work

blueprint = Blueprint("my_sessions", __name__)


@blueprint.get("/my-sessions")
@requires(Permission.SESSION_RECORD)
def index() -> ResponseReturnValue:
    """List a facilitator's own sessions: to come, to be recorded, held."""
    work = current_work()
    lines = queries.sessions_for_person(work, _me(work))
    loads = load(work, [_me(work)], work.today) if find_facilitator(work, _me(work)) else {}
    arranged = [line for line in lines if line.session.state is SessionState.SCHEDULED]
    return render_template(
        "scheduling/my_sessions.html",
        coming=[line for line in arranged if line.session.starts_at > work.now],
        to_date=queries.dates_to_find(work, _me(work)),
        unrecorded=[line for line in arranged if line.session.starts_at <= work.now],
        taken=taken_on(work, loads).get(_me(work)),
        rests_until=loads[_me(work)].rests_until if loads else None,
        lapsing=next(iter(lapsing_training(work, only=[_me(work)])), None),
        held=[line for line in reversed(lines) if line.session.state is SessionState.HELD],
    )


@blueprint.get("/my-sessions/<uuid:session_id>")
@requires(Permission.SESSION_RECORD)
def show(session_id: UUID) -> ResponseReturnValue:
    """Show one of a facilitator's own sessions."""
    work = current_work()
    session = _mine(work, session_id)
    return render_template(
        "scheduling/my_session.html",
        session=session,
        where=queries.place_shown(work, session),
        partners=[p for p in queries.facilitators(work, session) if p.id != work.actor.person_id],
        people=queries.attendees(work, session),
        answers=queries.calendar_answers(work, session),
        before=before_contact(work, session.request),
        started=session.starts_at <= work.now,
        slips=slips_made(work, session_id),
        after=after_session(work, session),
        observed=observed(work, session),
    )


@blueprint.route("/my-sessions/<uuid:session_id>/step-back", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def step_back(session_id: UUID) -> ResponseReturnValue:
    """Step back from a session, without a reason; asked once more before it happens."""
    work = current_work()
    session = _mine(work, session_id)
    form = JagsForm(data={"version": session.request.version})
    if form.validate_on_submit():
        service.step_back(work, session.request_id, person_id=_me(work), version=form.shown_version)
        flash("You have stepped back. Thank you for telling us: you need not explain anything.", "success")
        return redirect(url_for("my_sessions.index"), code=303)
    return render_template("scheduling/step_back.html", session=session, form=form)


@blueprint.route("/sessions/<uuid:session_id>/record", methods=["GET", "POST"])
@requires(Permission.SESSION_RECORD)
def record(session_id: UUID) -> ResponseReturnValue:
    """Record a session after it was held."""
    work = current_work()
    session = _mine(work, session_id)
    form = RecordForm(data=_first_look(session))
    people = queries.attendees(work, session)
    form.offer(people)
    status = 200
    if form.validate_on_submit():
        try:
            _save(work, session, form)
        except Invalid as error:
            form.attach(error)
        except Stale as error:
            form.attach(Invalid(str(error)))
            status = 409
        else:
            flash("Thank you. The session is recorded.", "success")
            return redirect(url_for("my_sessions.show", session_id=session_id), code=303)
    return render_template(
        "scheduling/record.html",
        form=form,
        session=session,
        started=session.starts_at <= work.now,
        slips=slips_made(work, session_id),
    ), status


def _save(work: Work, session: JagsSession, form: RecordForm) -> None:
    service.record_session(
        work,
        session.id,
        minutes=form.minutes.data or 0,
        kept=KeptToApproach(form.kept.data),
        agencies=form.rows(work),
        present=ids_of(form.present.data or [], field="present"),
        learning=form.learning.data or "",
        version=form.shown_version,
    )


def _first_look(session: JagsSession) -> dict[str, Any]:
    names = [name for _, name in queries.agencies_of_network(session)]
    return {
        "version": session.version,
        "minutes": session.minutes,
        "agencies": [{"name": name} for name in names],
    }


def _mine(work: Work, session_id: UUID) -> JagsSession:
    session = queries.get_session(work, session_id)
    if not queries.is_facilitator(session, work.actor.person_id):
        raise NotFound("There is no such session.")
    return session


def _me(work: Work) -> UUID:
    if work.actor.person_id is None:
        raise NotFound("There are no sessions for this account.")
    return work.actor.person_id
