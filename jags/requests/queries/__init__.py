"""Read requests: one, the work queue, the network, and the story of a request, as far as the actor may see them."""

from jags.requests.queries.drafts import old_drafts, part_version, unfinished
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
from jags.requests.queries.story import Step, open_question, promised_call, timeline
from jags.requests.queries.undelivered import Undelivered, undelivered

__all__ = [
    "PAGE_LENGTH",
    "BeforeContact",
    "QueuePage",
    "Step",
    "Undelivered",
    "Waiting",
    "agencies_of",
    "agency_name",
    "before_contact",
    "contact_of",
    "count_by_state",
    "detail_of",
    "find_by_reference",
    "find_for_requester",
    "get_request",
    "lead_professional",
    "members",
    "old_drafts",
    "open_question",
    "part_version",
    "paused_references",
    "promised_call",
    "timeline",
    "typed_agencies",
    "undelivered",
    "unfinished",
    "visible_to",
    "work_queue",
]
