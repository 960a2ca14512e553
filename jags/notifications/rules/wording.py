"""What an e-mail may say: when each kind goes and to whom, its placeholders, and how an edited wording is checked.

A wording has named placeholders only, never a template language, because an edited one lies in the database.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Template

from jags.kernel.errors import Invalid
from jags.notifications.rules.outbox import MailKind

SUBJECT_MOST = 150
BODY_MOST = 5000
# A paragraph that is the one link of an e-mail.
LINK = re.compile(r"^\[(?P<words>[^\]]+)\]\((?P<address>[^)]+)\)$")
_LINK_PARAGRAPH = re.compile(r"^\[[^\]\n]+\]\(\$\{link\}\)$")
_ANY_LINK = re.compile(r"\]\(|https?://|www\.", re.IGNORECASE)
# What every e-mail can say of the house that sends it; a wording may use these or not.
_OF_THE_HOUSE = {
    "recipient_name": "Ash Reed",
    "partnership": "Safeguarding Children Partnership",
    "business_unit": "Business Unit",
    "hours": "five hours",
    "phone": "01632 960100",
    "website": "partnership.example.org",
}
_LINK_EXAMPLE = "https://jags.example.org/link/…"
# Made-up values, so that a preview reads like the real thing.
_EXAMPLES = {
    "about": "What it is about:\n- Endings, and who stays",
    "caller": "Birch Lane",
    "browser": "Firefox on Windows",
    "contact": "The duty team, 01632 960111",
    "answered": "Of 6 people, 4 answered.",
    "coordinator": "Birch Lane",
    "dates": "– Tuesday 8 December 2026, 10am to 12pm (London time)\n– Thursday 10 December 2026, 2pm to 4pm (London time)",
    "day": "1 December 2026",
    "days": "14",
    "due": "Friday 4 December 2026",
    "happened": "It was closed because the network has found another way.",
    "held_on": "Tuesday 3 November 2026",
    "last_day": "Tuesday 17 November 2026",
    "meeting": "network meeting of JAGS facilitators",
    "news": "Two facilitators from different agencies have agreed to hold the JAGS that you asked for.",
    "next_step": "They will get in touch with you to find a date.",
    "note": "We are so sorry to hear what has happened. Nothing needs to be done now.",
    "part": "You are invited as somebody who works with this child, young person or family.",
    "question": "Which adult services do you think could come?",
    "reference": "JAGS-2026-014",
    "reply_by": "Wednesday 2 December 2026",
    "ring_by": "Thursday 26 November 2026",
    "role": "coordinator",
    "route": "A core group or other child-protection meeting",
    "lines": "– 2 requests wait for a decision",
    "sender": "Odette Farr <odette.farr@school.example.org>",
    "target": "two facilitators agreed",
    "their_subject": "Re: Invitation",
    "today": "Tuesday 24 November 2026",
    "told": "We spoke about it on the telephone on Monday 23 November 2026.",
    "until": "Tuesday 8 December 2026",
    "what": "The JAGS does not take place on this day.",
    "what_next": "We will write again as soon as there is another date.",
    "when": "Tuesday 1 December 2026, 2pm to 4pm (London time)",
    "where": "Online; the link is in your calendar entry",
}


@dataclass(frozen=True)
class Purpose:
    """What a kind of e-mail is, when it goes, and to whom, in the Business Unit's words."""

    title: str
    when: str


@dataclass(frozen=True)
class Wording:
    """Subject and body of a kind of e-mail, with placeholders; `version` 0 is the one that came with the software."""

    subject: str
    body: str
    version: int = 0
    # Whether the Business Unit's own words are in force.
    own: bool = False


PURPOSES: Mapping[MailKind, Purpose] = {
    MailKind.CONFIRM_REQUEST: Purpose("Please confirm", "To the requester, as soon as a request is sent."),
    MailKind.REQUEST_RECEIVED: Purpose(
        "Request received", "To the requester, as soon as they have confirmed."
    ),
    MailKind.RETURN_LINK: Purpose(
        "Link back to a draft", "To whoever asks for it while filling in the form."
    ),
    MailKind.STATUS_LINK: Purpose("New link to a request", "To the requester, when they ask for one."),
    MailKind.REQUEST_QUESTION: Purpose("A question", "To the requester, when you ask them something."),
    MailKind.QUESTION_NUDGE: Purpose(
        "A question, once more", "To the requester, once, when they are silent."
    ),
    MailKind.REQUEST_ACCEPTED: Purpose("Accepted", "To the requester, when you accept."),
    MailKind.REQUEST_SIGNPOSTED: Purpose("Another route", "To the requester, when you signpost."),
    MailKind.SIGNPOST_NUDGE: Purpose("Did the other route help?", "To the requester, once, some days later."),
    MailKind.REQUEST_JOINED: Purpose(
        "Joined to another request", "To the requester of the request that goes on."
    ),
    MailKind.REQUEST_CLOSED_OTHERWISE: Purpose(
        "Ended", "To the requester, when a request ends in another way."
    ),
    MailKind.REQUEST_REOPENED: Purpose("Taken up again", "To the requester, when you reopen."),
    MailKind.REQUESTER_NAMED: Purpose(
        "You have been named", "To a new requester, until they have said who they are."
    ),
    MailKind.REQUEST_PASSED_ON: Purpose(
        "Passed on", "To the requester before, when somebody else has taken over."
    ),
    MailKind.OFFER: Purpose("Could you facilitate?", "To a facilitator of a pair that you have chosen."),
    MailKind.OFFER_CLEARED: Purpose(
        "Nothing stands in the way", "To a facilitator, after a talk about a connection."
    ),
    MailKind.OFFER_WITHDRAWN: Purpose(
        "Not needed now", "To a facilitator whose offer has lapsed or was withdrawn."
    ),
    MailKind.FACILITATORS_AGREED: Purpose(
        "Facilitators agreed", "To the requester, when both have accepted."
    ),
    MailKind.DATES_PROPOSED: Purpose(
        "Which of two dates?", "To the people around the child who are asked, when two dates are proposed."
    ),
    MailKind.DATES_POLL: Purpose("Which dates?", "To the same people, when neither of two dates suits."),
    MailKind.DATES_NUDGE: Purpose(
        "Which dates, once more", "Once, to whoever is silent and could still change which date is best."
    ),
    MailKind.DATES_OVER: Purpose(
        "The last day for answers is over",
        "To whoever finds the date, when the last day for answers has gone by and no date is set.",
    ),
    MailKind.DATE_CHOSEN: Purpose(
        "A date is chosen", "To whoever looks after a request, when its facilitators have chosen a date."
    ),
    MailKind.SESSION_INVITATION: Purpose(
        "Invitation to a session", "To everybody who is invited, with a calendar entry."
    ),
    MailKind.SESSION_CHANGED: Purpose(
        "Session changed", "To everybody who is invited, with the changed entry."
    ),
    MailKind.REMINDER: Purpose("Reminder", "To everybody who is invited, some days before (a setting)."),
    MailKind.SPOKEN_YET: Purpose(
        "Have the two of you spoken?",
        "To both facilitators, some days before, unless you noted that they have prepared.",
    ),
    MailKind.CALLED_OFF: Purpose("Called off", "To whoever need not come, with the entry taken back."),
    MailKind.STAND_IN_WAITS: Purpose(
        "Somebody comes instead", "To whoever looks after a request, when you have to decide first."
    ),
    MailKind.FEEDBACK_INVITATION: Purpose("How was it?", "To those who were there, on the next working day."),
    MailKind.FEEDBACK_REMINDER: Purpose(
        "How was it? Once more", "To all who were asked by e-mail, once, as a reply to the invitation."
    ),
    MailKind.FEEDBACK_LINK_AGAIN: Purpose(
        "Another link for feedback", "To somebody who was asked and has lost their link."
    ),
    MailKind.FEEDBACK_LATER: Purpose(
        "What has followed?", "To those who were there, eight weeks later (a setting)."
    ),
    MailKind.WHAT_FOLLOWED: Purpose(
        "What has the family said?",
        "To the requester, eight weeks later: one question, answered under their name.",
    ),
    MailKind.AUDIT_ASKED: Purpose(
        "What did your agency see?", "To whoever answers for an agency in an audit."
    ),
    MailKind.AUDIT_REMINDER: Purpose(
        "Return for an audit, once more", "To the same, once, when nothing has come back for some days."
    ),
    MailKind.OBSERVATION_ASKED: Purpose(
        "May your session be observed?", "To both facilitators, when you plan an observation."
    ),
    MailKind.OBSERVATION_AHEAD: Purpose(
        "Somebody will observe", "To everybody who is invited, when both facilitators have agreed."
    ),
    MailKind.OBSERVER_INVITED: Purpose(
        "You observe a session",
        "To the observer, when both facilitators have agreed, and when the date moves.",
    ),
    MailKind.OBSERVATION_SHARED: Purpose(
        "What was seen in your session", "To both facilitators, when the observer shares it."
    ),
    MailKind.CALL_WISHED: Purpose(
        "Please ring a facilitator", "To whoever of you is to ring a facilitator who asks for it."
    ),
    MailKind.CONCERN_REMINDER: Purpose(
        "Was it taken?", "To a facilitator, once, when nobody has confirmed that a concern was taken."
    ),
    MailKind.REPORT_RELEASED: Purpose(
        "A report is there to read", "To the named readers of a report, when it is released."
    ),
    MailKind.FORWARDED: Purpose(
        "For a person to read", "To your own mailbox, when somebody writes to the address of our e-mails."
    ),
    MailKind.PAUSE_NOTE: Purpose(
        "Note about a pause", "To requester or lead professional, where you write one."
    ),
    MailKind.PAUSE_NOTE_FACILITATOR: Purpose(
        "Note about a pause, to facilitators", "To facilitators, where you write one."
    ),
    MailKind.LEAD_TOLD_OF_PAUSE: Purpose(
        "Everything is paused", "To the lead of the Business Unit, at once."
    ),
    MailKind.LEAD_ASKED: Purpose("Help is asked for", "To the lead, when a coordinator asks."),
    MailKind.DIGEST: Purpose(
        "Your work today", "To each coordinator, once on a working day, when something waits."
    ),
    MailKind.WORK_GIVEN: Purpose(
        "Work has been given to you", "To a coordinator who takes over or stands in."
    ),
    MailKind.WORK_WAITS: Purpose("Work waits", "To coordinators, when nobody looks after a request."),
    MailKind.GATHERING_INVITATION: Purpose(
        "Invitation to a meeting or training", "To facilitators whom you invite, with a calendar entry."
    ),
    MailKind.GATHERING_CHANGED: Purpose(
        "Meeting or training changed", "To everybody who is invited, with the changed entry."
    ),
    MailKind.GATHERING_CALLED_OFF: Purpose(
        "Meeting or training called off", "To whoever was told of it, with the entry taken back."
    ),
    MailKind.INVITATION: Purpose("Your account", "To somebody who is invited to an account."),
    MailKind.NEW_DEVICE: Purpose("A new browser", "To whoever signs in from a browser for the first time."),
    MailKind.ACCOUNT_CHANGED: Purpose(
        "Your account was changed", "To whom it belongs, when password, second step, address or roles change."
    ),
    MailKind.ACCESS_RENEWED: Purpose(
        "New password", "To somebody who rang, when two of you have made sure who it is."
    ),
    MailKind.STILL_NEEDED: Purpose(
        "Do you still need your account?", "To somebody who has not used their account for long."
    ),
    MailKind.ACCESS_REVIEW: Purpose(
        "Who has access?", "To administrators, weekly while the access of an agency wants a look."
    ),
    MailKind.AUDIT_ANCHORS: Purpose(
        "The audit trail", "To administrators, weekly: how far it has come, to be kept in another house."
    ),
    MailKind.TRAINING_LAPSING: Purpose("Training lapses", "To a facilitator, some weeks before."),
}


def placeholders(text: str) -> set[str]:
    """Return the names that a text asks for."""
    return set(Template(text).get_identifiers())


def allowed_placeholders(default: Wording) -> list[str]:
    """Return the names that a wording of this kind may use, those of its default first.

    A recipient is named only where the default names them: until an address is confirmed, the name that somebody typed
    with it is not repeated to its owner.
    """
    own = placeholders(default.subject) | placeholders(default.body)
    house = [name for name in _OF_THE_HOUSE if name != "recipient_name" or name in own]
    return [*sorted(own - set(_OF_THE_HOUSE) - {"link"}), *house, *(["link"] if "link" in own else [])]


def example_values(names: Iterable[str]) -> dict[str, str]:
    """Return a made-up value for each name."""
    known = {**_OF_THE_HOUSE, **_EXAMPLES, "link": _LINK_EXAMPLE}
    return {name: known[name] for name in names}


def check_wording(default: Wording, *, subject: str, body: str) -> None:
    """Refuse a wording that could not be sent, or that would not say what its kind is for; raises `Invalid` at `subject` or `body`.

    What the default tells (a question, a date) stays, and its one link stays a paragraph of its own.
    """
    allowed = allowed_placeholders(default)
    _check_subject(subject, [name for name in allowed if name != "link"])
    if not body.strip():
        raise Invalid("Write what the e-mail says.", field="body")
    if len(body) > BODY_MOST:
        raise Invalid(f"Shorten the text to {BODY_MOST:,} characters or fewer.", field="body")
    _check_placeholders(body, allowed, field="body")
    told = placeholders(body) | placeholders(subject)
    missing = sorted(placeholders(default.body) - set(_OF_THE_HOUSE) - {"link"} - told)
    if missing:
        raise Invalid(
            f"Put {_listed(missing)} back: without it the e-mail does not say what it is for.", field="body"
        )
    _check_links(body, wanted="link" in allowed)


def _check_subject(subject: str, allowed: list[str]) -> None:
    if not subject.strip():
        raise Invalid("Write a subject.", field="subject")
    if len(subject) > SUBJECT_MOST:
        raise Invalid(f"Shorten the subject to {SUBJECT_MOST} characters or fewer.", field="subject")
    if not subject.isprintable():
        raise Invalid("Write the subject on one line.", field="subject")
    _check_placeholders(subject, allowed, field="subject")


def _check_placeholders(text: str, allowed: list[str], *, field: str) -> None:
    if not Template(text).is_valid():
        raise Invalid(
            "Write a dollar sign that is not part of a placeholder twice ($$), and placeholders as ${name}.",
            field=field,
        )
    unknown = sorted(placeholders(text) - set(allowed))
    if unknown:
        raise Invalid(f"There is no {_listed(unknown)} here. Use one of: {_listed(allowed)}.", field=field)


def _check_links(body: str, *, wanted: bool) -> None:
    paragraphs = [p.strip() for p in body.split("\n\n")]
    links = [p for p in paragraphs if _LINK_PARAGRAPH.match(p)]
    others = [p for p in paragraphs if p not in links]
    if any(_ANY_LINK.search(p) or "link" in placeholders(p) for p in others):
        raise Invalid(
            "An e-mail has one link at most, and it is a paragraph of its own: [Words to click](${link}).",
            field="body",
        )
    if len(links) != int(wanted):
        raise Invalid(
            "Keep the one link, as a paragraph of its own: [Words to click](${link}).", field="body"
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"${{{name}}}" for name in names)
