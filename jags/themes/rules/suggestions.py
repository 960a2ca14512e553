"""Suggest themes for a text by a list of phrases that anybody can read; a suggestion shows why, and is never applied alone."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from jags.themes.rules.frame import Theme


@dataclass(frozen=True)
class Suggestion:
    """A theme whose phrase stands in a text: the phrase as it is listed, and the words of the text at `start` to `end`."""

    key: str
    phrase: str
    found: str
    start: int
    end: int


def suggested(text: str, themes: Iterable[Theme]) -> tuple[Suggestion, ...]:
    """Return for each theme the first place of the text at which one of its phrases stands; case does not count."""
    found = []
    for theme in themes:
        hits = [
            Suggestion(theme.key, phrase, match[0], match.start(), match.end())
            for phrase in theme.wording.phrases
            if (match := _pattern(phrase).search(text))
        ]
        if hits:
            found.append(min(hits, key=lambda one: (one.start, one.phrase)))
    return tuple(found)


@lru_cache(maxsize=2000)
def _pattern(phrase: str) -> re.Pattern[str]:
    words = [
        re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "")
        for word in phrase.replace("'", "’").split()
    ]
    # Typed apostrophes are straight or curly.
    joined = r"\s+".join(words).replace("’", "['’]")
    return re.compile(rf"(?<!\w){joined}(?!\w)", re.IGNORECASE)
