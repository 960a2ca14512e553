"""Send a report for review and freeze it, give it back, release it, withdraw it, and hand out copies."""

import uuid
from dataclasses import replace

from sqlalchemy import func, select

from jags.accounts.queries import contact_of, get_person
from jags.evaluation.model import Report
from jags.evaluation.policy import require_review, require_writing
from jags.evaluation.queries.gathering import gather
from jags.evaluation.queries.quoting import written_of
from jags.evaluation.queries.reports import (
    frozen_edition,
    get_report,
    statement_of,
    words_of,
)
from jags.evaluation.render.formats import write_document
from jags.evaluation.render.sections import raw_report, statement
from jags.evaluation.rules.canonical import to_json
from jags.evaluation.rules.document import CopyFor, Document, Edition, Format, Released
from jags.evaluation.rules.editions import edition_of, section_of
from jags.evaluation.rules.gathered import Written
from jags.evaluation.rules.reports import Frozen, ReportState, check_text
from jags.evaluation.rules.views import View, view_of
from jags.evaluation.service.ledger import keep_release, plan_release, told_outside, why_not
from jags.evaluation.service.telling import tell_reader
from jags.evaluation.service.writing import draft_of, person_of
from jags.kernel.errors import Invalid, MoveNotPossible, Stale
from jags.kernel.work import Work


def send_for_review(work: Work, report_id: uuid.UUID, *, version: int) -> Report:
    """Freeze figures and words of a draft: blocks are formed for good, and both editions are kept as they will be released.

    Raises `Invalid` when its dates cannot be released, and `Stale` when what it counts has changed while it was worked out.
    """
    require_writing(work.actor)
    report = draft_of(work, report_id)
    report.expect(version)
    if why := why_not(work, report.asked, beside=report.id):
        raise Invalid(why)
    # What is shown may take seconds to work out, in which nobody else has to wait; then it is kept if nothing has changed.
    plan = plan_release(work, report)
    work.begin_writing()
    report = draft_of(work, report_id)
    report.expect(version)
    keep_release(work, report, plan)
    words = words_of(work, report)
    gathered = replace(
        gather(work, report.asked, told_outside(work, plan)),
        written=written_of(work, report.asked, words),
    )
    raw = raw_report(gathered)
    _freeze(work, report, edition_of(raw, Edition.RESTRICTED), edition_of(raw, Edition.PUBLIC))
    report.state = ReportState.IN_REVIEW
    report.sent_by, report.sent_at = person_of(work), work.now
    work.record("report:sent", report.id, blocks=len(report.blocks), tables=len(report.tables))
    return report


def give_back(work: Work, report_id: uuid.UUID, why: str, *, version: int) -> Report:
    """Give a report back to its writer, with what to change; what it would have shown is forgotten, its blocks stay formed."""
    report = _in_review(work, report_id, version)
    why = check_text(why, "what should change", name="text")
    report.state, report.reviewed_by = ReportState.DRAFT, None
    report.frozen_sealed, report.tables = None, []
    work.record("report:given_back", report.id, reason=why)
    return report


def release_report(work: Work, report_id: uuid.UUID, *, version: int) -> Report:
    """Release a report that somebody else has written: it has a number, stays as it is, and its readers are written to."""
    report = _in_review(work, report_id, version)
    reference = _next_reference(work)
    own_words = Written(statement=statement_of(work, report))
    editions = []
    for edition in (Edition.RESTRICTED, Edition.PUBLIC):
        document = frozen_edition(work, report, edition)
        sections = (*document.sections, *(section_of(one, edition) for one in statement(own_words)))
        editions.append(replace(document, sections=sections, released=Released(reference, work.today)))
    # Every format says the same, or nothing is released. It takes seconds, in which nobody else has to wait.
    work.let_go()
    for document in editions:
        for kind in Format:
            write_document(document, kind)
    work.begin_writing()
    report = _in_review(work, report_id, version)
    if _next_reference(work) != reference:
        raise Stale
    report.state, report.released_on, report.reviewed_by = ReportState.RELEASED, work.today, person_of(work)
    report.reference = reference
    _freeze(work, report, *editions)
    work.record("report:released", report.id, readers=len(report.readers))
    for reader in report.readers:
        tell_reader(work, report, reader.person_id)
    return report


def withdraw_report(work: Work, report_id: uuid.UUID, why: str, *, version: int) -> Report:
    """Withdraw a release: it is no longer handed out, and what it showed still counts as shown."""
    report = get_report(work, report_id)
    require_review(work.actor, report)
    report.expect(version)
    if report.state is not ReportState.RELEASED:
        raise MoveNotPossible("Only a report that is released can be withdrawn.")
    why = check_text(why, "why it is withdrawn", name="text")
    report.state, report.withdrawn_on = ReportState.WITHDRAWN, work.today
    work.record("report:withdrawn", report.id, reason=why)
    return report


def copy_of(
    work: Work, report_id: uuid.UUID, kind: Format, edition: Edition, *, view: View | None = None
) -> tuple[Document, bytes]:
    """Return an edition of a released report, or one page of it, as a file; a restricted one carries whose copy it is and since when.

    The copy is recorded before it is handed out.
    """
    report = get_report(work, report_id)
    if report.state is not ReportState.RELEASED:
        raise MoveNotPossible("Copies are handed out of a report that is released and not withdrawn.")
    document = frozen_edition(work, report, edition)
    if view:
        document = view_of(document, view)
    copy = CopyFor(reader_name(work), work.now) if edition is Edition.RESTRICTED else None
    written = write_document(document, kind, copy)
    work.begin_writing()
    work.record(
        "report:copied", report_id, edition=edition.value, format=kind.value, view=view.value if view else ""
    )
    return document, written


def note_reading(work: Work, report_id: uuid.UUID) -> None:
    """Record that somebody reads the restricted edition of a release; its page leaves only once this is committed."""
    work.begin_writing()
    work.record("report:read", report_id)


def reader_name(work: Work) -> str:
    """Return the name that a copy for whoever acts carries."""
    return contact_of(work, get_person(work, person_of(work))).name


def _in_review(work: Work, report_id: uuid.UUID, version: int) -> Report:
    report = get_report(work, report_id)
    require_review(work.actor, report)
    report.expect(version)
    if report.state is not ReportState.IN_REVIEW:
        raise MoveNotPossible("This report is not in review.")
    return report


def _freeze(work: Work, report: Report, restricted: Document, public: Document) -> None:
    work.vault.seal(report, "frozen", Frozen(to_json(restricted), to_json(public)))


def _next_reference(work: Work) -> str:
    year = work.today.year
    stem = f"JAGS-R-{year}-"
    used = work.session.scalar(
        select(func.count()).select_from(Report).where(Report.reference.startswith(stem))
    )
    return f"{stem}{(used or 0) + 1}"
