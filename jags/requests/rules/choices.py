"""The choices that a request is described by: what is plain, sorted and counted."""

from datetime import date
from enum import StrEnum

from jags.settings.rules import Partnership


class Source(StrEnum):
    """How a request came in."""

    WEB = "web"
    TELEPHONE = "telephone"
    IMPORT = "import"


class AskedBy(StrEnum):
    """How somebody asked for a JAGS that was held before this software was there."""

    FORM = "form"
    EMAIL = "email"
    TELEPHONE = "telephone"
    MEETING = "meeting"
    OTHER = "other"


class Question(StrEnum):
    """Questions with several answers; their choices are stored as a set."""

    AGE_BAND = "age_band"
    DATE_MATTERS = "date_matters"
    GATE = "gate"
    PLAN = "plan"
    REASON = "reason"
    TRANSITIONAL_FEATURE = "transitional_feature"


class Gate(StrEnum):
    """The three questions before the form; kept where somebody answered yes and went on, never as a verdict on them."""

    DANGER = "danger"
    DISAGREEMENT = "disagreement"
    TASKS = "tasks"


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

    TURNS_18_IN_1 = "turns_18_in_1"
    TURNS_18_IN_3 = "turns_18_in_3"
    TURNS_18_IN_6 = "turns_18_in_6"
    MOVE = "move"
    HEARING = "hearing"
    WORKER_LEAVING = "worker_leaving"
    STAFF_STRUGGLING = "staff_struggling"
    NO = "no"


CHOICES: dict[Question, type[StrEnum]] = {
    Question.AGE_BAND: AgeBand,
    Question.DATE_MATTERS: DateMatters,
    Question.GATE: Gate,
    Question.PLAN: Plan,
    Question.REASON: Reason,
    Question.TRANSITIONAL_FEATURE: TransitionalFeature,
}


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
    """The parts of the request form, in the order in which they are asked.

    The first half is asked before a request is sent; the second, from `CONTACTS` on, then or after we have spoken, until the
    date is set.
    """

    GATE = "gate"
    REQUESTER = "requester"
    CHILD = "child"
    REASONS = "reasons"
    PEOPLE = "people"
    ADULTHOOD = "adulthood"
    LAST = "last"
    CONTACTS = "contacts"
    FAMILY = "family"
    WORK = "work"
    ARRANGEMENTS = "arrangements"


# What is asked "now, or after we have spoken".
SECOND_HALF = (Part.CONTACTS, Part.FAMILY, Part.WORK, Part.ARRANGEMENTS)


class Involvement(StrEnum):
    """Whether an agency is involved already, or is needed and not yet there (adult services, above all)."""

    INVOLVED = "involved"
    NEEDED = "needed"


class LegalKind(StrEnum):
    """With whom live court, police or review work was spoken through."""

    LEGAL = "legal"
    OFFICER_IN_CASE = "officer_in_case"
    REVIEW_GROUP = "review_group"


class LegalOutcome(StrEnum):
    """What they said."""

    GO_AHEAD = "go_ahead"
    WAIT = "wait"


class Equality(StrEnum):
    """Optional questions, counted by year and apart from the request; never kept with it."""

    CARE_EXPERIENCED = "care_experienced"
    DISABILITY = "disability"
    ETHNIC_GROUP = "ethnic_group"
    SEX_OR_GENDER = "sex_or_gender"


PREFER_NOT_TO_SAY = "prefer_not_to_say"


# Fewer answers than this in a year are not opened: only how many there were is told.
EQUALITIES_LEAST = 10
# A number about children from 1 to this one is not shown.
SMALL_NUMBER = 5
# What stands for a request whose optional questions were answered, in bytes.
EQUALITIES_MARK_BYTES = 32


def equalities_close_on(year: int) -> date:
    """Return the day on which the optional answers of a London year are counted: a month later no link to them is open."""
    return date(year + 1, 2, 1)


def shown_number(number: int) -> int | None:
    """Return a number about children as it is shown: a true zero is, and None stands for 1 to 5."""
    return None if 0 < number <= SMALL_NUMBER else number


def equality_choices(settings: Partnership) -> dict[Equality, dict[str, str]]:
    """Return what can be answered to each optional question: codes with words, "prefer not to say" last."""
    yes_no = {"yes": "Yes", "no": "No", "not_known": "I do not know"}
    offered = {
        Equality.ETHNIC_GROUP: settings.ethnic_groups,
        Equality.SEX_OR_GENDER: {
            "female": "Female",
            "male": "Male",
            "another": "Another way",
            "several": "A sibling group of several",
        },
        Equality.DISABILITY: yes_no,
        Equality.CARE_EXPERIENCED: yes_no,
    }
    return {
        question: {**words, PREFER_NOT_TO_SAY: "Prefer not to say"} for question, words in offered.items()
    }


class ChangeWhy(StrEnum):
    """Why somebody else is the requester from now on."""

    LEFT = "left"
    AWAY = "away"
    OTHER = "other"


class NudgeAnswer(StrEnum):
    """What a requester who was signposted says: that they have been in touch with the other route, or would like to talk."""

    IN_TOUCH = "in_touch"
    TALK = "talk"


class Tie(StrEnum):
    """What somebody around the child is to the request."""

    LEAD_PROFESSIONAL = "lead_professional"
    NETWORK = "network"
    SHOULD_NOT_FACILITATE = "should_not_facilitate"


def suggests_transitional(bands: frozenset[AgeBand]) -> bool:
    """Tell whether the age bands suggest transitional safeguarding."""
    return bool(bands & TRANSITIONAL_BANDS)


def somebody_else_leads(knows: LeadKnows | None) -> bool:
    """Tell whether the lead professional is, as far as is known, somebody else than the requester."""
    return knows not in {LeadKnows.IT_IS_ME, LeadKnows.NOT_APPLICABLE}


def lead_may_not_know(knows: LeadKnows | None) -> bool:
    """Tell whether the lead professional is somebody else who may not know of the request."""
    return knows in {None, LeadKnows.NOT_YET, LeadKnows.HELP_ME}
