"""Roles, permissions, agency kinds, link purposes and the rules of passwords and sessions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Permission(StrEnum):
    """What an account may do; alphabetised, resource:action."""

    ACCOUNT_MANAGE = "account:manage"
    # Let somebody in again who has lost password or second step; two people do it together.
    ACCOUNT_RESET = "account:reset"
    AGENCY_MANAGE = "agency:manage"
    AUDIT_READ = "audit:read"
    EVALUATION_READ = "evaluation:read"
    # Figures as the Business Unit sees them; without it, feedback is shown in whole blocks of at least ten answers.
    EVALUATION_READ_INSIDE = "evaluation:read_inside"
    FACILITATOR_MANAGE = "facilitator:manage"
    FACILITATOR_READ = "facilitator:read"
    # Read comments of anonymous feedback before anybody else, and release them.
    FEEDBACK_REVIEW = "feedback:review"
    IMPORT_RUN = "import:run"
    MESSAGE_MANAGE = "message:manage"
    OBSERVATION_WRITE = "observation:write"
    OFFER_ANSWER = "offer:answer"
    PAIR_OFFER = "pair:offer"
    PRACTICE_AUDIT = "practice:audit"
    PROMOTION_MANAGE = "promotion:manage"
    # Review reports that somebody else has written, release and withdraw them.
    REPORT_REVIEW = "report:review"
    # Add an own statement and questions to a report, that nobody else can edit.
    REPORT_SCRUTINISE = "report:scrutinise"
    REPORT_WRITE = "report:write"
    REQUEST_PAUSE = "request:pause"
    REQUEST_READ = "request:read"
    # Take over a request on which no coordinator can act, with a recorded reason.
    REQUEST_TAKE = "request:take"
    REQUEST_TRIAGE = "request:triage"
    # Set how long records are kept, put a list of what is due forward, and approve what somebody else put forward: such a list,
    # or a file of the audit trail.
    RETENTION_MANAGE = "retention:manage"
    # Complaints, and concerns about a facilitator.
    RIGHTS_MANAGE = "rights:manage"
    SESSION_ARRANGE = "session:arrange"
    SESSION_RECORD = "session:record"
    SETTINGS_MANAGE = "settings:manage"
    # Change the code frame.
    THEME_MANAGE = "theme:manage"
    # Read texts that were written for learning, and say which themes they hold.
    THEME_READ = "theme:read"


class Role(StrEnum):
    """The roles of docs/glossary.md that have an account."""

    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    EVALUATION_READER = "evaluation_reader"
    FACILITATOR = "facilitator"
    OBSERVER = "observer"
    SCRUTINEER = "scrutineer"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    # An administrator changes people and settings and does not thereby read case text.
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.ACCOUNT_MANAGE,
            Permission.ACCOUNT_RESET,
            Permission.AGENCY_MANAGE,
            Permission.AUDIT_READ,
            Permission.EVALUATION_READ,
            Permission.EVALUATION_READ_INSIDE,
            Permission.FACILITATOR_MANAGE,
            Permission.FACILITATOR_READ,
            Permission.IMPORT_RUN,
            Permission.MESSAGE_MANAGE,
            Permission.PROMOTION_MANAGE,
            Permission.REPORT_REVIEW,
            Permission.REPORT_WRITE,
            Permission.REQUEST_TAKE,
            Permission.RETENTION_MANAGE,
            Permission.RIGHTS_MANAGE,
            Permission.SETTINGS_MANAGE,
            Permission.THEME_MANAGE,
        }
    ),
    Role.COORDINATOR: frozenset(
        {
            Permission.ACCOUNT_RESET,
            Permission.AGENCY_MANAGE,
            Permission.EVALUATION_READ,
            Permission.EVALUATION_READ_INSIDE,
            Permission.FACILITATOR_MANAGE,
            Permission.FACILITATOR_READ,
            Permission.FEEDBACK_REVIEW,
            Permission.IMPORT_RUN,
            Permission.MESSAGE_MANAGE,
            Permission.PAIR_OFFER,
            Permission.PRACTICE_AUDIT,
            Permission.PROMOTION_MANAGE,
            Permission.REPORT_REVIEW,
            Permission.REPORT_WRITE,
            Permission.REQUEST_PAUSE,
            Permission.REQUEST_READ,
            Permission.REQUEST_TRIAGE,
            Permission.RETENTION_MANAGE,
            Permission.RIGHTS_MANAGE,
            Permission.SESSION_ARRANGE,
            Permission.THEME_MANAGE,
            Permission.THEME_READ,
        }
    ),
    Role.EVALUATION_READER: frozenset({Permission.EVALUATION_READ}),
    Role.FACILITATOR: frozenset(
        {Permission.OBSERVATION_WRITE, Permission.OFFER_ANSWER, Permission.SESSION_RECORD}
    ),
    Role.OBSERVER: frozenset({Permission.OBSERVATION_WRITE, Permission.THEME_READ}),
    Role.SCRUTINEER: frozenset(
        {Permission.EVALUATION_READ, Permission.REPORT_REVIEW, Permission.REPORT_SCRUTINISE}
    ),
}


# What opens something of a case, or opens it by another way: accounts, the trail, and approving as the second person. Nobody has it
# for a day after a reset by telephone (docs/adr/0021-sign-in.md).
WAITS_AFTER_RESET = frozenset(
    {
        Permission.ACCOUNT_MANAGE,
        Permission.ACCOUNT_RESET,
        Permission.AUDIT_READ,
        Permission.FEEDBACK_REVIEW,
        Permission.IMPORT_RUN,
        Permission.OBSERVATION_WRITE,
        Permission.OFFER_ANSWER,
        Permission.PAIR_OFFER,
        Permission.PRACTICE_AUDIT,
        Permission.REQUEST_PAUSE,
        Permission.REQUEST_READ,
        Permission.REQUEST_TAKE,
        Permission.REQUEST_TRIAGE,
        Permission.RETENTION_MANAGE,
        Permission.RIGHTS_MANAGE,
        Permission.SESSION_ARRANGE,
        Permission.SESSION_RECORD,
        Permission.THEME_READ,
    }
)

# What the lead may do with a request taken over, and with no other.
CASE_WORK = frozenset(
    {
        Permission.PAIR_OFFER,
        Permission.REQUEST_PAUSE,
        Permission.REQUEST_READ,
        Permission.REQUEST_TRIAGE,
        Permission.SESSION_ARRANGE,
    }
)


class Sector(StrEnum):
    """The sector of an agency."""

    EDUCATION = "education"
    HEALTH = "health"
    HOUSING = "housing"
    JUSTICE = "justice"
    LOCAL_AUTHORITY = "local authority"
    POLICE = "police"
    VOLUNTARY = "voluntary"
    OTHER = "other"


class AgeRemit(StrEnum):
    """Whom an agency works with."""

    CHILDREN = "children"
    ADULTS = "adults"
    ALL_AGES = "all ages"


class AccountState(StrEnum):
    """Whether an account may be used."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"
    # Not used for long, and nobody said that it is still needed.
    SUSPENDED = "suspended"


class Factor(StrEnum):
    """What somebody proves besides the password."""

    AUTHENTICATOR = "authenticator"
    CODE_SHEET = "code_sheet"
    # A link that works once: of the demonstration, never in production.
    ONE_TIME_LINK = "one_time_link"
    ORGANISATION = "organisation"
    PASSKEY = "passkey"


class Purpose(StrEnum):
    """What a link is good for; a link is good for nothing else."""

    AUDIT_RETURN = "audit_return"
    CONFIRM_REQUEST = "confirm_request"
    # For a requester whom somebody else named: it opens nothing that was written, only the question whether it is them.
    CONFIRM_REQUESTER = "confirm_requester"
    # Somebody's own answer to one question about dates.
    DATES = "dates"
    INVITATION = "invitation"
    OFFER = "offer"
    PARTICIPANT = "participant"
    REQUEST_DRAFT = "request_draft"
    # A new password after two people have made sure on the telephone who asks for it.
    RESET = "reset"
    REQUEST_STATUS = "request_status"
    SIGN_IN = "sign_in"
    # "I still need my account."
    STILL_NEEDED = "still_needed"
    # For the requester, some weeks after the session: one question, and nothing else of the request.
    WHAT_FOLLOWED = "what_followed"


# By these a requester reads what they wrote themselves, which nobody records.
OWN_WORDS = frozenset(
    {
        Purpose.CONFIRM_REQUEST,
        Purpose.CONFIRM_REQUESTER,
        Purpose.REQUEST_DRAFT,
        Purpose.REQUEST_STATUS,
        Purpose.WHAT_FOLLOWED,
    }
)

# Where the page of each purpose lives; the link's id follows, and its cookie is scoped to that path.
LINK_PATHS: dict[Purpose, str] = {
    Purpose.AUDIT_RETURN: "/audit-return",
    Purpose.CONFIRM_REQUEST: "/confirm-request",
    Purpose.CONFIRM_REQUESTER: "/is-this-yours",
    Purpose.DATES: "/dates",
    Purpose.INVITATION: "/invitation",
    Purpose.OFFER: "/offer",
    Purpose.PARTICIPANT: "/taking-part",
    Purpose.REQUEST_DRAFT: "/draft",
    Purpose.RESET: "/new-password",
    Purpose.REQUEST_STATUS: "/your-request",
    Purpose.SIGN_IN: "/sign-in-link",
    Purpose.STILL_NEEDED: "/still-needed",
    Purpose.WHAT_FOLLOWED: "/what-followed",
}

PASSWORD_LEAST = 12
PASSWORD_MOST = 200
# Shorter names are part of many words.
PASSWORD_NAME_LEAST = 4
# Fewer different characters are a pattern.
PASSWORD_VARIETY = 5
SESSION_IDLE = timedelta(minutes=30)
SESSION_LONGEST = timedelta(hours=12)
# The last-seen time of a session is written at most this often.
SESSION_TOUCH = timedelta(minutes=1)
# So long somebody who has given the password may take for the second step.
SECOND_STEP = timedelta(minutes=15)
# How long a second step counts as just taken, for exports, roles and ways to sign in; a form that was opened in that time may be
# sent until the second.
PROOF_FRESH, PROOF_TO_SEND = timedelta(minutes=10), timedelta(minutes=30)
# A browser that somebody has signed in from.
DEVICE_KEPT = timedelta(days=365)
# No case text so long after a reset by telephone.
RESET_WAIT = timedelta(hours=24)
RESET_LINK = timedelta(hours=24)
# The second person confirms a reset in this time, or it lapses.
RESET_OPEN = timedelta(hours=24)
FAILURES_ALLOWED = 10
FAILURES_ALLOWED_AN_ADDRESS = 100
FAILURE_WINDOW = timedelta(minutes=5)
# Failures of the second step count for the account, from wherever they come: whoever makes one knows the password.
SECOND_STEP_FAILURES_A_DAY = 50
# A printed sheet: so many codes, each of so many letters (40 bits).
SHEET_CODES = 40
SHEET_CODE_LENGTH = 8
# Few left: time for a new sheet.
SHEET_CODES_FEW = 5
# Letters and digits that nobody mistakes for one another on paper.
SHEET_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
# A code of an authenticator app counts in its own half minute, the one before and the one after.
CODE_SECONDS = 30
PASSKEYS_MOST = 10


@dataclass(frozen=True)
class OutsideIdentity:
    """Who an organisation says that somebody is; `proved` tells whether a second factor was."""

    provider: str
    issuer: str
    subject: str
    proved: bool


@dataclass(frozen=True)
class AuthenticatorSecret:
    """The secret that an authenticator app shares with us, in base32; sealed wherever it is stored."""

    secret: str = ""


@dataclass(frozen=True)
class Contact:
    """How to reach a person, and what they need to take part; sealed wherever it is stored."""

    name: str = ""
    email: str = ""
    phone: str = ""
    access_needs: str = ""


def unused_allowed(roles: Iterable[Role], *, facilitators: timedelta, others: timedelta) -> timedelta:
    """Return how long an account may lie unused: facilitators do much by links, without signing in."""
    return facilitators if Role.FACILITATOR in set(roles) else others


def spelling(text: str) -> str:
    """Return a name as it is compared: case, outer and repeated spaces and a closing full stop do not count."""
    return " ".join(text.replace("’", "'").split()).rstrip(".").casefold()
