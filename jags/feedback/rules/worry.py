"""Find words that may be a worry about somebody, so that their writer is asked, before sending, to take it by the normal route."""

import re
from collections.abc import Iterable
from functools import lru_cache


def worrying_words(texts: Iterable[str], phrases: str) -> tuple[str, ...]:
    """Return the phrases of a list, parted by commas, that stand in the texts as whole words, as they were written.

    Nobody is stopped and nothing is kept: the answer is for the writer's own page.
    """
    pattern = _pattern(phrases)
    if pattern is None:
        return ()
    found = (match[0] for text in texts for match in pattern.finditer(text.replace("’", "'")))
    return tuple({word.casefold(): word for word in found}.values())


@lru_cache(maxsize=4)
def _pattern(phrases: str) -> re.Pattern[str] | None:
    listed = [" ".join(phrase.replace("’", "'").split()) for phrase in phrases.split(",")]
    # Longer phrases first, so that "at risk of harm" is found whole; any space between their words will do.
    wanted = sorted(filter(None, listed), key=len, reverse=True)
    if not wanted:
        return None
    spelled = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in wanted)
    return re.compile(rf"(?<!\w)(?:{spelled})(?!\w)", re.IGNORECASE)
