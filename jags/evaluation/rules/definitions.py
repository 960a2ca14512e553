"""What each figure of a report means and where it comes from, in one catalogue that every report shares."""

from jags.evaluation.rules.document import Definition

_REQUESTS = "The record of requests"
_SESSIONS = "What facilitators record after a session"
_ANSWERS = "Anonymous feedback, opened in groups of at least five answers"

CATALOGUE: tuple[Definition, ...] = (
    Definition(
        "received",
        "Received",
        "Requests whose answers were checked and sent on a London date of the period. Drafts and duplicates are not received.",
        _REQUESTS,
    ),
    Definition(
        "proceeded",
        "Proceeded",
        "Accepted, offered to facilitators, with facilitators agreed, scheduled, held or closed, as they stand now.",
        _REQUESTS,
    ),
    Definition("held", "Held", "Proceeded, with a session that took place.", _REQUESTS),
    Definition(
        "not-proceeded",
        "Not proceeded",
        "Signposted to another route, withdrawn by the requester, or cancelled by the Business Unit.",
        _REQUESTS,
    ),
    Definition(
        "undecided",
        "Undecided",
        "Waiting for the e-mail address to be confirmed, in triage, or waiting for an answer of the requester.",
        _REQUESTS,
    ),
    Definition(
        "first-and-repeat",
        "First and repeat requests",
        "A repeat is linked by people to an earlier request about the same work; every other request is a first one.",
        _REQUESTS,
    ),
    Definition(
        "other-routes",
        "Other routes",
        "The route to which a request was signposted, as the Business Unit recorded it.",
        _REQUESTS,
    ),
    Definition(
        "waits",
        "Waiting times",
        "Days from one London date to the other; the median is the middle of all, so one long wait does not move it. Requests that "
        "were imported have no dates in between.",
        _REQUESTS,
    ),
    Definition(
        "by-age-band",
        "By age band",
        "Requests about somebody aged 16 to 25. The age only suggests that transitional safeguarding features.",
        _REQUESTS,
    ),
    Definition(
        "confirmed",
        "Confirmed",
        "Requests for which the Business Unit confirmed, with a reason, that transitional safeguarding features.",
        _REQUESTS,
    ),
    Definition(
        "not-confirmed-yet",
        "Suggested, not yet confirmed",
        "The age band or the requester suggests transitional safeguarding, and the Business Unit has not said yes or no.",
        _REQUESTS,
    ),
    Definition(
        "requesting",
        "Agencies requesting",
        "The agency of the requester, under the name that it had. An agency that was typed is counted when it is settled.",
        _REQUESTS,
    ),
    Definition(
        "taking-part",
        "Agencies taking part",
        "Sessions held in the period at which the agency was present, however many people came from it.",
        _SESSIONS,
    ),
    Definition(
        "invited",
        "Agencies invited",
        "Sessions held in the period to which somebody of the agency was invited; whoever was there was invited.",
        _SESSIONS,
    ),
    Definition(
        "pairs",
        "Two facilitators",
        "Pairs that agreed and still hold or held the session; of two agencies as they were when they were offered.",
        "The record of offers",
    ),
    Definition(
        "opinions",
        "Opinions",
        "How many agreed or strongly agreed, in bands, so that neither one answer nor unanimity can be seen. Not applicable is left out.",
        _ANSWERS,
    ),
    Definition(
        "later",
        "Then and now",
        "Asked some weeks after the session, of then and now together: what people remember, not a measurement.",
        _ANSWERS,
    ),
    Definition(
        "age",
        "Ages",
        "The age bands that the requester ticked. A request may be about several children.",
        _REQUESTS,
    ),
    Definition(
        "plan",
        "Highest plan or status",
        "Looked after or leaving care comes before child protection, and that before any other plan.",
        _REQUESTS,
    ),
    Definition(
        "turning-18",
        "From request to held, and turning 18",
        "Whether the session was held within the months until somebody turns 18 that the requester gave; no birthday is recorded.",
        _REQUESTS,
    ),
    Definition(
        "features",
        "What features",
        "What the Business Unit ticked where it confirmed that transitional safeguarding features.",
        _REQUESTS,
    ),
    Definition(
        "never-asked",
        "Never asked",
        "No request up to the last day of the period, neither by the agency nor by one whose work it took on.",
        _REQUESTS,
    ),
    Definition(
        "remit",
        "Children’s, adults’ and all-age services",
        "Whom the agency works with, as the Business Unit keeps it.",
        "The list of agencies",
    ),
    Definition(
        "apologies",
        "Apologies",
        "Agencies of the network that were not at a session held in the period, each with the reason that was recorded.",
        _SESSIONS,
    ),
    Definition(
        "open-now",
        "Open",
        "Received, and neither closed nor ended in another way. Where a request stands is told as it is at this moment.",
        _REQUESTS,
    ),
    Definition(
        "themes",
        "Themes",
        "Texts in which two readers, each by themselves, found a theme, or agreed on it afterwards: released comments, what facilitators wrote "
        "about how agencies work together, and the general learning of sessions.",
        "The reading for themes",
    ),
    Definition(
        "held-in-period",
        "Held in the period",
        "Sessions that took place on a London date of the period, whenever they were asked for.",
        _SESSIONS,
    ),
    Definition(
        "jags-and-children",
        "JAGS, and those whom they were about",
        "Sessions about work that people linked as the same count once: one child, one sibling group or one family.",
        _REQUESTS,
    ),
    Definition(
        "siblings",
        "Sibling groups",
        "Whether the requester said that the request is about a sibling group.",
        _REQUESTS,
    ),
    Definition(
        "localities",
        "Localities",
        "The locality that the requester named, of the partnership’s list.",
        _REQUESTS,
    ),
    Definition(
        "approach",
        "Keeping to the approach",
        "The elements of a JAGS as participants’ statements, facilitators’ reflections and observers’ notes speak of them, pooled over at "
        "least five sessions, in bands.",
        "Anonymous feedback, reflections and observations",
    ),
    Definition(
        "observations",
        "Observations",
        "Sessions that somebody independent observed with both facilitators’ agreement, where what was seen has been shared with them.",
        "The record of observations",
    ),
    Definition(
        "audits",
        "Audits",
        "Audits whose sample was drawn in the period. What agencies return is about the work, never about the child; the partnership’s own plan "
        "holds what follows.",
        "The record of audits",
    ),
    Definition(
        "principles",
        "The six principles",
        "Texts in which two readers agreed on the principle, and reflections of facilitators in which it showed.",
        "The reading for themes, and reflections",
    ),
    Definition(
        "training",
        "Training events",
        "Events held in the period, the people who were recorded as there, and their cost where it was entered.",
        "The record of training events",
    ),
    Definition(
        "network-meetings",
        "Network meetings",
        "Meetings of the facilitators held in the period; somebody who was at two counts twice.",
        "The record of network meetings",
    ),
    Definition(
        "promotion",
        "Promotion",
        "What was done to make JAGS known, and whom it reached where somebody counted.",
        "The promotion log",
    ),
    Definition(
        "hours",
        "Hours given",
        "The length of each session times how many facilitated or took part, to whole hours.",
        _SESSIONS,
    ),
    Definition(
        "adult-services",
        "Adult services needed",
        "Services for adults or for all ages that the requester or the Business Unit named as needed and not involved yet.",
        _REQUESTS,
    ),
)
