"""What people wrote: words beside the figures of a section, recommendations, and the scrutineer's own statement."""

from dataclasses import replace
from datetime import date

from jags.evaluation.rules.document import Paragraph, Recommendation
from jags.evaluation.rules.gathered import Gathered, Written
from jags.evaluation.rules.measured import RawSection


def with_words(section: RawSection, written: Written) -> RawSection:
    """Return a section with what was written beside its figures, after what it says of itself."""
    text = written.parts.get(section.key, "")
    if not text:
        return section
    return replace(section, blocks=(*section.blocks, Paragraph(text)))


def recommendations(gathered: Gathered) -> RawSection:
    """Return the section of what should be done, by whom and by when."""
    found = gathered.written.recommendations
    blocks = tuple(
        Recommendation(text, owner, date.fromisoformat(due) if due else None) for text, owner, due in found
    )
    if not blocks:
        return RawSection(
            "recommendations", "Recommendations", (Paragraph("No recommendation has been written."),)
        )
    return RawSection("recommendations", "Recommendations", blocks)


def statement(written: Written) -> tuple[RawSection, ...]:
    """Return the scrutineer's own statement, where there is one."""
    text = written.statement
    return (RawSection("statement", "The scrutineer’s statement", (Paragraph(text),)),) if text else ()
