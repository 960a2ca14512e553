"""Turn typed ages, plans, reasons, routes, agencies and people into choices; what does not fit is told, never guessed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from jags.accounts.rules import spelling
from jags.importing.rules.guard import without_notes
from jags.kernel.addresses import checked_email
from jags.kernel.errors import Invalid
from jags.requests.rules import AgeBand, NetworkContact, Plan, Reason

Choice = TypeVar("Choice", bound=StrEnum)

# The last whole year of each band; "unborn" has none.
_LAST_YEARS = (
    (4, AgeBand.UNDER_FIVE),
    (10, AgeBand.FIVE_TO_TEN),
    (13, AgeBand.ELEVEN_TO_THIRTEEN),
    (15, AgeBand.FOURTEEN_FIFTEEN),
    (17, AgeBand.SIXTEEN_SEVENTEEN),
    (21, AgeBand.EIGHTEEN_TO_TWENTY_ONE),
    (25, AgeBand.TWENTY_TWO_TO_TWENTY_FIVE),
)
_AGE = re.compile(
    r"(?P<unborn>unborn)"
    r"|(?P<low>\d{1,2})\s*(?:-|–|to)\s*(?P<high>\d{1,2})(?!\d)(?:\s*(?:years?|yrs?)\b)?"
    r"|(?P<small>\d{1,2})\s*(?P<unit>months?|weeks?|days?)\b(?:\s*old\b)?"
    r"|(?P<age>\d{1,2})(?!\d)(?:\s*(?:years?|yrs?|y/?o)\b)?(?:\s*old\b)?"
)
_BETWEEN_AGES = re.compile(r"(?:[\s,;/&+]|\b(?:and|aged?|ages|baby)\b)*")
_MONTHS_A_YEAR = 12

PLANS: Mapping[str, Plan] = {
    "universal": Plan.UNIVERSAL,
    "universal services": Plan.UNIVERSAL,
    "early help": Plan.EARLY_HELP,
    "family help": Plan.EARLY_HELP,
    "early help / family help": Plan.EARLY_HELP,
    "child in need": Plan.CHILD_IN_NEED,
    "child in need plan": Plan.CHILD_IN_NEED,
    "child in need s.17": Plan.CHILD_IN_NEED,
    "s.47": Plan.SECTION_47,
    "section 47": Plan.SECTION_47,
    "child protection": Plan.CHILD_PROTECTION,
    "child protection plan": Plan.CHILD_PROTECTION,
    "looked after": Plan.LOOKED_AFTER,
    "looked after child": Plan.LOOKED_AFTER,
    "leaving care pathway plan": Plan.PATHWAY_PLAN,
    "leaving-care pathway plan": Plan.PATHWAY_PLAN,
    "pathway plan": Plan.PATHWAY_PLAN,
    "ehc plan": Plan.EHC_PLAN,
    "ehcp": Plan.EHC_PLAN,
    "education, health and care plan": Plan.EHC_PLAN,
    "exploitation plan": Plan.EXPLOITATION_PLAN,
    "youth justice order": Plan.YOUTH_JUSTICE_ORDER,
    "adult s.42": Plan.ADULT_SECTION_42,
    "adult section 42": Plan.ADULT_SECTION_42,
    "care and support plan": Plan.CARE_AND_SUPPORT_PLAN,
    "none": Plan.NONE,
    "no plan": Plan.NONE,
    "not known": Plan.NOT_KNOWN,
    "unknown": Plan.NOT_KNOWN,
    "don't know": Plan.NOT_KNOWN,
}

REASONS: Mapping[str, Reason] = {
    "feels stuck": Reason.STUCK,
    "stuck": Reason.STUCK,
    "complex": Reason.COMPLEX,
    "complex situation": Reason.COMPLEX,
    "drift": Reason.DRIFT,
    "drift in the work": Reason.DRIFT,
    "emotional impact": Reason.EMOTIONAL_IMPACT,
    "emotional impact on practitioners": Reason.EMOTIONAL_IMPACT,
    "differing perspectives": Reason.DIFFERING_PERSPECTIVES,
    "different perspectives": Reason.DIFFERING_PERSPECTIVES,
    "different perspectives in the network": Reason.DIFFERING_PERSPECTIVES,
    "strained relationships": Reason.STRAINED_RELATIONSHIPS,
    "power imbalance": Reason.POWER_IMBALANCE,
    "understanding each other's roles": Reason.UNDERSTANDING_ROLES,
    "harm outside the home": Reason.HARM_OUTSIDE_HOME,
    "family not engaging": Reason.FAMILY_RELATIONSHIP,
    "we are finding it hard to build a relationship with the family": Reason.FAMILY_RELATIONSHIP,
    "approaching 18": Reason.APPROACHING_18,
    "other": Reason.OTHER,
}

_BREAKS = re.compile(r"[;\n]")
# Between two agencies on one line; which of these are part of a name only the known spellings tell.
_JOINTS = re.compile(r"(\s*,\s*|\s*/\s*|\s+(?:and|&)\s+)", re.IGNORECASE)
_MOST_JOINED = 8
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")


@dataclass(frozen=True)
class People:
    """The people of a list, and the addresses that are not written as an address can be."""

    people: tuple[NetworkContact, ...]
    unreadable: tuple[str, ...]


def age_bands(text: str) -> frozenset[AgeBand] | None:
    """Return the age bands of a typed age, such as "17 (18 in March)", "15 and 12", "unborn" or "11 years".

    What stands in brackets is a remark and does not count. None means that the text cannot be read as ages from before
    birth to 25 years.
    """
    plain = re.sub(r"\([^()]*\)", " ", text.casefold())
    bands: set[AgeBand] = set()
    position = 0
    for found in _AGE.finditer(plain):
        part = _bands_of(found)
        if part is None or not _BETWEEN_AGES.fullmatch(plain[position : found.start()]):
            return None
        bands |= part
        position = found.end()
    return frozenset(bands) if bands and _BETWEEN_AGES.fullmatch(plain[position:]) else None


def choices(text: str, words: Mapping[str, Choice]) -> tuple[frozenset[Choice], tuple[str, ...]]:
    """Return the choices of a list that is separated by semicolons or line ends, and the entries that are none."""
    found: set[Choice] = set()
    unknown = []
    for entry in split_list(text):
        choice = words.get(spelling(entry))
        if choice is None:
            unknown.append(entry)
        else:
            found.add(choice)
    return frozenset(found), tuple(unknown)


def split_list(text: str) -> tuple[str, ...]:
    """Split at semicolons and line ends; empty entries do not count."""
    return tuple(entry for entry in (part.strip() for part in _BREAKS.split(text)) if entry)


def split_agencies(text: str, known: Callable[[str], bool]) -> tuple[str, ...]:
    """Split a list of agencies by semicolons, line ends, commas, slashes and "and".

    A name may itself hold a comma, a slash or "and": the longest known name wins. What is not known is parted at commas
    and at slashes with spaces only. Each agency is returned once, in the order in which it was typed.
    """
    names: dict[str, str] = {}
    for entry in split_list(text):
        for name in _agencies_on_a_line(without_notes(entry), known):
            names.setdefault(spelling(name), name)
    return tuple(names.values())


def split_people(text: str) -> People:
    """Read a list of people: addresses, names with an address, or names alone.

    Several people may share an address; the same name with the same address counts once. Where it is not clear which
    name goes with which address, the names are told apart as unreadable.
    """
    people: dict[tuple[str, str], NetworkContact] = {}
    unreadable: list[str] = []
    for entry in split_list(text):
        parts = [entry] if len(_ADDRESS.findall(entry)) == 1 else entry.split(",")
        for part in parts:
            for person in _people_of(part, unreadable):
                people.setdefault((spelling(person.name), person.email.casefold()), person)
    return People(tuple(people.values()), tuple(unreadable))


def email_address(text: str) -> str | None:
    """Return an e-mail address as it is stored, or None when it is not one."""
    try:
        return checked_email(text)
    except Invalid:
        return None


def locality_of(text: str, localities: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the locality of a spelling or a town, None when it is not one of ours."""
    wanted = spelling(text)
    for locality, aliases in localities.items():
        if wanted in {spelling(locality), *(spelling(alias) for alias in aliases)}:
            return locality
    return None


def route_of(text: str, routes: Mapping[str, str]) -> str | None:
    """Return the code of another route from its words, None when it is none of ours.

    The words are taken in full, without what stands in brackets, only what stands in brackets, or as the code is read.
    """
    wanted = spelling(text)
    for code, words in routes.items():
        bare, _, bracketed = words.partition("(")
        ways = {spelling(words), spelling(bare), spelling(bracketed.rstrip(") ")), code.replace("_", " ")}
        if wanted and wanted in ways:
            return code
    return None


def _people_of(part: str, unreadable: list[str]) -> list[NetworkContact]:
    addresses = [address.rstrip(".") for address in _ADDRESS.findall(part)]
    name = " ".join(_ADDRESS.sub(" ", part).split()).strip(' ,<>()[]"-–:')
    wrong = [address for address in addresses if email_address(address) is None]
    unreadable.extend(wrong)
    good = [email_address(address) or "" for address in addresses if address not in wrong]
    if len(addresses) > 1:
        unreadable.extend([name] if name else [])
        return [NetworkContact(email=address) for address in good]
    if "@" in name:
        unreadable.append(name)
    # An address that cannot be one stands in for a name that is missing, so that nobody is lost.
    person = NetworkContact(name=name or " ".join(wrong), email=" ".join(good))
    return [] if person == NetworkContact() else [person]


def _bands_of(found: re.Match[str]) -> frozenset[AgeBand] | None:
    if found["unborn"]:
        return frozenset({AgeBand.UNBORN})
    if found["small"]:
        years = int(found["small"]) // _MONTHS_A_YEAR if found["unit"].startswith("month") else 0
        return _span(years, years)
    if found["low"]:
        return _span(int(found["low"]), int(found["high"]))
    return _span(int(found["age"]), int(found["age"]))


def _span(low: int, high: int) -> frozenset[AgeBand] | None:
    oldest = _LAST_YEARS[-1][0]
    if low > high or high > oldest:
        return None
    return frozenset(
        next(band for last, band in _LAST_YEARS if year <= last) for year in range(low, high + 1)
    )


def _agencies_on_a_line(line: str, known: Callable[[str], bool]) -> list[str]:
    pieces = _JOINTS.split(line)
    names: list[str] = []
    # `loose` is true while the last name is an unknown one that may go on.
    position, loose = 0, False
    while position < len(pieces):
        taken = _longest_known(pieces, position, known)
        if taken:
            names.append("".join(pieces[position : position + taken]).strip())
            loose = False
        else:
            taken = 1
            joint = pieces[position - 1] if position else ","
            if loose and joint.strip() != "," and joint != " / ":
                names[-1] += joint + pieces[position].strip()
            else:
                names.append(pieces[position].strip())
            loose = True
        position += taken + 1
    return [name for name in names if name]


def _longest_known(pieces: list[str], position: int, known: Callable[[str], bool]) -> int:
    for taken in range(2 * _MOST_JOINED - 1, 0, -2):
        if position + taken <= len(pieces) and known("".join(pieces[position : position + taken])):
            return taken
    return 0
