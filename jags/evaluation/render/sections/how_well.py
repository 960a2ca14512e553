"""How well: what people said straight after their session, keeping to the approach, observations and audits."""

from collections.abc import Iterator

from jags.evaluation.render.figures import hidden_text
from jags.evaluation.render.sections.practice import approach, audits, observations
from jags.evaluation.render.sections.side_by_side import plural
from jags.evaluation.rules import Feedback
from jags.evaluation.rules.document import Column, Paragraph
from jags.evaluation.rules.gathered import Gathered
from jags.evaluation.rules.measured import (
    INSIDE,
    OUTSIDE,
    Counted,
    Measure,
    Only,
    RawBlock,
    RawRow,
    RawSection,
    RawTable,
    Said,
    Withheld,
    only,
)


def how_well(gathered: Gathered) -> RawSection:
    """Return the section of how well the sessions went."""
    return RawSection(
        "how-well",
        "How well",
        (),
        (
            RawSection("straight-after", "What people said straight after", tuple(_feedback(gathered))),
            RawSection("keeping-to-it", "Keeping to the JAGS approach", tuple(approach(gathered))),
            RawSection("observed", "Observations of practice", tuple(observations(gathered))),
            RawSection("audited", "Audits", tuple(audits(gathered))),
        ),
    )


def _feedback(gathered: Gathered) -> Iterator[Only]:
    yield from only(INSIDE, *opinions(gathered.now.held.feedback))
    yield from only(OUTSIDE, *opinions(gathered.outside.feedback))


def opinions(feedback: Feedback) -> Iterator[RawBlock]:
    """Tell how many agreed with each statement, in bands, or why nothing is shown."""
    if feedback.hidden:
        yield Paragraph(f"Nothing is shown yet. {feedback.hidden}")
        return
    blocks = (
        f" Answers are counted in whole groups of {feedback.least} or more; the latest may still wait for others."
        if feedback.in_blocks
        else ""
    )
    yield Paragraph(
        f"{feedback.answers:,} of {plural(feedback.invited, 'person')} asked answered, about {plural(feedback.sessions, 'session')}. "
        f"What the others would have said is not known.{blocks}".replace("persons", "people")
    )
    yield RawTable(
        "opinions",
        "How many agreed or strongly agreed",
        "Statement",
        (Column("agreed", "Agreed", "opinions"), Column("answers", "Answers")),
        tuple(
            RawRow(one.words, (Said(one.band), Counted(one.n)))
            if one.band
            else RawRow(one.words, (Withheld(hidden_text(feedback, one.n)),) * 2)
            for one in feedback.opinions
        ),
        Measure.OPINIONS,
    )
