"""The partnership's own words, numbers and lists, with defaults that a partnership changes.

Defaults marked as design decisions in docs/glossary.md are never policy. Numbers are whole; durations say their unit.
"""

from dataclasses import dataclass, field
from datetime import date

# Numbers that may not be smaller. Anonymity is no switch: the thresholds of feedback can only be raised.
LEAST: dict[str, int] = {
    "access_review_days": 1,
    "alike_days": 1,
    "audit_sample": 1,
    "comfortable_least": 2,
    "comfortable_most": 2,
    "date_answer_days": 1,
    "date_nudge_days": 1,
    "dates_from_days": 1,
    "draft_kept_days": 1,
    "feedback_least_inside": 5,
    "feedback_least_outside": 10,
    "feedback_open_days": 1,
    "invitation_days": 1,
    "link_days": 1,
    "nudge_days": 1,
    "repeats_before_another_forum": 2,
    "offer_open_days": 1,
    "hours_a_session": 1,
    "session_minutes": 1,
    "session_minutes_least": 1,
    "session_minutes_most": 1,
    "unused_answer_days": 1,
    "unused_days": 1,
    "unused_days_facilitators": 1,
    "weight_of_sooner": 1,
    "planning_seconds": 1,
}


@dataclass(frozen=True)
class Partnership:
    """Everything that a Business Unit may change without a programmer."""

    name: str = "Safeguarding Children Partnership"
    area: str = "Our county"
    business_unit: str = "Business Unit"
    phone: str = "01632 960100"
    email: str = "jags@partnership.example.org"
    # The address of the mailbox that hands its mail to `jags mail receive`; empty: what comes back goes to `email`.
    return_email: str = ""
    website: str = "partnership.example.org"
    advice_line_name: str = "Children’s Advice and Duty Service professionals’ line"
    advice_line_phone: str = "01632 960102"
    out_of_hours_phone: str = "01632 960101"
    # Words that may be a worry about somebody, parted by commas: whoever writes one of them in feedback is asked, before sending,
    # to take it by the normal route. Empty: nobody is asked.
    worry_words: str = (
        "abuse, abused, abusing, abusive, assault, assaulted, at risk, bruise, bruised, bruises, being hit, beaten, hits her, hits him, "
        "hits them, hit her, hit him, hit them, danger, dangerous, disclosed, disclosure, domestic violence, exploited, exploitation, "
        "forced to, groomed, grooming, harm, harmed, harming, hurt, hurting, kill, knife, missing from home, neglect, neglected, overdose, "
        "rape, raped, scared of, self-harm, self harm, suicidal, suicide, touched, trafficked, unsafe, not safe, violence, violent, weapon"
    )
    # The notes with which requester and facilitators are told that everything is paused, before a coordinator edits them. The
    # mail itself says that nothing more is sent, and whom to ring.
    pause_note_requester: str = (
        "We have paused everything about the JAGS that you asked for. We will ring you."
    )
    pause_note_facilitators: str = (
        "We have paused everything about this JAGS. You need not do anything for now. We will ring you."
    )
    # Localities, with the spellings that people type.
    localities: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {
            "Breckland": (),
            "Central": ("Norwich",),
            "East": ("Gt Yarmouth", "Great Yarmouth"),
            "North": (),
            "South": (),
            "West": (),
        }
    )
    # Other routes: code → words. The code stays when the words change.
    routes: dict[str, str] = field(
        default_factory=lambda: {
            "core_group": "Core group or other child-protection meeting",
            "statutory_meeting": "Statutory meeting, kind not recorded",
            "child_in_need_meeting": "Child-in-need meeting",
            "looked_after_review": "Looked-after review",
            "strategy_discussion": "Strategy discussion",
            "tacs": "Team Around the Child Supervision (TACS)",
            "early_help": "Early help / Family Help",
            "exploitation_panel": "Exploitation panel (MACE)",
            "escalation": "Escalation procedure",
            "icb_safeguarding": "ICB Designated Safeguarding Team",
            "adult_safeguarding": "Adult safeguarding concern (Care Act s.42)",
            "transition_assessment": "Transition assessment (s.58)",
            "pathway_plan": "Leaving-care pathway plan",
            "staff_debrief": "Staff debrief after a death",
            "single_agency": "Single-agency supervision",
            "other": "Other",
        }
    )
    # How people hear of JAGS: code → words.
    heard_of: dict[str, str] = field(
        default_factory=lambda: {
            "colleague": "A colleague",
            "manager": "My manager",
            "took_part": "I have taken part in one",
            "training": "Training or a briefing",
            "newsletter": "A newsletter or an e-mail",
            "flyer": "A flyer or a poster",
            "website": "The partnership’s website",
            "other": "Something else",
        }
    )
    # Channels by which JAGS is made known: code → words.
    promotion_channels: dict[str, str] = field(
        default_factory=lambda: {
            "team_meeting": "Team meeting",
            "training": "Training or roadshow",
            "newsletter": "Newsletter",
            "email": "E-mail",
            "flyer": "Flyer or poster",
            "website": "Website",
            "other": "Other",
        }
    )
    # Optional questions for yearly figures: the groups of ethnic background that a census asks broadly.
    ethnic_groups: dict[str, str] = field(
        default_factory=lambda: {
            "asian": "Asian or Asian British",
            "black": "Black, Black British, Caribbean or African",
            "mixed": "Mixed or multiple ethnic groups",
            "white": "White",
            "other": "Another ethnic group",
        }
    )
    # School holidays of the area: name → first and last day, as 2026-12-21.
    school_holidays: dict[str, tuple[str, str]] = field(
        default_factory=lambda: {
            "Christmas 2026": ("2026-12-21", "2027-01-03"),
            "February half-term 2027": ("2027-02-15", "2027-02-19"),
            "Easter 2027": ("2027-03-25", "2027-04-09"),
            "May half-term 2027": ("2027-05-31", "2027-06-04"),
            "Summer 2027": ("2027-07-22", "2027-09-01"),
        }
    )
    # The procedure in force and its version, as an inspection is told it, such as "3.16 of November 2024"; empty: not recorded.
    procedure: str = ""
    # Months and days, as 04-01, on which a report that is released may begin, parted by commas. A report ends on the day before one.
    report_cuts: str = "01-01, 01-13, 04-01, 07-01, 07-13, 10-01"
    # Local targets, in working days.
    acknowledge_days: int = 2
    triage_days: int = 5
    facilitators_days: int = 10
    held_days: int = 30
    feedback_open_days: int = 10
    # So many working days before a round closes, all who were asked by e-mail are reminded once (0: nobody is).
    feedback_reminder_days: int = 5
    # Weeks after a session when those who were there are asked what has followed, and the requester one question (0: never).
    feedback_later_weeks: int = 8
    # After so many working days without an answer one nudge leaves; after as many again somebody rings.
    nudge_days: int = 5
    # Reminders of a session, in days before it (0: none): to everybody, and the question to the facilitators whether they have spoken.
    first_reminder_days: int = 7
    last_reminder_days: int = 1
    spoken_days: int = 10
    # When coordinators are told what waits for them, as 07:30, London time.
    digest_at: str = "07:30"
    # Finding a date: whether the agreed facilitators may ask for it themselves; whether two dates are proposed to everybody at once
    # or to the lead professional alone at first; how many days ahead the first date that we propose is; working days in which people
    # answer, and after which one nudge leaves.
    facilitators_find_dates: bool = True
    two_dates_ask_everybody: bool = True
    dates_from_days: int = 10
    date_answer_days: int = 5
    date_nudge_days: int = 2
    # A complaint: working days until it is acknowledged, and answered.
    complaint_acknowledge_days: int = 3
    complaint_answer_days: int = 20
    # Minutes.
    session_minutes: int = 120
    session_minutes_least: int = 60
    session_minutes_most: int = 180
    preparation_minutes: int = 30
    debrief_minutes: int = 20
    # What is kept free around that in a facilitator's time: the way each way unless all meet online, and a pause.
    travel_minutes: int = 30
    pause_minutes: int = 10
    # A session begins within these hours of London's clock, both included.
    session_earliest_hour: int = 8
    session_latest_hour: int = 20
    # Training of facilitators: months after a course until a refresher is due where no date is recorded (0: it does not
    # lapse), days after that in which it still counts, and days before it lapses in which both sides are told.
    refresher_months: int = 0
    training_grace_days: int = 0
    training_warning_days: int = 60
    # Hours that a session takes of a facilitator, with preparation, debrief and the way.
    hours_a_session: int = 5
    # Sessions a quarter for which somebody is asked at most until they have given two; 0: as many as they can give.
    newcomer_sessions_a_quarter: int = 2
    # Days after a session that was heavy for a facilitator in which nothing new is offered to them.
    rest_days_after_heavy_session: int = 14
    # Days, calendar.
    draft_kept_days: int = 14
    link_days: int = 60
    # A request that ended longer ago than this is not shown as alike another.
    alike_days: int = 365
    # From this number of requests about the same work on, the coordinator is asked whether another forum would help.
    repeats_before_another_forum: int = 3
    offer_open_days: int = 7
    invitation_days: int = 14
    # Who has access is looked through agency by agency as often as this.
    access_review_days: int = 90
    # An account that is not used for so long is suspended when its owner, asked by e-mail, does not answer; facilitators do
    # much by links, without signing in.
    unused_days: int = 90
    unused_days_facilitators: int = 365
    unused_answer_days: int = 14
    # People who make a comfortable session.
    comfortable_least: int = 4
    comfortable_most: int = 10
    # How much a request that is needed sooner counts in a plan of all that wait, where one without hurry counts 1.
    weight_of_sooner: int = 3
    # Seconds after which a plan of all that wait is given as far as it is proven.
    planning_seconds: int = 20
    # Whether two services of one employer count as two agencies.
    employer_services_are_different: bool = True
    # Whether the second facilitator of a pair is asked only once the first has accepted.
    offers_one_after_the_other: bool = False
    # A multi-agency audit: how many sessions are drawn unless another number is entered, after how many working days an agency
    # that has returned nothing is reminded once (0: never), and whether grades are given.
    audit_sample: int = 10
    audit_remind_days: int = 10
    audit_grades: bool = False
    feedback_least_inside: int = 5
    feedback_least_outside: int = 10


def school_holiday_on(house: Partnership, day: date) -> str:
    """Return the name of the school holidays that a London date lies in; empty when it lies in none."""
    on = day.isoformat()
    return next((name for name, (first, last) in house.school_holidays.items() if first <= on <= last), "")
