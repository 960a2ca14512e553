"""What is told of themes: in how many agreed texts each was found."""

from collections.abc import Mapping
from dataclasses import dataclass

from jags.themes.rules import TextSource
from jags.themes.rules.frame import Theme


@dataclass(frozen=True)
class ThemeCount:
    """In how many agreed texts a theme was found, by where the texts come from."""

    theme: Theme
    texts: int
    by_source: Mapping[TextSource, int]


@dataclass(frozen=True)
class ThemesCounted:
    """The themes of a period, those of each group in the order of the frame; `texts` were read and agreed, `waiting` were not."""

    texts: int
    waiting: int
    themes: tuple[ThemeCount, ...]
