"""In people's own words: comments that may be quoted, and accounts of requesters; never beside what was scored."""

from collections.abc import Iterator

from jags.evaluation.render.sections.side_by_side import plural
from jags.evaluation.rules.document import Paragraph, Quote
from jags.evaluation.rules.gathered import Gathered
from jags.evaluation.rules.measured import INSIDE, NOT_PUBLIC, Only, RawBlock, RawSection, only


def quotes(gathered: Gathered) -> RawSection:
    """Return the section of comments whose writers let us quote them, as chosen for this report."""
    chosen = gathered.written.quotes
    able = gathered.practised.quotable
    blocks: list[RawBlock | Only] = []
    if chosen:
        blocks.append(
            Paragraph(
                "These people let us quote them. Nobody knows who they are, or at which session they were; comments belong to no score. They are from the answers that this report tells of."
            )
        )
        blocks += [Quote(text, "Somebody who took part") for text in chosen]
    else:
        blocks.append(Paragraph("No comment is quoted in this report."))
    if able and not chosen:
        may = "comment may be quoted: it is" if able == 1 else "comments may be quoted: they are"
        blocks += only(
            INSIDE, Paragraph(f"{able:,} {may} chosen where words are written beside the figures.")
        )
    return RawSection("quotes", "In people’s own words", tuple(blocks))


def accounts(gathered: Gathered) -> Iterator[RawBlock | Only]:
    """Tell how many requesters gave an account some weeks later, and for named readers those that were chosen."""
    given = gathered.practised.accounts
    held = gathered.now.held.taking_part.sessions
    if not given:
        yield Paragraph("No requester has told yet what the young person or family has said or shown since.")
        return
    yield Paragraph(
        f"Requesters are asked one question under their name, some weeks after the session: what the young person or family has said or shown "
        f"since. For {given:,} of {plural(held, 'session')} held in this period they gave an account. It is what one person saw and heard, not proof."
    )
    yield from only(NOT_PUBLIC, *(Quote(text, "A requester’s account") for text in gathered.written.accounts))
