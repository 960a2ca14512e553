"""Join and count things as people say them."""

from collections.abc import Iterable

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def count_in_words(number: int) -> str:
    """Return a number as a word up to ten, in figures beyond."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)


def hours_in_words(number: int) -> str:
    """Return so many hours as "two hours"."""
    return f"{count_in_words(number)} {'hour' if number == 1 else 'hours'}"


def length_in_words(minutes: int) -> str:
    """Return a length in minutes as "two hours", or as "90 minutes" where it is not whole hours."""
    return f"{minutes} minutes" if minutes % 60 or not minutes else hours_in_words(minutes // 60)


def listing(values: Iterable[object], last: str = "and") -> str:
    """Return things as "a, b and c"."""
    *rest, final = [str(value) for value in values] or [""]
    return f"{', '.join(rest)} {last} {final}" if rest else final
