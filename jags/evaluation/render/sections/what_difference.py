"""What difference: what people say some weeks later, and accounts of requesters."""

from collections.abc import Iterator

from jags.evaluation.render.figures import hidden_text
from jags.evaluation.render.sections.side_by_side import plural
from jags.evaluation.render.sections.voices import accounts
from jags.evaluation.rules import Later
from jags.evaluation.rules.document import Column, Paragraph
from jags.evaluation.rules.gathered import Gathered
from jags.evaluation.rules.measured import (
    INSIDE,
    OUTSIDE,
    Counted,
    Measure,
    RawBlock,
    RawRow,
    RawSection,
    RawTable,
    Said,
    Withheld,
    only,
)


def what_difference(gathered: Gathered) -> RawSection:
    """Return the section of what difference the sessions made."""
    return RawSection(
        "what-difference",
        "What difference",
        (),
        (
            RawSection(
                "weeks-later",
                "Some weeks later",
                (
                    *only(INSIDE, *_later(gathered.now.held.later)),
                    *only(OUTSIDE, *_later(gathered.outside.later)),
                ),
            ),
            RawSection("accounts", "Accounts from requesters", tuple(accounts(gathered))),
        ),
    )


def _later(later: Later) -> Iterator[RawBlock]:
    if later.hidden:
        yield Paragraph(f"Nothing is shown yet. {later.hidden}")
        return
    yield Paragraph(
        f"{later.answers:,} of {plural(later.invited, 'person')} asked answered, about {plural(later.sessions, 'session')}. Then and now were "
        "asked together: it is what people remember, and other things changed meanwhile.".replace(
            "persons", "people"
        )
    )
    yield RawTable(
        "then-and-now",
        "Then and now",
        "What was asked",
        (Column("told", "Told", "later"), Column("answers", "Answers")),
        tuple(
            RawRow(line.words, (Said(line.told), Counted(line.n)))
            if line.told
            else RawRow(line.words, (Withheld(hidden_text(later, line.n)),) * 2)
            for line in later.lines
        ),
        Measure.OPINIONS,
    )
