"""Write a report: begin it, put words beside its figures, name its readers, and let the scrutineer say and ask."""

import uuid
from collections.abc import Iterable
from datetime import date

from jags.accounts.queries import get_person
from jags.evaluation.model import Report, ReportQuestion, ReportReader
from jags.evaluation.policy import require_scrutiny, require_writing
from jags.evaluation.queries.quoting import accounts_to_quote
from jags.evaluation.queries.reports import get_report, words_of
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.rules.practised import ACCOUNTS_MOST, QUOTES_MOST
from jags.evaluation.rules.reports import (
    RECOMMENDATIONS_MOST,
    WORDS_MOST,
    WRITTEN,
    Note,
    ReportState,
    Statement,
    Words,
    check_text,
)
from jags.evaluation.service.telling import tell_reader
from jags.kernel.errors import Invalid, MoveNotPossible, NotFound
from jags.kernel.ids import new_id
from jags.kernel.work import Work

_NOT_AFTER_RELEASE = "This report is released, so it stays as it is. Withdraw it, and write another."
_NOT_IN_REVIEW = "This report is with its reviewer. It can be changed again when it comes back."


def begin_report(work: Work, asked: Asked) -> Report:
    """Begin a report of a period; its figures are counted anew until it is sent for review."""
    require_writing(work.actor)
    before = asked.compared_with
    report = Report(
        id=new_id(),
        key_id=work.vault.new_key(),
        from_on=asked.period.from_on,
        to_on=asked.period.to_on,
        transitional=asked.transitional,
        locality=asked.locality,
        compare_from=before.from_on if before else None,
        compare_to=before.to_on if before else None,
        begun_at=work.now,
        written_by=person_of(work),
    )
    work.session.add(report)
    work.session.flush()
    work.record("report:begun", report.id, from_on=str(report.from_on), to_on=str(report.to_on))
    return report


def write_words(work: Work, report_id: uuid.UUID, words: Words, *, version: int) -> Report:
    """Keep what is written beside the figures; raises `Stale` when somebody else has changed it since."""
    require_writing(work.actor)
    report = draft_of(work, report_id)
    report.expect(version)
    parts = {key: text.strip() for key, text in words.parts.items() if key in WRITTEN and text.strip()}
    for key, text in parts.items():
        if len(text) > WORDS_MOST:
            raise Invalid(
                f"Shorten what you wrote under “{WRITTEN[key]}” to {WORDS_MOST:,} characters or fewer.",
                field=key,
            )
    if len(words.recommendations) > RECOMMENDATIONS_MOST:
        raise Invalid(f"Write {RECOMMENDATIONS_MOST} recommendations or fewer.", field="recommendations")
    for text, _, due in words.recommendations:
        if not text.strip() or (due and not _is_date(due)):
            raise Invalid(
                "Write each recommendation on a line of its own: what | who | by when, as 2027-03-31.",
                field="recommendations",
            )
    for name, chosen, most in (
        ("quotes", words.quotes, QUOTES_MOST),
        ("accounts", words.accounts, ACCOUNTS_MOST),
    ):
        if len(chosen) > most:
            raise Invalid(f"Choose {most} at most.", field=name)
    accounts = _accounts(work, report, words.accounts)
    work.vault.seal(report, "words", Words(parts, words.recommendations, words.quotes, accounts))
    work.record("report:written", report.id)
    return report


def _accounts(work: Work, report: Report, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Return the accounts that a report quotes; what somebody has chosen who sees requests that the actor does not, stays."""
    asked = report.asked
    offered = {one.id for one in accounts_to_quote(work, asked)}
    if not set(chosen) <= offered:
        raise Invalid("Choose from the accounts of this period.", field="accounts")
    return (*chosen, *(one for one in words_of(work, report).accounts if one not in offered))


def name_readers(work: Work, report_id: uuid.UUID, person_ids: Iterable[uuid.UUID]) -> None:
    """Say who may read the restricted edition. Of a report that is released, whoever is new is written to at once."""
    require_writing(work.actor)
    report = get_report(work, report_id)
    wanted, known = set(person_ids), {one.person_id for one in report.readers}
    for person_id in wanted:
        get_person(work, person_id)
    report.readers = [one for one in report.readers if one.person_id in wanted]
    report.readers += [ReportReader(person_id=one) for one in sorted(wanted - known)]
    if report.state is ReportState.RELEASED:
        for one in sorted(wanted - known):
            tell_reader(work, report, one)
    work.record("report:readers_named", report.id, readers=len(wanted))


def state_own_view(work: Work, report_id: uuid.UUID, text: str, *, version: int) -> None:
    """Keep the scrutineer's own statement, which nobody else can edit, until the report is released; empty takes it back."""
    require_scrutiny(work.actor)
    report = get_report(work, report_id)
    report.expect(version)
    if report.state not in {ReportState.DRAFT, ReportState.IN_REVIEW}:
        raise MoveNotPossible(_NOT_AFTER_RELEASE)
    if report.stated_by not in {None, person_of(work)}:
        raise MoveNotPossible("Another scrutineer has made a statement. Nobody else can change it.")
    text = text.strip() and check_text(text, "your statement", name="text")
    work.vault.seal(report, "statement", Statement(text))
    report.stated_by = person_of(work) if text else None
    work.record("report:stated", report.id)


def ask(work: Work, report_id: uuid.UUID, text: str) -> ReportQuestion:
    """Ask something about a report, at any time."""
    require_scrutiny(work.actor)
    report = get_report(work, report_id)
    question = ReportQuestion(
        id=new_id(),
        key_id=report.key_id,
        report_id=report.id,
        asked_by=person_of(work),
        asked_at=work.now,
    )
    work.vault.seal(question, "question", Note(check_text(text, "your question", name="text")))
    work.session.add(question)
    work.session.flush()
    work.record("report:asked", question.id, report=str(report.id))
    return question


def reply(work: Work, question_id: uuid.UUID, text: str, *, version: int) -> ReportQuestion:
    """Reply to a question; a reply can be bettered."""
    require_writing(work.actor)
    question = work.session.get(ReportQuestion, question_id)
    if question is None:
        raise NotFound("There is no such question.")
    question.expect(version)
    work.vault.seal(question, "reply", Note(check_text(text, "your reply", name="text")))
    question.replied_by, question.replied_at = person_of(work), work.now
    work.record("report:replied", question.id, report=str(question.report_id))
    return question


def draft_of(work: Work, report_id: uuid.UUID) -> Report:
    """Return a report that is still a draft; raises `MoveNotPossible` for any other."""
    report = get_report(work, report_id)
    if report.state is ReportState.IN_REVIEW:
        raise MoveNotPossible(_NOT_IN_REVIEW)
    if report.state is not ReportState.DRAFT:
        raise MoveNotPossible(_NOT_AFTER_RELEASE)
    return report


def person_of(work: Work) -> uuid.UUID:
    """Return who acts; raises `MoveNotPossible` for a command, because a report is somebody's."""
    if work.actor.person_id is None:
        raise MoveNotPossible("Somebody who is signed in does this.")
    return work.actor.person_id


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
