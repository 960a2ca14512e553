"""Read requests: one, the work queue, the network, and the story of a request, as far as the actor may see them."""

from jags.requests.queries.drafts import old_drafts, part_version, unfinished
from jags.requests.queries.following import FollowUp, ToRing, due_for_nudge, follow_up, must_ring, to_ring
from jags.requests.queries.legal import LegalCard, LegalLine, legal_card
from jags.requests.queries.network import agencies_of, agency_name, lead_professional, members, typed_agencies
from jags.requests.queries.one import (
    BeforeContact,
    before_contact,
    contact_of,
    detail_of,
    find_by_reference,
    find_for_requester,
    get_request,
    paused_references,
    visible_to,
)
from jags.requests.queries.queue import PAGE_LENGTH, QueuePage, Waiting, count_by_state, work_queue
from jags.requests.queries.story import (
    NoteLine,
    Step,
    notes_of,
    open_question,
    promised_call,
    story_and_notes,
    timeline,
)
from jags.requests.queries.target import Target, target_of
from jags.requests.queries.undelivered import (
    Undelivered,
    held_back,
    recipient_roles,
    told_of_pause,
    undelivered,
)

__all__ = [
    "PAGE_LENGTH",
    "BeforeContact",
    "FollowUp",
    "LegalCard",
    "LegalLine",
    "NoteLine",
    "QueuePage",
    "Step",
    "Target",
    "ToRing",
    "Undelivered",
    "Waiting",
    "agencies_of",
    "agency_name",
    "before_contact",
    "contact_of",
    "count_by_state",
    "detail_of",
    "due_for_nudge",
    "find_by_reference",
    "find_for_requester",
    "follow_up",
    "get_request",
    "held_back",
    "lead_professional",
    "legal_card",
    "members",
    "must_ring",
    "notes_of",
    "old_drafts",
    "open_question",
    "part_version",
    "paused_references",
    "promised_call",
    "recipient_roles",
    "story_and_notes",
    "target_of",
    "timeline",
    "to_ring",
    "told_of_pause",
    "typed_agencies",
    "undelivered",
    "unfinished",
    "visible_to",
    "work_queue",
]
