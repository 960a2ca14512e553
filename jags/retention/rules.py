"""Which kinds of records are kept how long: triggers, periods, what happens then, and how a list of what is due moves."""

import json
import uuid
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from jags.kernel.errors import Invalid

MONTHS_MOST = 600
OWNER_MOST = 80


class RecordKind(StrEnum):
    """A kind of record that has a rule of its own."""

    REQUEST = "request"
    PERSON = "person"
    COMMENT = "comment"
    PRACTICE_AUDIT = "practice_audit"
    COMPLAINT = "complaint"
    CONCERN = "concern"
    MAIL = "mail"
    ACCESS = "access"
    TRAIL = "trail"


class Trigger(StrEnum):
    """What the period counts from."""

    ENDED = "ended"
    RECEIVED = "received"
    LEFT = "left"
    OPENED = "opened"
    CLOSED = "closed"
    WRITTEN = "written"
    LAST_USED = "last_used"


class Action(StrEnum):
    """What happens when the period is over."""

    ERASE = "erase"
    REVIEW = "review"


class ListState(StrEnum):
    """Where a list of what is due stands."""

    LISTED = "listed"
    ASKED = "asked"
    APPROVED = "approved"
    DONE = "done"
    DROPPED = "dropped"


OPEN_LISTS = frozenset({ListState.LISTED, ListState.ASKED, ListState.APPROVED})


class FileState(StrEnum):
    """Where a file of the audit trail stands that somebody asked for."""

    ASKED = "asked"
    APPROVED = "approved"
    TAKEN = "taken"
    DROPPED = "dropped"
    # Nobody approved it, or nobody took it, in time: it is worked out of the times and never stored.
    LAPSED = "lapsed"


class FilePurpose(StrEnum):
    """What somebody needs a file of the audit trail for."""

    INSPECTION = "inspection"
    ENQUIRY = "enquiry"
    INCIDENT = "incident"
    COMPLAINT = "complaint"
    OWN_CHECK = "own_check"


# So long a second person may approve a file, and so long after that it can be taken, once.
FILE_ASKED_FOR = timedelta(days=7)
FILE_TAKEN_WITHIN = timedelta(hours=24)


def file_stands(
    state: FileState, now: datetime, *, asked_at: datetime, approved_at: datetime | None
) -> FileState:
    """Return where a file stands at an instant: what nobody approved or took in time has lapsed."""
    late = (state is FileState.ASKED and now > asked_at + FILE_ASKED_FOR) or (
        state is FileState.APPROVED and approved_at is not None and now > approved_at + FILE_TAKEN_WITHIN
    )
    return FileState.LAPSED if late else state


class Outcome(StrEnum):
    """What became of an entry of a list."""

    ERASED = "erased"
    # Legal hold came, or it is not due any more.
    KEPT = "kept"


@dataclass(frozen=True)
class KindOf:
    """What a kind of record is, in words, what its period may count from, and its shortest period in months."""

    title: str
    erased: str
    stays: str
    triggers: tuple[Trigger, ...]
    least_months: int
    months: int
    # Technical rows, of which a list names how many there are and not each.
    bulk: bool = False


KINDS: dict[RecordKind, KindOf] = {
    RecordKind.REQUEST: KindOf(
        "What was written about a request",
        "Names, addresses, the pseudonym and every text about the request and its session, with their key",
        "Reference, dates, agencies, locality, age bands and other plain facts, so that figures stay as they are",
        (Trigger.ENDED, Trigger.RECEIVED),
        12,
        36,
    ),
    RecordKind.PERSON: KindOf(
        "Who left the pool of facilitators, or whose access ended",
        "Name, address, telephone number, log and account, with their key",
        "That somebody of an agency held a session or did what the audit trail tells, without a name",
        (Trigger.LEFT,),
        6,
        24,
    ),
    RecordKind.COMMENT: KindOf(
        "Comments of anonymous feedback",
        "What was written in comments",
        "Figures of the answers, and reports as they were released",
        (Trigger.OPENED,),
        12,
        60,
    ),
    RecordKind.PRACTICE_AUDIT: KindOf(
        "Multi-agency audits",
        "Purposes, returns, what the panel said and recommendations, with their keys",
        "That there was an audit, when, and of how many sessions",
        (Trigger.CLOSED,),
        12,
        72,
    ),
    RecordKind.COMPLAINT: KindOf(
        "Complaints",
        "Who complained, what about and what was answered, with its key",
        "That there was a complaint, when, and what came of it",
        (Trigger.CLOSED,),
        12,
        72,
    ),
    RecordKind.CONCERN: KindOf(
        "Concerns about a facilitator",
        "What the concern was, with its key",
        "That somebody was paused, and when",
        (Trigger.CLOSED,),
        12,
        72,
    ),
    RecordKind.MAIL: KindOf(
        "Delivery of e-mails",
        "That a message of a kind was sent, when, and how it went (its text and address go when it is delivered)",
        "Nothing",
        (Trigger.WRITTEN,),
        6,
        12,
        bulk=True,
    ),
    RecordKind.ACCESS: KindOf(
        "Past sign-ins and old links",
        "When somebody was signed in, and links that do not work any more",
        "The audit trail",
        (Trigger.LAST_USED,),
        3,
        6,
        bulk=True,
    ),
    RecordKind.TRAIL: KindOf(
        "The audit trail",
        "Who did what and when, from the oldest event on, up to a signed checkpoint",
        "Whatever came after the first event about a request whose texts are still kept, and that and where the trail was cut",
        (Trigger.WRITTEN,),
        24,
        120,
        bulk=True,
    ),
}


@dataclass(frozen=True)
class Rule:
    """How long a kind of record is kept, and who answers for it; `version` is 0 while it is the default."""

    kind: RecordKind
    trigger: Trigger
    months: int
    action: Action
    owner: str
    version: int = 0


DEFAULT_OWNER = "Business Unit lead"


def default_rule(kind: RecordKind) -> Rule:
    """Return the rule of a kind until the partnership sets its own: a proposal, not a policy."""
    found = KINDS[kind]
    return Rule(kind, found.triggers[0], found.months, Action.ERASE, DEFAULT_OWNER)


def checked_rule(rule: Rule) -> Rule:
    """Return a rule as it can stand; raises `Invalid` naming the field that cannot."""
    of = KINDS[rule.kind]
    if rule.trigger not in of.triggers:
        raise Invalid("Select one of the answers that are offered.", field="trigger")
    if not of.least_months <= rule.months <= MONTHS_MOST:
        raise Invalid(
            f"Enter a number of months from {of.least_months} to {MONTHS_MOST}.",
            field="months",
        )
    owner = " ".join(rule.owner.split())
    if not owner or len(owner) > OWNER_MOST:
        raise Invalid(
            f"Enter who answers for this rule: a position, in {OWNER_MOST} characters or fewer.",
            field="owner",
        )
    return Rule(rule.kind, rule.trigger, rule.months, rule.action, owner, rule.version)


def months_before(day: date, months: int) -> date:
    """Return the date so many months before a day; where a month is too short, its last day."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Due:
    """Something whose period is over: one thing, or so many rows of a technical kind up to an instant."""

    kind: RecordKind
    since_on: date
    label: str
    subject_id: uuid.UUID | None = None
    until_at: datetime | None = None
    number: int = 1
    held: bool = False


@dataclass(frozen=True)
class ErasureNote:
    """One erasure as it is noted outside the database, one line of JSON each."""

    id: uuid.UUID
    kind: RecordKind
    erased_at: datetime
    subject_id: uuid.UUID | None = None
    until_at: datetime | None = None

    def line(self) -> str:
        """Return the note as one line."""
        return json.dumps(
            {
                "id": str(self.id),
                "kind": self.kind.value,
                "erased_at": self.erased_at.isoformat(),
                "subject": str(self.subject_id) if self.subject_id else None,
                "until_at": self.until_at.isoformat() if self.until_at else None,
            },
            sort_keys=True,
        )


def read_notes(lines: Iterable[str]) -> list[ErasureNote]:
    """Read notes of erasures; raises `Invalid` naming the line that is none."""
    return [_read_note(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _read_note(number: int, line: str) -> ErasureNote:
    try:
        found = json.loads(line)
        return ErasureNote(
            uuid.UUID(found["id"]),
            RecordKind(found["kind"]),
            datetime.fromisoformat(found["erased_at"]),
            uuid.UUID(found["subject"]) if found["subject"] else None,
            datetime.fromisoformat(found["until_at"]) if found["until_at"] else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(f"Line {number} of the record of erasures cannot be read.") from error
