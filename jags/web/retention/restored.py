"""Account for a backup that was put back: one person says so, another confirms it, and verification misses nothing any more."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.audit.rules import Anchor
from jags.audit.service import not_held
from jags.kernel.errors import Invalid, SetupIncomplete
from jags.kernel.log import log
from jags.retention import service
from jags.rights.queries import names_of_accounts
from jags.web.access import requires
from jags.web.forms import JagsForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("restored", __name__)


@blueprint.get("/records/restored-backup")
@requires(Permission.RETENTION_MANAGE)
def show() -> ResponseReturnValue:
    """Show what was noted outside and is not in the trail, and who has said that a backup was put back."""
    work = current_work()
    try:
        noted = _noted()
    except (Invalid, SetupIncomplete, OSError) as error:
        # Whoever runs the software sees why; a page names no path of the machine.
        log().error("the notes of the audit trail cannot be read", problem=type(error).__name__)
        return render_template("retention/restored.html", unreadable=True)
    waiting = service.waiting_restore(work, noted)
    names = names_of_accounts(work, [UUID(waiting.actor_ref)]) if waiting else {}
    return render_template(
        "retention/restored.html",
        form=JagsForm(),
        missing=[(_when(one), one.seq) for one in not_held(work, noted)],
        noted=len(noted),
        last=_when(noted[-1]) if noted else None,
        waiting=waiting,
        who=next(iter(names.values()), ""),
        own=waiting is not None and waiting.actor_ref == work.actor.ref,
    )


@blueprint.post("/records/restored-backup")
@requires(Permission.RETENTION_MANAGE, fresh=True)
def ask() -> ResponseReturnValue:
    """Say that a backup was put back."""
    service.ask_about_restore(current_work(), _noted())
    flash("A second person confirms it next: tell them.", "success")
    return redirect(url_for("restored.show"), code=303)


@blueprint.post("/records/restored-backup/<int:asked>/confirm")
@requires(Permission.RETENTION_MANAGE, fresh=True)
def confirm(asked: int) -> ResponseReturnValue:
    """Confirm what somebody else has said."""
    service.confirm_restore(current_work(), asked, _noted())
    flash("It is confirmed. The trail says so, and counts as whole again.", "success")
    return redirect(url_for("restored.show"), code=303)


def _when(one: Anchor) -> datetime:
    return datetime.fromisoformat(one.at)


def _noted() -> list[Anchor]:
    """Return what was noted outside; raises where this process may not read it: that is not as if there were nothing."""
    found: list[Anchor] = current_app.extensions["jags_records"].anchors()
    return found
