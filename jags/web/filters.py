"""Say dates, times, states and form errors in the words that people read on a page."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from flask import Flask
from markupsafe import Markup, escape
from wtforms.widgets import HiddenInput

from jags.kernel.time import date_in_words, day_in_words, london_date, time_in_words
from jags.kernel.words import count_in_words, hours_in_words, length_in_words, listing
from jags.practice.rules import in_pounds

_MEGABYTE = 1_000_000

# A cell of a table; there is no table inside another.
_CELL = re.compile(r"(<t[dh]\b[^>]*>)(.*?)(</t[dh]>)", re.DOTALL)
# The words for every value that a page may show; the key is the enum's class and value.
WORDING: dict[str, str] = {
    "Factor.authenticator": "Authenticator app",
    "Factor.code_sheet": "Printed sheet of codes",
    "Factor.one_time_link": "Link that works once",
    "Factor.organisation": "Your organisation’s sign-in",
    "Factor.passkey": "Passkey",
    "Role.evaluation_reader": "Partner who reads the evaluation",
    "CalendarProblem.certificate": "The server could not prove that it is the one of your address.",
    "CalendarProblem.inside": "The address leads to a place from which we read nothing: an inner network, or one without encryption.",
    "CalendarProblem.not_a_calendar": "What lies at the address is not a calendar.",
    "CalendarProblem.not_allowed": "The server asks for a password.",
    "CalendarProblem.not_found": "There is nothing at the address any more.",
    "CalendarProblem.no_answer": "The server does not answer.",
    "CalendarProblem.too_large": "The calendar is too large to be read.",
    "CalendarProblem.too_slow": "The server takes too long to answer.",
    "Element.opening": "Opening: we agreed what this space is for",
    "Element.containment": "Containment: people felt held and safe enough",
    "Element.neutrality": "Neutrality: nobody’s side was taken",
    "Element.equal_voices": "Equal voices: everybody was heard, whatever their role",
    "Element.young_person": "The child or young person was present in our thinking",
    "Element.curiosity": "Curiosity, and challenge with respect",
    "Element.emotional_impact": "The emotional impact of the work was acknowledged",
    "Element.reflective": "Reflective throughout: no tasks, no decisions",
    "Element.transitional": "Transitional lens: becoming an adult between services",
    "Element.co_facilitation": "Co-facilitation: two people, one space",
    "Element.close": "Close: people left with care",
    "Seen.no_chance": "No chance to see",
    "TextSource.comment": "A comment",
    "TextSource.reflection": "What a facilitator wrote",
    "TextSource.session": "General learning of a session",
    "ThemeState.draft": "Draft",
    "ThemeState.shared": "Draft, shared with facilitators",
    "FrameChange.reworded": "Worded otherwise",
    "LineManagers.nobody": "No",
    "LineManagers.held_well": "Yes, and it was held well",
    "LineManagers.partly": "Yes, and it was held in part",
    "LineManagers.in_the_way": "Yes, and it got in the way",
    "LineManagers.not_known": "I do not know",
    "Principle.contextual": "Contextual or ecological",
    "Principle.developmental": "Transitional or developmental",
    "Principle.intersectional": "Intersectional: equality, equity, diversity, inclusion",
    "ToolboxUse.helped": "Yes, it helped",
    "ToolboxUse.did_not_help": "Yes, it did not help",
    "ToolboxUse.not_used": "No",
    "PlanGroup.priority_subgroup": "A priority subgroup",
    "PlanGroup.sector": "A sector",
    "PlanGroup.other": "Somebody else",
    "PlanArea.workforce": "Workforce development",
    "PlanArea.tools": "Tools and resources",
    "ConcernRoute.childrens_advice": "The advice and duty service for children",
    "ConcernRoute.adult_safeguarding": "Adult safeguarding",
    "ConcernRoute.police": "The police",
    "ConcernRoute.own_lead": "The safeguarding lead of their own agency",
    "Reply.invited": "No answer yet",
    "Reply.coming": "Is coming",
    "Reply.apologies": "Sent apologies",
    "Reply.attended": "Was there",
    "Reply.not_there": "Was not there",
    "Audience.facilitators": "Facilitators and the Business Unit",
    "Audience.business_unit": "The Business Unit only",
    "DocumentKind.pdf": "PDF",
    "DocumentKind.docx": "Word",
    "DocumentKind.pptx": "PowerPoint",
    "DocumentKind.odt": "OpenDocument text",
    "DocumentKind.png": "PNG picture",
    "DocumentKind.jpg": "JPEG picture",
    "State.draft": "Draft",
    "State.unconfirmed": "E-mail not yet confirmed",
    "State.in_triage": "Being considered",
    "State.waiting_for_requester": "Waiting for the requester",
    "State.accepted": "Accepted: finding facilitators",
    "State.offered": "Offered to facilitators",
    "State.facilitators_agreed": "Facilitators agreed",
    "State.scheduled": "Date arranged",
    "State.held": "Held",
    "State.closed": "Closed",
    "State.signposted": "Signposted: another route",
    "State.withdrawn": "Withdrawn",
    "State.cancelled": "Cancelled",
    "State.duplicate": "Duplicate",
    "AgeBand.0-4": "0 to 4",
    "AgeBand.5-10": "5 to 10",
    "AgeBand.11-13": "11 to 13",
    "AgeBand.14-15": "14 to 15",
    "AgeBand.16-17": "16 to 17",
    "AgeBand.18-21": "18 to 21",
    "AgeBand.22-25": "22 to 25",
    "AskedBy.form": "With the old form",
    "AskedBy.email": "By e-mail",
    "AskedBy.telephone": "By telephone",
    "AskedBy.meeting": "In a meeting",
    "AskedBy.other": "In another way",
    "Gate.danger": "Somebody may be in danger",
    "Gate.disagreement": "Mainly a disagreement",
    "Gate.tasks": "Mainly tasks and a plan",
    "Plan.universal": "Universal services only",
    "Plan.early_help": "Early help or Family Help",
    "Plan.child_in_need": "Child in need (section 17)",
    "Plan.section_47": "Section 47 enquiry",
    "Plan.child_protection": "Child protection plan",
    "Plan.looked_after": "Looked after",
    "Plan.pathway_plan": "Leaving-care pathway plan",
    "Plan.ehc_plan": "Education, health and care plan",
    "Plan.exploitation_plan": "Exploitation plan",
    "Plan.youth_justice_order": "Youth justice order",
    "Plan.adult_section_42": "Adult safeguarding (section 42)",
    "Plan.care_and_support_plan": "Care and support plan",
    "Plan.not_known": "I do not know",
    "Reason.stuck": "It feels stuck",
    "Reason.complex": "It is complex",
    "Reason.drift": "The work is drifting",
    "Reason.emotional_impact": "The emotional impact on those who work with it",
    "Reason.differing_perspectives": "We see things differently",
    "Reason.strained_relationships": "Relationships between us are strained",
    "Reason.power_imbalance": "An imbalance of power",
    "Reason.understanding_roles": "Understanding each other’s roles",
    "Reason.harm_outside_home": "Harm outside the home",
    "Reason.family_relationship": "We are finding it hard to build a relationship with the family",
    "Reason.approaching_18": "Approaching 18",
    "Reason.other": "Something else",
    "TransitionalFeature.threshold_change": "Thresholds change at 18",
    "TransitionalFeature.adult_service_not_involved": "No adult service is involved yet",
    "TransitionalFeature.none_eligible": "Not eligible for any adult service",
    "TransitionalFeature.neither_care_leaver_nor_disabled": "Neither care leaver nor disabled",
    "TransitionalFeature.education_employment": "Education, employment or training",
    "TransitionalFeature.capacity_and_agency": "Mental capacity and agency",
    "TransitionalFeature.youth_justice_to_probation": "From youth justice to probation",
    "TransitionalFeature.send": "SEND or learning disability",
    "Responsibility.ours": "This authority",
    "Responsibility.placed_here": "Placed here by another authority",
    "Responsibility.placed_elsewhere": "Ours, placed elsewhere",
    "YesNoUnsure.unsure": "I am not sure",
    "LeadKnows.not_yet": "Not yet",
    "LeadKnows.help_me": "I would like help to tell them",
    "LeadKnows.it_is_me": "I am the lead professional",
    "LeadKnows.not_applicable": "There is no lead professional",
    "DateMatters.no": "No date matters",
    "DateMatters.turns_18_in_1": "Turns 18 within a month",
    "DateMatters.turns_18_in_3": "Turns 18 within 3 months",
    "DateMatters.turns_18_in_6": "Turns 18 within 6 months",
    "DateMatters.move": "A move of home or placement",
    "DateMatters.hearing": "A hearing",
    "DateMatters.worker_leaving": "A worker is leaving",
    "DateMatters.staff_struggling": "Staff are struggling",
    "Whose.ours": "Ours",
    "Whose.requester": "The requester’s",
    "Whose.facilitators": "The facilitators’",
    "Whose.everybody": "Waiting for the day",
    "Whose.nobody": "Nothing to do",
    "Features.confirmed": "Confirmed by us",
    "Features.to_be_decided": "Suggested, to be decided",
    "Priority.sooner": "Sooner: ring the requester today",
    "LegalKind.legal": "Legal advice",
    "LegalKind.officer_in_case": "Officer in the case",
    "MailKind.feedback_later": "Feedback some weeks later",
    "MailKind.what_followed": "What has followed",
    "MailKind.gathering_called_off": "Meeting or training called off",
    "MailKind.gathering_changed": "Meeting or training changed",
    "MailKind.gathering_invitation": "Invitation to a meeting or training",
    "MailKind.lead_told_of_pause": "Told of the pause",
    "MailKind.pause_note_facilitator": "Pause note",
    "MailKind.question_nudge": "Reminder of a question",
    "MailKind.request_joined": "Another request joined to theirs",
    "MailKind.request_reopened": "Request taken up again",
    "MailKind.signpost_nudge": "Whether the other route helped",
    "ChangeWhy.left": "They have left",
    "ChangeWhy.away": "They are away or unwell",
    "ChangeWhy.other": "Another reason",
    "NudgeAnswer.in_touch": "I have been in touch with them",
    "NudgeAnswer.talk": "I would like to talk",
    "RingWhy.no_answer": "We have not heard from them",
    "RingWhy.sooner": "Sooner: nobody has rung yet",
    "RingWhy.wishes_to_talk": "They would like to talk",
    "Equality.ethnic_group": "Broad ethnic group",
    "Equality.sex_or_gender": "Sex or gender",
    "Equality.disability": "Disability, or special educational needs",
    "Equality.care_experienced": "Care-experienced",
    "PauseReason.death": "A child or young person has died",
    "PauseReason.serious_incident": "Serious incident or review",
    "PauseReason.court_or_police": "Court or police",
    "Verb.accept": "Accepted",
    "Verb.agree_facilitators": "Both facilitators accepted",
    "Verb.answer": "The requester answered",
    "Verb.ask": "Asked the requester",
    "Verb.cancel": "Cancelled",
    "Verb.close": "Closed",
    "Verb.close_without_answer": "Closed without an answer",
    "Verb.confirm": "E-mail address confirmed",
    "Verb.confirm_by_telephone": "Confirmed by telephone",
    "Verb.did_not_take_place": "The session did not take place",
    "Verb.hold": "Session held",
    "Verb.mark_duplicate": "Marked as a duplicate",
    "Verb.offer_pair": "Offered to two facilitators",
    "Verb.postpone": "Date called off, to be arranged again",
    "Verb.release_pair": "Offer ended, back to choosing facilitators",
    "Verb.reopen": "Taken up again",
    "Verb.schedule": "Date arranged",
    "Verb.signpost": "Signposted to another route",
    "Verb.step_back": "A facilitator stepped back",
    "Verb.submit": "Received",
    "Verb.withdraw": "Withdrawn",
    "ItemKind.agreement": "Agreement, from strongly agree to strongly disagree",
    "ItemKind.scale": "A number from 0 to 10",
    "ItemKind.choice": "Choices of its own",
    "ItemKind.text": "In their own words",
    "ItemKind.quote": "Yes or no",
    "CommentWhy.points_to_somebody": "It points to somebody",
    "CommentWhy.about_the_family": "It says something about the child or family",
    "CommentWhy.hurtful": "It is hurtful about a colleague",
    "CommentWhy.other": "Another reason",
    "FormKey.participant": "Straight after the session",
    "FormKey.later": "Some weeks later",
    "FacilitatorStatus.paused": "Paused by coordinator",
    "BookingKind.network_meeting": "Network meeting",
    "SessionState.scheduled": "Arranged",
    "SessionState.did_not_take_place": "Did not take place",
    "SessionFormat.both": "In person and online",
    "Outcome.date_set": "The date is set",
    "Outcome.date_chosen": "The facilitators have chosen a date",
    "Outcome.asked_again": "Other dates have been asked about since",
    "Outcome.closed": "The question is closed",
    "Outcome.facilitators_changed": "It was closed because a facilitator stepped back",
    "Outcome.request_ended": "It was closed because the request ended",
    "Attendance.present": "Was there",
    "Attendance.apologies": "Was not there",
    "Attendance.not_recorded": "Invited; not recorded whether they came",
    "ApologyReason.not_invited": "Not invited",
    "ApologyReason.invited_late": "Invited too late",
    "ApologyReason.changed_worker": "The worker changed",
    "ApologyReason.not_recorded": "I do not know",
    "KeptToApproach.no": "Not this time",
    "OfferState.planned": "Asked once the other has accepted",
    "OfferState.offered": "Waiting for an answer",
    "OfferState.declared": "Independence declared",
    "OfferState.accepted": "Accepted",
    "OfferState.declined": "Declined",
    "OfferState.lapsed": "Not needed now",
    "OfferState.withdrawn": "Withdrawn",
    "OfferState.stepped_back": "Stepped back",
    "PairState.offered": "Offered",
    "PairState.agreed": "Facilitators agreed",
    "PairState.ended": "Ended",
}

# Colour only helps; the words carry the meaning. What is not named here is grey.
TAG_COLOURS: dict[str, str] = {
    "State.unconfirmed": "yellow",
    "State.in_triage": "orange",
    "State.waiting_for_requester": "yellow",
    "State.accepted": "blue",
    "State.offered": "blue",
    "State.facilitators_agreed": "teal",
    "State.scheduled": "teal",
    "State.held": "green",
    "SessionState.scheduled": "teal",
    "SessionState.held": "green",
    "OfferState.offered": "yellow",
    "OfferState.declared": "blue",
    "OfferState.accepted": "green",
    "FacilitatorStatus.active": "green",
    "FacilitatorStatus.paused": "yellow",
    "FacilitatorStatus.not_at_the_moment": "yellow",
    "GatheringState.planned": "teal",
    "GatheringState.held": "green",
    "Reply.coming": "teal",
    "Reply.attended": "green",
    "PairState.offered": "yellow",
    "PairState.agreed": "green",
}


def register_filters(app: Flask) -> None:
    """Make every filter of this module known to the templates of `app`."""
    for function in (
        day,
        ordinal,
        clock,
        weekday,
        moment,
        words,
        tag_colour,
        listing,
        error_links,
        count_in_words,
        hours_in_words,
        length_in_words,
        pounds,
        file_size,
        under,
    ):
        app.add_template_filter(function)


def day(value: date | None) -> str:
    """Return a date as 3 March 2026; an aware instant counts as its date in London."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = london_date(value) if value.tzinfo else value.date()
    return date_in_words(value)


def ordinal(value: int) -> str:
    """Return a place as people say it: first to tenth, then 11th."""
    named = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    if 1 <= value <= len(named):
        return named[value - 1]
    last = value % 10 if value // 10 % 10 != 1 else 0
    return f"{value}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


def clock(value: datetime | time | None) -> str:
    """Return a time of day as 2:30pm; an aware instant counts as its wall time in London."""
    return "" if value is None else time_in_words(value)


def weekday(value: date | None) -> str:
    """Return a date, or the date of a naive wall time, as Tuesday 3 March 2026."""
    return "" if value is None else day_in_words(value)


def moment(value: datetime | None) -> str:
    """Return an aware instant as Tuesday 3 March 2026, 2:30pm, in London."""
    return "" if value is None else f"{day_in_words(london_date(value))}, {time_in_words(value)}"


def pounds(pence: int | None) -> str:
    """Return pence as £1,250 or £80.50; nothing for None."""
    return "" if pence is None else in_pounds(pence)


def file_size(size: int) -> str:
    """Return a number of bytes as 12 kB or 1.4 MB."""
    if size < _MEGABYTE:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / _MEGABYTE:.1f} MB"


def words(value: Enum | str | None, kind: str = "") -> str:
    """Return the words for an enum's value; `kind` names the enum's class when only its value is at hand."""
    if value is None:
        return ""
    key = _key(value, kind)
    return WORDING.get(key) or key.rpartition(".")[2].replace("_", " ").capitalize()


def tag_colour(value: Enum | str, kind: str = "") -> str:
    """Return the colour of the tag that shows a state."""
    return TAG_COLOURS.get(_key(value, kind), "grey")


def under(cells: Any, head: Sequence[str]) -> Markup:
    """Return the cells of a table's row, each with the title of its column, for a phone that shows it beside the cell."""
    titles = iter(head)

    def labelled(found: re.Match[str]) -> str:
        title, (start, inside, end) = next(titles, ""), found.groups()
        if start.startswith("<th"):
            return found[0]
        label = f' data-label="{escape(title)}"' if title else ""
        empty = "" if inside.strip() else " data-empty"
        return f'{start[:-1]}{label}{empty}><div class="jags-cell">{inside}</div>{end}'

    # What the macro gave is marked up already; only attributes are added, and their words are escaped.
    return Markup(_CELL.sub(labelled, str(cells)))  # noqa: S704 # nosec B704


def error_links(form: Any) -> list[dict[str, str]]:
    """Return each error of a form once, with a link to the first input that it speaks of.

    An error of the form as a whole leads to its first input; without one it has no link.
    """
    asked = (field for field in form if not isinstance(field.widget, HiddenInput))
    first = next((f"#{_first_input(field)}" for field in asked), "")
    problems = [{"text": str(text), "href": first} for text in getattr(form, "form_errors", ())]
    for field in form:
        problems += _field_problems(field)
    return problems


def _field_problems(field: Any) -> list[dict[str, str]]:
    # Fields of fields come first: a group repeats its members' errors, as lists or dictionaries.
    if hasattr(field, "entries"):
        inner = [problem for entry in field.entries for problem in _field_problems(entry)]
    elif hasattr(field, "form"):
        inner = error_links(field.form)
    else:
        inner = []
    own = [str(text) for text in field.errors if not isinstance(text, dict | list)] if not inner else []
    return inner or [{"text": text, "href": f"#{_first_input(field)}"} for text in own[:1]]


def _first_input(field: Any) -> str:
    if getattr(field, "entries", None):
        return _first_input(field.entries[0])
    if hasattr(field, "form"):
        return _first_input(next(iter(field.form)))
    # The three boxes of a date carry the name of the part; the group around them cannot take the focus.
    if type(field.widget).__name__.endswith(("DateBoxes", "DateInput")):
        return f"{field.name}-day"
    return str(field.id)


def _key(value: Enum | str, kind: str) -> str:
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.value}"
    return f"{kind}.{value}"
