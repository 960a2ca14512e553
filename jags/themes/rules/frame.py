"""The code frame: themes in groups, each with a meaning and phrases; its edits give another version, never change one.

What comes with the software is named in docs/glossary.md; the Business Unit edits it on its pages.
"""

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from jags.kernel.errors import Invalid
from jags.themes.rules import ThemeState

WORDS_MOST = 120
MEANING_MOST = 500
PHRASES_MOST = 20
PHRASE_LEAST, PHRASE_MOST = 3, 60
# So many themes become one, or one becomes, at least.
PARTS_LEAST = 2

# The ways from one state to another; what was merged or split stays retired.
_WAYS = {
    ThemeState.DRAFT: (ThemeState.SHARED, ThemeState.IN_USE, ThemeState.RETIRED),
    ThemeState.SHARED: (ThemeState.DRAFT, ThemeState.IN_USE, ThemeState.RETIRED),
    ThemeState.IN_USE: (ThemeState.RETIRED,),
    ThemeState.RETIRED: (ThemeState.IN_USE,),
}


@dataclass(frozen=True)
class Wording:
    """What the Business Unit writes of a theme: its group, its words, what it means, and phrases that point to it."""

    group: str
    words: str
    meaning: str = ""
    # Whole words; a star at the end of one stands for any ending ("transition*").
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Theme:
    """A theme: its key is for good, so that what was coded with it stays its own."""

    key: str
    wording: Wording
    state: ThemeState = ThemeState.IN_USE
    # The themes that it became when it was merged (one) or split (several).
    became: tuple[str, ...] = ()

    @property
    def ways(self) -> tuple[ThemeState, ...]:
        """Return the states that it can be moved to."""
        return () if self.became else _WAYS[self.state]


Frame = tuple[Theme, ...]


def in_use(frame: Frame) -> Frame:
    """Return the themes that texts are coded with, in their order."""
    return tuple(theme for theme in frame if theme.state is ThemeState.IN_USE)


def groups(frame: Iterable[Theme]) -> dict[str, list[Theme]]:
    """Return themes by group, both in their order."""
    found: dict[str, list[Theme]] = {}
    for theme in frame:
        found.setdefault(theme.wording.group, []).append(theme)
    return found


def theme_of(frame: Frame, key: str) -> Theme | None:
    """Return the theme of a key."""
    return next((theme for theme in frame if theme.key == key), None)


def as_now(frame: Frame, keys: Collection[str]) -> frozenset[str]:
    """Return what codes given earlier mean now: a merged theme is what it became, a split one stays until it is read again."""
    by_key = {theme.key: theme for theme in frame}
    found = set()
    for key in keys:
        now = key
        while now in by_key and len(by_key[now].became) == 1:
            now = by_key[now].became[0]
        found.add(now)
    return frozenset(found)


def split_since(frame: Frame, keys: Collection[str]) -> frozenset[str]:
    """Return those of some codes whose theme was split since, so that somebody has to say which part is meant."""
    return frozenset(
        key for key in as_now(frame, keys) if (theme := theme_of(frame, key)) and len(theme.became) > 1
    )


def add(frame: Frame, wording: Wording) -> Frame:
    """Return the frame with another draft theme; raises `Invalid` at its field."""
    checked = _checked(frame, wording)
    return _in_group(frame, Theme(_new_key(frame, checked.words), checked, ThemeState.DRAFT))


def reword(frame: Frame, key: str, wording: Wording) -> Frame:
    """Return the frame with a theme worded otherwise that means the same; raises `Invalid` at its field."""
    theme = _known(frame, key)
    checked = _checked([one for one in frame if one.key != key], wording)
    changed = replace(theme, wording=checked)
    if changed == theme:
        raise Invalid("Nothing was changed.", field="words")
    return tuple(changed if one.key == key else one for one in frame)


def move(frame: Frame, key: str, state: ThemeState) -> Frame:
    """Return the frame with a theme in another state; raises `Invalid` where there is no such way."""
    theme = _known(frame, key)
    if state not in theme.ways:
        raise Invalid("This theme cannot be moved there from where it stands now.", field="state")
    return tuple(replace(one, state=state) if one.key == key else one for one in frame)


def merge(frame: Frame, keys: Collection[str], wording: Wording) -> Frame:
    """Return the frame with one theme in place of several: what was coded with any of them counts as the new one."""
    old = [theme for theme in in_use(frame) if theme.key in keys]
    if len(old) < PARTS_LEAST or len(old) != len(set(keys)):
        raise Invalid("Select two or more themes that are in use.", field="keys")
    rest = [theme for theme in frame if theme.key not in keys]
    new = Theme(_new_key(frame, wording.words), _checked(rest, wording))
    return _in_group(_retired(frame, {theme.key for theme in old}, (new.key,)), new)


def split(frame: Frame, key: str, wordings: Sequence[Wording]) -> Frame:
    """Return the frame with several themes in place of one: what was coded with it is to be read again."""
    theme = _known(frame, key)
    if theme.state is not ThemeState.IN_USE:
        raise Invalid("Only a theme in use can be split.")
    if len(wordings) < PARTS_LEAST:
        raise Invalid("Enter at least two themes.", field="first")
    changed, rest = frame, [one for one in frame if one.key != key]
    new: list[Theme] = []
    for wording in wordings:
        part = Theme(_new_key((*frame, *new), wording.words), _checked([*rest, *new], wording))
        new.append(part)
    changed = _retired(changed, {key}, tuple(part.key for part in new))
    for part in new:
        changed = _in_group(changed, part)
    return changed


def frame_to_text(frame: Frame) -> str:
    """Return a frame as it is stored."""
    return json.dumps([asdict(theme) for theme in frame], ensure_ascii=False, separators=(",", ":"))


def frame_from_text(text: str) -> Frame:
    """Return a stored frame."""
    return tuple(
        Theme(
            one["key"],
            Wording(
                one["wording"]["group"],
                one["wording"]["words"],
                one["wording"]["meaning"],
                tuple(one["wording"]["phrases"]),
            ),
            ThemeState(one["state"]),
            tuple(one["became"]),
        )
        for one in json.loads(text)
    )


def _known(frame: Frame, key: str) -> Theme:
    theme = theme_of(frame, key)
    if theme is None:
        raise Invalid("There is no such theme.")
    return theme


def _checked(others: Iterable[Theme], wording: Wording) -> Wording:
    for field, text, most in (
        ("group", wording.group, WORDS_MOST),
        ("words", wording.words, WORDS_MOST),
        ("meaning", wording.meaning, MEANING_MOST),
    ):
        if len(text) > most:
            raise Invalid(f"Shorten this to {most} characters or fewer.", field=field)
    if not wording.group:
        raise Invalid("Enter the group that the theme belongs to.", field="group")
    if not wording.words:
        raise Invalid("Enter the theme in a few words.", field="words")
    taken = {one.wording.words.casefold() for one in others if one.state is not ThemeState.RETIRED}
    if wording.words.casefold() in taken:
        raise Invalid("There is a theme with these words already. Enter other words.", field="words")
    phrases = tuple(dict.fromkeys(" ".join(one.split()) for one in wording.phrases if one.strip()))
    if len(phrases) > PHRASES_MOST or any(len(one) > PHRASE_MOST for one in phrases):
        raise Invalid(
            f"Enter up to {PHRASES_MOST} phrases of {PHRASE_MOST} characters or fewer.", field="phrases"
        )
    if any(len(one.rstrip("*")) < PHRASE_LEAST for one in phrases):
        raise Invalid("Enter phrases of three letters or more, one a line.", field="phrases")
    return replace(wording, phrases=phrases)


def _new_key(frame: Iterable[Theme], words: str) -> str:
    taken = {theme.key for theme in frame}
    stem = re.sub(r"[^a-z0-9]+", "-", words.casefold()).strip("-")[:40] or "theme"
    return next(
        key for n in range(1, len(taken) + 2) if (key := stem if n == 1 else f"{stem}-{n}") not in taken
    )


def _in_group(frame: Frame, theme: Theme) -> Frame:
    """Return the frame with a theme behind the last of its group."""
    places = [n for n, one in enumerate(frame) if one.wording.group == theme.wording.group]
    place = places[-1] + 1 if places else len(frame)
    return (*frame[:place], theme, *frame[place:])


def _retired(frame: Frame, keys: Collection[str], became: tuple[str, ...]) -> Frame:
    return tuple(
        replace(one, state=ThemeState.RETIRED, became=became) if one.key in keys else one for one in frame
    )
