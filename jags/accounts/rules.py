"""Roles, permissions, agency kinds, link purposes and the rules of passwords and sessions."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Permission(StrEnum):
    """What an account may do; alphabetised, resource:action."""

    ACCOUNT_MANAGE = "account:manage"
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
    REQUEST_PAUSE = "request:pause"
    REQUEST_READ = "request:read"
    # Take over a request on which no coordinator can act, with a recorded reason.
    REQUEST_TAKE = "request:take"
    REQUEST_TRIAGE = "request:triage"
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
            Permission.AGENCY_MANAGE,
            Permission.AUDIT_READ,
            Permission.EVALUATION_READ,
            Permission.EVALUATION_READ_INSIDE,
            Permission.FACILITATOR_MANAGE,
            Permission.FACILITATOR_READ,
            Permission.IMPORT_RUN,
            Permission.MESSAGE_MANAGE,
            Permission.PROMOTION_MANAGE,
            Permission.REQUEST_TAKE,
            Permission.SETTINGS_MANAGE,
            Permission.THEME_MANAGE,
        }
    ),
    Role.COORDINATOR: frozenset(
        {
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
            Permission.REQUEST_PAUSE,
            Permission.REQUEST_READ,
            Permission.REQUEST_TRIAGE,
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
    Role.SCRUTINEER: frozenset({Permission.EVALUATION_READ}),
}


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
    REQUEST_STATUS = "request_status"
    SIGN_IN = "sign_in"
    # For the requester, some weeks after the session: one question, and nothing else of the request.
    WHAT_FOLLOWED = "what_followed"


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
    Purpose.REQUEST_STATUS: "/your-request",
    Purpose.SIGN_IN: "/sign-in-link",
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
FAILURES_ALLOWED = 10
FAILURES_ALLOWED_AN_ADDRESS = 100
FAILURE_WINDOW = timedelta(minutes=5)


@dataclass(frozen=True)
class Contact:
    """How to reach a person; sealed wherever it is stored."""

    name: str = ""
    email: str = ""
    phone: str = ""


def spelling(text: str) -> str:
    """Return a name as it is compared: case, outer and repeated spaces and a closing full stop do not count."""
    return " ".join(text.replace("’", "'").split()).rstrip(".").casefold()
