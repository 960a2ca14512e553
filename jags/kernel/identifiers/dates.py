"""Dates of birth: which dates in a text are likely to be one, and which are days on which something happens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from jags.kernel.identifiers.finding import Finding, Kind
from jags.kernel.identifiers.reading import DIGITS

# The ages that a JAGS is about, in years [design]. What happened this year or last is nearly always an event, so
# that a date of somebody younger than this counts only where a word of birth stands beside it.
_YOUNGEST, _OLDEST = 2, 25
_BEFORE, _AFTER = 60, 45
_LAST_DAY, _LAST_MONTH = 31, 12
_SHORT_YEAR = 2

_MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_ORDINAL = (
    r"(?:twenty|thirty)[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|first|second|third|fourth|fifth"
    r"|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth"
    r"|eighteenth|nineteenth|twentieth|thirtieth"
)
# A year in four digits, or in two where nothing follows that would make them a time or a number of something.
_YEAR = r"(?P<year>(?:19|20)\d\d(?!\d)|'\d\d(?!\d)|\d\d(?= ?(?:[,;)\]\n]|\.(?!\d)|-(?!\d)|$|\b(?:and|who|is|was|so|now)\b)))"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        # 12/03/2008, 12.3.08, 12 - 03 - 2008, 12 03 2008; also 03/25/2008, as some systems write it.
        r"(?<![\d/.,£$-])(?P<day>\d{1,2}) ?(?P<by>[/.\-\\_|]) ?(?P<month>\d{1,2}) ?(?P=by) ?(?P<year>(?:19|20)?\d\d)(?![\d/]|[.:-]\d)",
        r"(?<![\d/.,£$-])(?P<day>\d{2}) (?P<month>\d{2}) (?P<year>(?:19|20)\d\d)(?![\d/]|[.:-]\d)",
        # 3 3 2008, 12 03 08, 25/12: only with a word of birth.
        r"(?<![\d/.,£$-])(?P<bare>(?P<day>\d{1,2}) (?P<month>\d{1,2}) (?P<year>(?:19|20)?\d\d))(?![\d/]|[.:-]\d)",
        r"(?<![\d/.,£$-])(?P<bare>(?P<day>\d{1,2})/(?P<month>\d{1,2}))(?P<year>)(?![\d/]|[.:-]\d)",
        # 2008-03-12
        r"(?<![\d/.-])(?P<year>(?:19|20)\d\d)(?P<by>[/._|-])(?P<month>\d{1,2})(?P=by)(?P<day>\d{1,2})(?!\d|[/.-]\d)",
        # 12 March 2008, 3rd of March 2008, 12-Mar-08, 12Mar08, 12 March
        rf"(?<![\d/.:£$])\b{_DAY}(?:st|nd|rd|th)?+(?: ?day)?+(?:,? of)?+[-./ \n]{{0,2}}+(?P<month>{_MONTHS})(?![a-z])\.?+(?:,?+[-./ \n]{{0,2}}+{_YEAR})?+",
    )
)
# March 12th, 2008: the month is looked for before the day.
_MONTH_BEFORE = re.compile(rf"\b(?P<month>{_MONTHS})(?:\.? |[-./])(?:the )?$", re.IGNORECASE)
_LONGEST_MONTH = 15
_DAY_AND_YEAR = re.compile(
    rf"(?P<month>){_DAY}(?:st|nd|rd|th)?(?!\d|[:.]\d|[ap]m)(?:(?:,? |[-./]){_YEAR})?", re.IGNORECASE
)
# the twelfth of March 2008: looked for only where such a word stands at all.
_IN_WORDS = re.compile(
    rf"\b(?P<day>{_ORDINAL}) (?:of )?(?P<month>{_MONTHS})(?![a-z])(?:,? {_YEAR})?+", re.IGNORECASE
)
_ENDS_OF_ORDINALS = (
    "first",
    "second",
    "third",
    "fth",
    "fourth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "venth",
    "teenth",
    "tieth",
)
# 12032008, 120308, 20080312: only straight after a word of birth.
_RUN_TOGETHER = re.compile(r"(?<!\d)(?:\d{8}|\d{6})(?!\d)")

_BIRTH = re.compile(
    r"\bd\.? ?o\.? ?b\b|\bdobs\b|\bd/o/b\b|\bdate[- ]of[- ]birth|\bdates[- ]of[- ]birth|\bbirth[- ]?da(?:y|te)s?\b|\bb-?day\b"
    r"|\b(?:new)?born\b|\bbirth\b"
    r"|\bturn(?:s|ed|ing)? (?:\d{1,2}|sixteen|seventeen|eighteen|nineteen|twenty[- ]?\w{0,5})\b"
    r"|\b(?:be|is|becomes?|are) (?:\d{1,2}|sixteen|seventeen|eighteen)(?= (?:on|this|next)\b)"
    r"|\b\d{1,2}(?:st|nd|rd|th) birthday",
    re.IGNORECASE,
)
_BIRTH_LETTER = re.compile(r"(?<!\w)b(?:\.|:)? ?$")
_BIRTH_AFTER = re.compile(
    r"[ ,(\[\n-]{0,3}+(?:(?!d[. ])(?:is|was|being|when|as|on|she|he|they|his|her|their|the|child's|[a-z]{1,2}\.?(?:'s)?|[a-z]{2,9}'s) ){0,4}+"
    r"(?:d\.? ?o\.? ?b\b|date[- ]of[- ]birth|birth[- ]?da(?:y|te)|born\b)",
    re.IGNORECASE,
)
# What happens on a day: words for meetings and moves, and any verb in the past.
_EVENT = re.compile(
    r"\b(?:meeting|review|conference|appointment|hearing|visit|session|assessment|assessed|strategy|core group|panel|court|order|plan"
    r"|report|letter|e-?mail|referral|call|exam|exams|term|placement|tenancy|contract|training|course|deadline|expir\w{1,6}"
    r"|since|until|till|dated|seen|saw|met|began|begun|start|starts|starting|end|ends|ending|left|leave|leaves|leaving|came|went"
    r"|got|took|told|made|gave|given|given|broke|fell|ran|lost|held|sent|wrote|written|spoke|became|found|section|policy|version|chapter"
    r"|procedure|paragraph|para|minutes|agenda|incident|episode|admission|discharge|arrest|scan|operation|surgery|jab|dose|dosage|prescri\w{1,8}"
    r"|interview|contact|handover|cin|cpc|icpc|rcpc|lac|cla|tac|taf|mace|marac|legislation|act|rota|shift|invoice|score|scores|scored"
    r"|(?!(?:aged|named|called|need|indeed|nicknamed|shared|bed|red)\b)[a-z]{2,14}ed)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"\b(?:since|until|till|from|by|before|after|dated|w/?c|w/?e|week (?:commencing|beginning|ending)|through|during|as (?:of|at)|between"
    r"|up to|version|v|section|chapter|procedure|para|paragraph|point|item|appendix|policy|standard|rev|issue) ?[:.]? ?(?:the )?$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?,? (?:the )?$", re.IGNORECASE
)
_ON = re.compile(r"\bon (?:the )?$", re.IGNORECASE)
_TO = re.compile(r"[ \n]?(?:to|until|till|-) ?\d", re.IGNORECASE)
_THEN_CLOCK = re.compile(r",? ?(?:at|@|from)? ?\d{1,2}(?:[:.]\d\d| ?[ap]m\b)", re.IGNORECASE)
_LISTED = re.compile(r"[ ,;&\n]{0,3}(?:and|or|then|to|until|till|-)? ?")
# Said of a date of birth itself: "given as", "recorded as".
_GIVEN = re.compile(r"\b(?:given|found|recorded|noted|stated|listed|entered|confirmed|registered|written)\b")
_GIVEN_AS = re.compile(
    r"\b(?:given|recorded|noted|stated|listed|entered|confirmed|registered|written)\b[^.;\n]{0,30} as $"
)
_PART = re.compile(r"[,;:()]|[.!?] | - ")
_NEW_SENTENCE = re.compile(r"[.!?]\s{1,3}(?=[A-Z])|;|\n\s{0,3}\n")


@dataclass(frozen=True)
class _Day:
    """A date that was read; without a year only the day and the month are known."""

    start: int
    end: int
    year: int | None = None
    month: int = 0
    day: int = 0


def birth_dates(read: str, *, today: date) -> Iterator[Finding]:
    """Yield the dates of a text that look like somebody's date of birth; `reading.plain` has read it.

    With a word of birth beside it any date counts; without one, a date with a year that makes somebody a child, a young
    person or a young adult, unless the words around it say that something happened on that day.
    """
    before: _Day | None = None
    was_birth = False
    for found in sorted(_days(read, today), key=lambda one: (one.start, -one.end)):
        # Days that are listed are of one sort: "excluded 11 May 2023 and 4 October 2023".
        if before is not None and _LISTED.fullmatch(read, before.end, found.start):
            is_birth = was_birth
        else:
            is_birth = _has_birth_word(read, found) or (
                _is_of_age(found, today) and not _is_event(read, found)
            )
        if is_birth:
            yield Finding(Kind.BIRTH_DATE, found.start, found.end)
        before, was_birth = found, is_birth


def _days(read: str, today: date) -> Iterator[_Day]:
    for group in DIGITS.finditer(read):
        start = group.start()
        for shape in _SHAPES:
            match = shape.match(read, start)
            found = match and _day(match, match["month"], today)
            if match and found:
                yield _Day(start, match.end(), *found)
        month = _MONTH_BEFORE.search(read, max(0, start - _LONGEST_MONTH), start)
        match = month and _DAY_AND_YEAR.match(read, start)
        found = month and match and _day(match, month["month"], today)
        if month and match and found:
            yield _Day(month.start(), match.end(), *found)
        if match := _RUN_TOGETHER.match(read, start):
            yield _Day(start, match.end())
    small = read.lower()
    if any(word in small for word in _ENDS_OF_ORDINALS):
        for match in _IN_WORDS.finditer(read):
            found = _day(match, match["month"], today)
            if found:
                yield _Day(match.start(), match.end(), *found)


def _day(match: re.Match[str], named: str, today: date) -> tuple[int | None, int, int] | None:
    """Return year, month and day of a match, or None where there is no such day or month."""
    said = match["day"]
    day = int(said) if said.isdigit() else 0
    month = int(named) if named.isdigit() else _MONTH_NUMBER[named[:3].lower()]
    # Some systems write the month first; with a short year it is a fraction or a list of something.
    if named.isdigit() and day <= _LAST_MONTH < month <= _LAST_DAY and len(match["year"]) > _SHORT_YEAR:
        day, month = month, day
    if month > _LAST_MONTH or day > _LAST_DAY or (named.isdigit() and 0 in {day, month}):
        return None
    bare = "bare" in match.re.groupindex
    return None if bare else _full(match["year"], today), month, day


_MONTH_NUMBER = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}


def _full(year: str | None, today: date) -> int | None:
    """Return a year in four digits; one of two digits is the newest that is not to come."""
    if not year:
        return None
    number = int(year.lstrip("'"))
    if len(year.lstrip("'")) > _SHORT_YEAR:
        return number
    century = today.year - today.year % 100
    return century + number if century + number <= today.year else century - 100 + number


def _is_of_age(found: _Day, today: date) -> bool:
    if found.year is None:
        return False
    before_birthday = (today.month, today.day) < (found.month, found.day)
    return _YOUNGEST <= today.year - found.year - before_birthday <= _OLDEST


def _has_birth_word(read: str, found: _Day) -> bool:
    before = read[max(0, found.start - _BEFORE) : found.start]
    beside = _BIRTH_LETTER.search(before) or _BIRTH_AFTER.match(read, found.end, found.end + _AFTER)
    if found.month and beside:
        return True
    words = list(_BIRTH.finditer(before))
    if not words:
        return False
    between = before[words[-1].end() :]
    if not found.month:
        return len(between) <= len(" is: ")
    if _GIVEN_AS.search(between):
        return True
    return not _EVENT.search(_GIVEN.sub("", between)) and not _NEW_SENTENCE.search(between)


def _is_event(read: str, found: _Day) -> bool:
    """Tell whether the words around a date say that something happened, or happens, on it."""
    before = read[max(0, found.start - _BEFORE) : found.start]
    after = read[found.end : found.end + _AFTER]
    if _SINCE.search(before) or _WEEKDAY.search(before) or _THEN_CLOCK.match(after) or _TO.match(after):
        return True
    *_, clause = _NEW_SENTENCE.split(before)
    then = _NEW_SENTENCE.split(after)[0]
    if _ON.search(before):
        return bool(_EVENT.search(clause) or _EVENT.search(then))
    # Without "on" only what stands beside the date speaks for an event: its own part of the sentence or the three words
    # before it, and the four words after it where no comma parts them.
    beside = " ".join((_PART.split(clause)[-1], *clause.split()[-3:]))
    following = "" if then.startswith(",") else " ".join(then.split()[:4])
    return bool(_EVENT.search(beside) or _EVENT.search(following))
