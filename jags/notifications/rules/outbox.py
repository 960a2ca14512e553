"""Kinds of mail, states of a message, and the pauses between attempts."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class MailKind(StrEnum):
    """One kind, one pair of template files: templates/<kind>/subject.txt and body.txt."""

    ACCESS_RENEWED = "access_renewed"
    ACCESS_REVIEW = "access_review"
    ACCOUNT_CHANGED = "account_changed"
    AUDIT_ANCHORS = "audit_anchors"
    AUDIT_ASKED = "audit_asked"
    AUDIT_REMINDER = "audit_reminder"
    CALLED_OFF = "called_off"
    CALL_WISHED = "call_wished"
    CONCERN_REMINDER = "concern_reminder"
    CONFIRM_REQUEST = "confirm_request"
    DATES_NUDGE = "dates_nudge"
    DATES_OVER = "dates_over"
    DATES_POLL = "dates_poll"
    DATES_PROPOSED = "dates_proposed"
    DATE_CHOSEN = "date_chosen"
    DIGEST = "digest"
    FACILITATORS_AGREED = "facilitators_agreed"
    FEEDBACK_INVITATION = "feedback_invitation"
    FEEDBACK_LATER = "feedback_later"
    FEEDBACK_LINK_AGAIN = "feedback_link_again"
    FEEDBACK_REMINDER = "feedback_reminder"
    FORWARDED = "forwarded"
    GATHERING_CALLED_OFF = "gathering_called_off"
    GATHERING_CHANGED = "gathering_changed"
    GATHERING_INVITATION = "gathering_invitation"
    INVITATION = "invitation"
    LEAD_ASKED = "lead_asked"
    LEAD_TOLD_OF_PAUSE = "lead_told_of_pause"
    NEW_DEVICE = "new_device"
    OBSERVATION_AHEAD = "observation_ahead"
    OBSERVATION_ASKED = "observation_asked"
    OBSERVATION_SHARED = "observation_shared"
    OBSERVER_INVITED = "observer_invited"
    OFFER = "offer"
    OFFER_CLEARED = "offer_cleared"
    OFFER_WITHDRAWN = "offer_withdrawn"
    PAUSE_NOTE = "pause_note"
    PAUSE_NOTE_FACILITATOR = "pause_note_facilitator"
    QUESTION_NUDGE = "question_nudge"
    REMINDER = "reminder"
    REPORT_RELEASED = "report_released"
    REQUEST_ACCEPTED = "request_accepted"
    REQUEST_CLOSED_OTHERWISE = "request_closed_otherwise"
    REQUEST_JOINED = "request_joined"
    REQUEST_PASSED_ON = "request_passed_on"
    REQUEST_QUESTION = "request_question"
    REQUEST_RECEIVED = "request_received"
    REQUEST_REOPENED = "request_reopened"
    REQUEST_SIGNPOSTED = "request_signposted"
    REQUESTER_NAMED = "requester_named"
    RETURN_LINK = "return_link"
    SESSION_CHANGED = "session_changed"
    SESSION_INVITATION = "session_invitation"
    SIGNPOST_NUDGE = "signpost_nudge"
    SPOKEN_YET = "spoken_yet"
    STAND_IN_WAITS = "stand_in_waits"
    STILL_NEEDED = "still_needed"
    STATUS_LINK = "status_link"
    TRAINING_LAPSING = "training_lapsing"
    WHAT_FOLLOWED = "what_followed"
    WORK_GIVEN = "work_given"
    WORK_WAITS = "work_waits"


class MailState(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    # The mail server took it, and another reported later that it did not arrive.
    CAME_BACK = "came_back"
    WITHDRAWN = "withdrawn"


class SealedTo(StrEnum):
    """Who can open a message before it is delivered."""

    VAULT = "vault"
    JOBS = "jobs"


# The problem of a message that was withdrawn because its time had passed.
TOO_LATE = "too late"
# Pauses after a failed attempt; after the last one the message is failed and shown to the Business Unit.
RETRY_AFTER = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720))
# A sender that dies between claim and result gives its message back after this.
CLAIM_LEASE = timedelta(minutes=2)


@dataclass(frozen=True)
class Recipient:
    """To whom a message goes."""

    name: str
    email: str


@dataclass(frozen=True)
class CalendarPart:
    """A calendar entry that travels with a message: `method` is REQUEST or CANCEL."""

    method: str
    text: str


@dataclass(frozen=True)
class Envelope:
    """What is sealed of a message: address, values for the template, the wanted link and the calendar entry."""

    name: str
    email: str
    params: dict[str, str] = field(default_factory=dict)
    # An address that is complete already (a feedback ticket is minted with its round, not at delivery).
    link: str = ""
    link_purpose: str = ""
    link_subject: str = ""
    link_seconds: int = 0
    calendar_method: str = ""
    calendar_text: str = ""
    # A whole message that is passed on, in base64.
    attached: str = ""
    # The Message-ID of the message to which this one is a reply.
    reply_to: str = ""


@dataclass(frozen=True)
class Letter:
    """A message as it will be read, before it goes; `problem` when it cannot be made, and its text is empty then."""

    kind: MailKind
    recipient_ref: str
    about_ref: str
    name: str
    email: str
    subject: str = ""
    text: str = ""
    calendar: bool = False
    sent_when_paused: bool = False
    problem: bool = False
