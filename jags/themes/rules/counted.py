"""What is told of themes: in how many agreed texts each was found."""

from dataclasses import dataclass

from jags.themes.rules.frame import Theme


@dataclass(frozen=True)
class ThemeCount:
    """In how many agreed texts a theme was found."""

    theme: Theme
    texts: int


@dataclass(frozen=True)
class ThemesCounted:
    """The themes of a period, those of each group in the order of the frame; `texts` were read and agreed, `waiting` were not."""

    texts: int
    waiting: int
    themes: tuple[ThemeCount, ...]


NO_THEMES = ThemesCounted(0, 0, ())
