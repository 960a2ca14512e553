"""NHS numbers: ten digits with a check digit, in the spacings that people use."""

import re
from collections.abc import Iterator

from jags.kernel.identifiers.finding import Finding, Kind
from jags.kernel.identifiers.reading import DIGITS

_DIGITS = 10
# Groups of digits that belong together: one space, hyphen, stop, comma, stroke or bracket between them, spaced or not.
_BETWEEN = re.compile(r" ?[-./,_()]? ?")
_MOST_BETWEEN = 3
_USUAL = frozenset({(10,), (3, 3, 4), (3, 4, 3), (4, 3, 3), (5, 5), (4, 6), (6, 4), (3, 7), (7, 3)})
# Any other grouping counts where the words stand shortly before.
_NAMED = re.compile(r"\bnhs\b", re.IGNORECASE)
_NAMED_WITHIN = 25
# Read out in pairs it is one too, unless a word before says that something is counted.
_PAIRS = (2, 2, 2, 2, 2)
_COUNTED = re.compile(
    r"\b(?:scores?|scored|marks?|grades?|points|ages|aged|results?|readings?|weights?|rooms?|numbers of|lottery)\b",
    re.IGNORECASE,
)


def nhs_numbers(read: str) -> Iterator[Finding]:
    """Yield the NHS numbers of a text that `reading.plain` has read.

    A number of ten digits whose check digit is wrong is somebody's reference and passes, and so does a telephone number.
    """
    groups = [(found.start(), found.end()) for found in DIGITS.finditer(read)]
    after = 0
    for first, (start, _) in enumerate(groups):
        if start < after or not _begins(read, groups, first):
            continue
        run = _ten_digits(read, groups[first : first + _DIGITS])
        if not run:
            continue
        end = run[-1][1]
        digits = "".join(read[a:b] for a, b in run)
        sizes = tuple(b - a for a, b in run)
        before = (max(0, start - _NAMED_WITHIN), start)
        usual = sizes in _USUAL or (sizes == _PAIRS and not _COUNTED.search(read, *before))
        if (
            (usual or _NAMED.search(read, *before))
            and not read[end : end + 1].isalnum()
            and is_nhs_number(digits)
        ):
            after = end
            yield Finding(Kind.NHS_NUMBER, start, end)


def is_nhs_number(digits: str) -> bool:
    """Tell whether ten digits carry the right check digit (modulus 11, weights 10 to 2).

    What begins with 0 is a Scottish number only where it begins with a day and a month; otherwise it is a telephone number.
    """
    if digits[0] == "0" and not (1 <= int(digits[:2]) <= 31 and 1 <= int(digits[2:4]) <= 12):  # noqa: PLR2004 - A day and a month.
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11 == int(digits[9])


def _begins(read: str, groups: list[tuple[int, int]], first: int) -> bool:
    """Tell whether a number can begin at a group: not inside a word, nor where a telephone number goes on."""
    start = groups[first][0]
    before = read[max(0, start - 4) : start]
    if before.endswith(("+", "(0)", "(0) ")):
        return False
    if before[-1:].isalpha() and not before.lower().endswith(("nhs", "no")):
        return False
    if first == 0:
        return True
    left, right = groups[first - 1]
    earlier = read[left:right]
    beside = start - right <= 1
    code = earlier in {"44", "0044"} or (earlier[0] == "0" and len(earlier) > 2)  # noqa: PLR2004 - An area code has three digits or more.
    return not (beside and code)


def _ten_digits(read: str, groups: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the groups from the first on that have ten digits together; none when they do not come out at ten."""
    count, between = 0, None
    for index, (start, end) in enumerate(groups):
        if index:
            gap = read[groups[index - 1][1] : start]
            if len(gap) > _MOST_BETWEEN or not _BETWEEN.fullmatch(gap):
                return []
            # The same stands between all of them; brackets around a group are as good as spaces.
            sign = gap.strip(" ()")
            if between is not None and sign != between:
                return []
            between = sign
        count += end - start
        if count >= _DIGITS:
            return groups[: index + 1] if count == _DIGITS else []
    return []
