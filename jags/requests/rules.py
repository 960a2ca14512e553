"""States, verbs and choices of a request (docs/glossary.md, "the way of a request")."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from jags.settings.rules import Partnership


class State(StrEnum):
    """The one stored state of a request."""

    DRAFT = "draft"
    UNCONFIRMED = "unconfirmed"
    IN_TRIAGE = "in_triage"
    WAITING_FOR_REQUESTER = "waiting_for_requester"
    ACCEPTED = "accepted"
    OFFERED = "offered"
    FACILITATORS_AGREED = "facilitators_agreed"
    SCHEDULED = "scheduled"
    HELD = "held"
    CLOSED = "closed"
    SIGNPOSTED = "signposted"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"


class Verb(StrEnum):
    """The named moves between states."""

    ABANDON = "abandon"
    ACCEPT = "accept"
    AGREE_FACILITATORS = "agree_facilitators"
    ANSWER = "answer"
    ASK = "ask"
    CANCEL = "cancel"
    CLOSE = "close"
    CLOSE_WITHOUT_ANSWER = "close_without_answer"
    CONFIRM = "confirm"
    CONFIRM_BY_TELEPHONE = "confirm_by_telephone"
    DID_NOT_TAKE_PLACE = "did_not_take_place"
    HOLD = "hold"
    MARK_DUPLICATE = "mark_duplicate"
    OFFER_PAIR = "offer_pair"
    POSTPONE = "postpone"
    RELEASE_PAIR = "release_pair"
    REOPEN = "reopen"
    SCHEDULE = "schedule"
    SIGNPOST = "signpost"
    STEP_BACK = "step_back"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"


PROCEEDED = frozenset(
    {State.ACCEPTED, State.OFFERED, State.FACILITATORS_AGREED, State.SCHEDULED, State.HELD, State.CLOSED}
)
NOT_PROCEEDED = frozenset({State.SIGNPOSTED, State.WITHDRAWN, State.CANCELLED})
UNDECIDED = frozenset({State.UNCONFIRMED, State.IN_TRIAGE, State.WAITING_FOR_REQUESTER})
# Drafts and duplicates are not received.
RECEIVED = PROCEEDED | NOT_PROCEEDED | UNDECIDED
BEFORE_HELD = RECEIVED - {State.HELD, State.CLOSED} - NOT_PROCEEDED
# What waits for the Business Unit; the other open states wait for somebody else or for a day.
NEEDS_DECISION = frozenset({State.UNCONFIRMED, State.IN_TRIAGE, State.ACCEPTED, State.FACILITATORS_AGREED})
ENDED_OTHERWISE = NOT_PROCEEDED | {State.DUPLICATE}

MOVES: dict[Verb, tuple[frozenset[State], State]] = {
    Verb.SUBMIT: (frozenset({State.DRAFT}), State.UNCONFIRMED),
    Verb.CONFIRM: (frozenset({State.UNCONFIRMED}), State.IN_TRIAGE),
    Verb.CONFIRM_BY_TELEPHONE: (frozenset({State.UNCONFIRMED}), State.IN_TRIAGE),
    Verb.ACCEPT: (frozenset({State.IN_TRIAGE}), State.ACCEPTED),
    Verb.ASK: (frozenset({State.IN_TRIAGE}), State.WAITING_FOR_REQUESTER),
    Verb.ANSWER: (frozenset({State.WAITING_FOR_REQUESTER}), State.IN_TRIAGE),
    Verb.CLOSE_WITHOUT_ANSWER: (frozenset({State.WAITING_FOR_REQUESTER}), State.WITHDRAWN),
    Verb.SIGNPOST: (frozenset({State.IN_TRIAGE, State.ACCEPTED}), State.SIGNPOSTED),
    Verb.MARK_DUPLICATE: (frozenset({State.IN_TRIAGE}), State.DUPLICATE),
    Verb.OFFER_PAIR: (frozenset({State.ACCEPTED}), State.OFFERED),
    Verb.AGREE_FACILITATORS: (frozenset({State.OFFERED}), State.FACILITATORS_AGREED),
    Verb.RELEASE_PAIR: (frozenset({State.OFFERED}), State.ACCEPTED),
    Verb.SCHEDULE: (frozenset({State.FACILITATORS_AGREED}), State.SCHEDULED),
    Verb.STEP_BACK: (frozenset({State.FACILITATORS_AGREED, State.SCHEDULED}), State.ACCEPTED),
    Verb.HOLD: (frozenset({State.SCHEDULED}), State.HELD),
    Verb.POSTPONE: (frozenset({State.SCHEDULED}), State.FACILITATORS_AGREED),
    Verb.DID_NOT_TAKE_PLACE: (frozenset({State.SCHEDULED}), State.FACILITATORS_AGREED),
    Verb.CLOSE: (frozenset({State.HELD}), State.CLOSED),
    Verb.WITHDRAW: (BEFORE_HELD, State.WITHDRAWN),
    Verb.CANCEL: (BEFORE_HELD, State.CANCELLED),
    Verb.REOPEN: (frozenset(ENDED_OTHERWISE), State.IN_TRIAGE),
}


class Source(StrEnum):
    """How a request came in."""

    WEB = "web"
    TELEPHONE = "telephone"
    IMPORT = "import"


class Question(StrEnum):
    """Questions with several answers; their choices are stored as a set."""

    AGE_BAND = "age_band"
    PLAN = "plan"
    REASON = "reason"
    TRANSITIONAL_FEATURE = "transitional_feature"


class AgeBand(StrEnum):
    """Age bands of the children, young people or young adults that a request is about."""

    UNBORN = "unborn"
    UNDER_FIVE = "0-4"
    FIVE_TO_TEN = "5-10"
    ELEVEN_TO_THIRTEEN = "11-13"
    FOURTEEN_FIFTEEN = "14-15"
    SIXTEEN_SEVENTEEN = "16-17"
    EIGHTEEN_TO_TWENTY_ONE = "18-21"
    TWENTY_TWO_TO_TWENTY_FIVE = "22-25"


# The age bands that suggest transitional safeguarding; it is confirmed by the Business Unit, with a reason.
TRANSITIONAL_BANDS = frozenset(
    {AgeBand.SIXTEEN_SEVENTEEN, AgeBand.EIGHTEEN_TO_TWENTY_ONE, AgeBand.TWENTY_TWO_TO_TWENTY_FIVE}
)


class Plan(StrEnum):
    """Current plan or status."""

    UNIVERSAL = "universal"
    EARLY_HELP = "early_help"
    CHILD_IN_NEED = "child_in_need"
    SECTION_47 = "section_47"
    CHILD_PROTECTION = "child_protection"
    LOOKED_AFTER = "looked_after"
    PATHWAY_PLAN = "pathway_plan"
    EHC_PLAN = "ehc_plan"
    EXPLOITATION_PLAN = "exploitation_plan"
    YOUTH_JUSTICE_ORDER = "youth_justice_order"
    ADULT_SECTION_42 = "adult_section_42"
    CARE_AND_SUPPORT_PLAN = "care_and_support_plan"
    NONE = "none"
    NOT_KNOWN = "not_known"


class Reason(StrEnum):
    """Why a JAGS is asked for."""

    STUCK = "stuck"
    COMPLEX = "complex"
    DRIFT = "drift"
    EMOTIONAL_IMPACT = "emotional_impact"
    DIFFERING_PERSPECTIVES = "differing_perspectives"
    STRAINED_RELATIONSHIPS = "strained_relationships"
    POWER_IMBALANCE = "power_imbalance"
    UNDERSTANDING_ROLES = "understanding_roles"
    HARM_OUTSIDE_HOME = "harm_outside_home"
    FAMILY_RELATIONSHIP = "family_relationship"
    APPROACHING_18 = "approaching_18"
    OTHER = "other"


class TransitionalFeature(StrEnum):
    """What features, where transitional safeguarding is confirmed."""

    THRESHOLD_CHANGE = "threshold_change"
    ADULT_SERVICE_NOT_INVOLVED = "adult_service_not_involved"
    NONE_ELIGIBLE = "none_eligible"
    CARE_LEAVER = "care_leaver"
    NEITHER_CARE_LEAVER_NOR_DISABLED = "neither_care_leaver_nor_disabled"
    MENTAL_HEALTH = "mental_health"
    SUBSTANCE_USE = "substance_use"
    EXPLOITATION = "exploitation"
    ACCOMMODATION = "accommodation"
    EDUCATION_EMPLOYMENT = "education_employment"
    CAPACITY_AND_AGENCY = "capacity_and_agency"
    YOUTH_JUSTICE_TO_PROBATION = "youth_justice_to_probation"
    SEND = "send"
    YOUNG_CARER = "young_carer"


CHOICES: dict[Question, type[StrEnum]] = {
    Question.AGE_BAND: AgeBand,
    Question.PLAN: Plan,
    Question.REASON: Reason,
    Question.TRANSITIONAL_FEATURE: TransitionalFeature,
}


class Responsibility(StrEnum):
    """Which authority is responsible."""

    OURS = "ours"
    PLACED_HERE = "placed_here"
    PLACED_ELSEWHERE = "placed_elsewhere"


class YesNoUnsure(StrEnum):
    """An answer that may be open."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class LeadKnows(StrEnum):
    """Whether the lead professional knows of the request, or is the requester."""

    YES = "yes"
    NOT_YET = "not_yet"
    HELP_ME = "help_me"
    IT_IS_ME = "it_is_me"
    NOT_APPLICABLE = "not_applicable"


class DateMatters(StrEnum):
    """Why a date matters; never a birthday."""

    NO = "no"
    TURNS_18_IN_1 = "turns_18_in_1"
    TURNS_18_IN_3 = "turns_18_in_3"
    TURNS_18_IN_6 = "turns_18_in_6"
    MOVE = "move"
    HEARING = "hearing"
    WORKER_LEAVING = "worker_leaving"
    STAFF_STRUGGLING = "staff_struggling"


class Priority(StrEnum):
    """Set by the coordinator, with a reason."""

    ROUTINE = "routine"
    SOONER = "sooner"


class PauseReason(StrEnum):
    """Why everything about a request was paused."""

    DEATH = "death"
    SERIOUS_INCIDENT = "serious_incident"
    COURT_OR_POLICE = "court_or_police"
    COMPLAINT = "complaint"
    OTHER = "other"


class Part(StrEnum):
    """The parts of the request form, in the order in which they are asked."""

    REQUESTER = "requester"
    CHILD = "child"
    REASONS = "reasons"
    PEOPLE = "people"
    LAST = "last"


class Tie(StrEnum):
    """What somebody around the child is to the request."""

    LEAD_PROFESSIONAL = "lead_professional"
    NETWORK = "network"
    SHOULD_NOT_FACILITATE = "should_not_facilitate"


@dataclass(frozen=True)
class RequesterContact:
    """Who asks, and how to reach them; sealed."""

    name: str = ""
    role: str = ""
    team: str = ""
    email: str = ""
    phone: str = ""
    best_time: str = ""


@dataclass(frozen=True)
class CaseDetail:
    """What is written about the child and the work; sealed. Never a name, date of birth, address or NHS number."""

    pseudonym: str = ""
    hopes: str = ""
    reason_other: str = ""
    unsafe_contact: str = ""
    date_note: str = ""
    own_reference: str = ""
    tried: str = ""
    family_knows: str = ""
    not_these_dates: str = ""
    who_should_not: str = ""
    heard_from: str = ""
    anything_else: str = ""
    line_manager_aware: str = ""
    agencies_as_typed: str = ""
    # Why transitional safeguarding was or was not confirmed, and why the priority was set.
    transitional_reason: str = ""
    priority_reason: str = ""
    sibling_note: str = ""
    age_as_typed: str = ""
    locality_as_typed: str = ""


@dataclass(frozen=True)
class NetworkContact:
    """Somebody around the child, with or without an address; sealed."""

    name: str = ""
    role: str = ""
    team: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class MoveNote:
    """What was typed when a request moved; sealed. `told` is what the requester was told."""

    reason: str = ""
    told: str = ""
    contact_given: str = ""


def suggests_transitional(bands: frozenset[AgeBand]) -> bool:
    """Tell whether the age bands suggest transitional safeguarding."""
    return bool(bands & TRANSITIONAL_BANDS)


def reference_of(year: int, number: int) -> str:
    """Return the public reference of the nth request that was received in a London year."""
    return f"JAGS-{year}-{number:04d}"


def is_working_day(day: date) -> bool:
    """Tell whether a date is neither at a weekend nor a bank holiday in England."""
    return day.weekday() < _SATURDAY and day not in _bank_holidays(day.year)


def working_day_after(day: date, number: int) -> date:
    """Return the date that is so many working days after a date; a number of 0 gives the date itself."""
    found = day
    for _ in range(number):
        found += timedelta(days=1)
        while not is_working_day(found):
            found += timedelta(days=1)
    return found


def working_days_left(today: date, due: date) -> int:
    """Return how many working days remain after today until a due date; negative when it has passed."""
    first, last = min(today, due), max(today, due)
    holidays = sum(
        first < day <= last and day.weekday() < _SATURDAY
        for year in range(first.year, last.year + 1)
        for day in _bank_holidays(year)
    )
    number = _weekdays_until(last) - _weekdays_until(first) - holidays
    return number if due >= today else -number


def due_on(
    state: State, *, received_on: date, changed_on: date, targets: Partnership, waited: int = 0
) -> date | None:
    """Return the London date by which the Business Unit aims to have dealt with a request in a state.

    `changed_on` is when it came into this state, for triage without counting answers of the requester; `waited` are the
    working days since then on which we waited for one (`triage_clock`). None where no local target runs.
    """
    match state:
        case State.UNCONFIRMED:
            return working_day_after(received_on, targets.acknowledge_days)
        case State.IN_TRIAGE:
            return working_day_after(changed_on, targets.triage_days + waited)
        case State.ACCEPTED | State.OFFERED:
            return working_day_after(changed_on, targets.facilitators_days)
        case State.FACILITATORS_AGREED:
            return working_day_after(received_on, targets.held_days)
        case _:
            return None


def triage_clock(moves: Iterable[tuple[Verb, date]]) -> tuple[date | None, int]:
    """Return when the present triage began, and the working days since then on which we waited for the requester.

    `moves` are verbs with their London dates, oldest first. A request that is taken up again begins anew.
    """
    began: date | None = None
    asked: date | None = None
    waited = 0
    for verb, on in moves:
        if verb is Verb.ASK:
            asked = on
        elif verb is Verb.ANSWER and asked is not None:
            waited += working_days_left(asked, on)
        elif MOVES[verb][1] is State.IN_TRIAGE:
            began, waited = on, 0
    return began, waited


def ring_by(*, received_on: date, confirmed_on: date, targets: Partnership) -> date:
    """Return the day by which the requester is promised a call: so many working days from received.

    Who confirms when that day has passed is promised the next working day.
    """
    due = working_day_after(received_on, targets.acknowledge_days)
    return due if due >= confirmed_on else working_day_after(confirmed_on, 1)


_SATURDAY = 5


def _weekdays_until(day: date) -> int:
    """Return the number of Mondays to Fridays in the calendar up to a date, whose first day was a Monday."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * _SATURDAY + min(rest, _SATURDAY)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - It takes half a second to load, which no worker should pay at its start.

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))
