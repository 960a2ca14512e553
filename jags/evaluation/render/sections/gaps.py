"""What we do not know: the gaps in what was recorded, counted, so that nobody takes silence for a finding."""

from jags.evaluation.render.sections.side_by_side import plural
from jags.evaluation.rules import Stage
from jags.evaluation.rules.document import Bullets, Paragraph
from jags.evaluation.rules.gathered import Gathered
from jags.evaluation.rules.measured import INSIDE, RawBlock, RawSection, only


def gaps(gathered: Gathered) -> RawSection:
    """Return the section of what was not recorded."""
    part, received = gathered.now.held.taking_part, gathered.now.received
    told: list[str] = []
    if part.sessions_named < part.sessions:
        without = part.sessions - part.sessions_named
        told.append(
            f"Which agencies were present was not recorded by name for {without:,} of {plural(part.sessions, 'session')}."
        )
    timed = gathered.now.effort.timed
    if timed < part.sessions:
        told.append(
            f"How long it took, and how many people were there, was not recorded here for {part.sessions - timed:,} of {plural(part.sessions, 'session')}."
        )
    waits = {wait.stage: wait.n for wait in received.waits}
    undated = received.funnel.proceeded - waits.get(Stage.FACILITATORS_AGREED, 0)
    if undated > 0:
        told.append(
            f"When facilitators were agreed is not known, or not so far, for {undated:,} of "
            f"{plural(received.funnel.proceeded, 'request')} that proceeded."
        )
    if received.requesting_unsettled:
        told.append(
            f"The agency of {plural(received.requesting_unsettled, 'requester')} was typed and is not settled yet."
        )
    opinions = gathered.outside.feedback
    narrowed = bool(gathered.asked.locality)
    if opinions.hidden and not narrowed:
        told.append("There are too few answers yet to tell what people said straight after their session.")
    if gathered.outside.later.hidden and not narrowed:
        told.append("There are too few answers yet to tell what people say some weeks later.")
    bullets: RawBlock = (
        Bullets(tuple(told))
        if told
        else Paragraph("Nothing that this report counts was left out of the records.")
    )
    unconfirmed = gathered.now.received.cohorts.unconfirmed
    inside = Paragraph(
        f"For {plural(unconfirmed, 'request')} transitional safeguarding is suggested, and the Business Unit has not yet said yes or no."
    )
    return RawSection(
        "gaps", "What we do not know", (bullets, *(only(INSIDE, inside) if unconfirmed else ()))
    )
