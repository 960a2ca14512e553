"""What was learnt: the themes and principles that two readers found in what people wrote, by group."""

from collections.abc import Iterator

from jags.evaluation.render.sections.practice import principles
from jags.evaluation.render.sections.side_by_side import plural
from jags.evaluation.rules.document import Column, Paragraph
from jags.evaluation.rules.editions import band_of
from jags.evaluation.rules.gathered import Gathered
from jags.evaluation.rules.measured import (
    INSIDE,
    OUTSIDE,
    Counted,
    RawBlock,
    RawRow,
    RawSection,
    RawTable,
    Said,
    only,
)
from jags.quality.rules.approach import Told
from jags.themes.rules.counted import ThemeCount, ThemesCounted

# Fewer texts are told of inside alone, as opinions are.
LEAST_OUTSIDE = 10
_NONE = "No text of this period was read for themes by two people and agreed."
_FEW = "Too few texts were read for themes by two people and agreed to tell of them."


def themes(gathered: Gathered) -> RawSection:
    """Return the section of themes; outside the Business Unit counts stand in bands, and only from ten texts on."""
    counted, outside = gathered.themes, gathered.themes_outside
    if not counted.texts and not outside.texts:
        return RawSection("themes", "Themes and principles", (Paragraph(_NONE),), _principles(gathered))
    few = outside.texts < LEAST_OUTSIDE
    return RawSection(
        "themes",
        "Themes and principles",
        (
            *only(INSIDE, *(_told(counted, whole=True) if counted.texts else [Paragraph(_NONE)])),
            *only(OUTSIDE, *([Paragraph(_FEW)] if few else _told(outside, whole=False))),
        ),
        _principles(gathered),
    )


def _principles(gathered: Gathered) -> tuple[RawSection, ...]:
    found = gathered.practised.approach.principles
    texts = gathered.themes.texts or gathered.themes_outside.texts
    if not texts and all(share.told is Told.NOT_RECORDED for _, share in found):
        return ()
    told = tuple(principles(gathered, least_texts=LEAST_OUTSIDE))
    return (RawSection("six-principles", "The six principles", told),)


def _told(counted: ThemesCounted, *, whole: bool) -> Iterator[RawBlock]:
    wait = f"{plural(counted.waiting, 'text')} {'waits' if counted.waiting == 1 else 'wait'} to be read or agreed."
    yield Paragraph(
        f"Two people read {plural(counted.texts, 'text')} each by themselves and agreed on the themes. "
        + (
            wait
            if whole
            else "Texts are counted in whole groups of at least ten; the latest may still wait for others."
        )
    )
    for number, (group, found) in enumerate(_groups(counted).items(), 1):
        yield RawTable(
            f"themes-{number}",
            group,
            "Theme",
            (Column("texts", "Texts"),),
            tuple(_row(one, counted.texts, whole=whole) for one in found),
            note="A text can hold several themes, so the rows do not add up.",
            definition="themes",
        )


def _groups(counted: ThemesCounted) -> dict[str, list[ThemeCount]]:
    """Return the themes that were found, by group."""
    groups: dict[str, list[ThemeCount]] = {}
    for one in counted.themes:
        if one.texts:
            groups.setdefault(one.theme.wording.group, []).append(one)
    return groups


def _row(one: ThemeCount, texts: int, *, whole: bool) -> RawRow:
    cell = Counted(one.texts, texts) if whole else Said(band_of(one.texts))
    return RawRow(one.theme.wording.words, (cell,))
