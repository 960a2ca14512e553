"""Where somebody lives: postcodes, and street addresses with a number or the name of a house."""

import re
from collections.abc import Iterator

from jags.kernel.identifiers.finding import Finding, Kind
from jags.kernel.identifiers.reading import DIGITS, word_set

# Every postcode area of the United Kingdom, the Crown dependencies and the forces (BF).
_AREAS = word_set(
    "AB AL B BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU GY"
    " HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO"
    " PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_POSTCODE = re.compile(
    r"(?<![a-z0-9])(?:(?P<area>[a-z]{1,2})(?P<district>\d[a-z\d]?)(?P<gap>[ \n-]{0,2}|\.)(?P<inward>\d[abd-hjlnp-uw-z]{2})|gir ?0aa)(?![a-z0-9])",
    re.IGNORECASE,
)
# A letter after the district's number is used in parts of London only.
_LETTERED = frozenset({"E", "EC", "N", "NW", "SE", "SW", "W", "WC"})
_ORDINALS = frozenset({"1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "0th"})
_ROOMS = re.compile(
    r"\b(?:rooms?|ward|bay|bed|block|unit|classroom|class|form|year|locker|desk|plot|stand|gate|platform|route|bus|seat|box|lab|theatre"
    r"|bays?|zone|floor|level|table|cell|column|ref|reference|reg|registration|model|code|type|grade|junction|number plate)"
    r"(?: (?:no|number|id|code))?[.:]? ?$",
    re.IGNORECASE,
)
_SHORTEST = 6
_BEFORE = 30

_NUMBER = r"(?P<number>\d{1,4}+[a-h]?+(?: ?[-/] ?\d{1,4}+[a-h]?+)?+)"
_WORD = r"[A-Z][A-Za-z'.-]{1,20}+"
_SURE = (
    r"Street|Road|Rd|Lane|Ln|Avenue|Ave|Crescent|Cres|Terrace|Mews|Loke|Gdns|Boulevard|Cottages|Maisonettes|Pightle"
    r"|Causeway|Parade|Drove|Close|Drive|Grove"
)
_MAYBE = (
    r"St|Way|Court|Ct|Place|Gardens|Walk|Square|Row|Hill|Park|Rise|View|Green|Mead|Quay|Wharf|Yard|Gate|Chase|Croft|Fields?|Meadows?"
    r"|Heath|Common|Broadway|End|Circus|Bank|Path|Plain|Approach|Villas|Buildings|House|Lodge|Farm|Cottage|Broad|Marsh|Corner|Estate"
)
_STREET = re.compile(
    rf"(?<![\w£$./:-]){_NUMBER},? (?:(?:{_WORD} ){{1,3}}(?:{_SURE}|{_MAYBE})|The (?:{_SURE}|Green|Hill|Row|Square|Common|Broadway|Heath))\b",
)
_STREET_SMALL = re.compile(
    rf"(?<![\w£$./:-]){_NUMBER},? (?:the street(?= ?(?:[,.;)]|$|in\b))|(?P<words>(?:[a-z'-]{{2,20}}+ ){{1,2}})(?:{_SURE})\b)",
    re.IGNORECASE,
)
_FLAT = re.compile(
    rf"\b(?i:flat|apartment|apt|caravan|maisonette) \d{{1,4}}+[A-Za-z]?+,?+ (?:\d{{1,4}}+[a-h]?+,?+ )?+(?:{_WORD} ){{1,3}}(?:{_SURE}|{_MAYBE})\b"
    rf"|\b(?i:flat \d{{1,4}}+[a-z]?+,?+ (?:at )?+\d{{1,4}}+[a-h]?+,?+ (?:[a-z'.-]{{2,20}}+ ){{1,3}}?(?:{_SURE}))\b",
)
_FLATS = ("flat", "apartment", "apt", "caravan", "maisonette")
_HOUSES = ("Cottage", "Farm", "Lodge", "Barn", "Villa", "Bungalow", "House")
_NAMED_HOUSE = re.compile(
    rf"\b(?:{_WORD} ){{1,2}}(?:Cottage|Farm|Farmhouse|Lodge|Barn|Villa|Bungalow|House),? (?:{_WORD} ){{1,2}}(?:{_SURE})\b"
)
# Ordinary words that stand between a number and "close", "drive" or "road" without naming a street.
_NOT_A_STREET = word_set(
    "the a an in on of down along up off by at to for from into with and or but year years old olds month months week weeks day days"
    " hour hours minute minutes min mins mile miles metre metres people children boys girls kids pupils students staff houses different"
    " other more times time main busy long short quick very too so not bus train taxi car good bad new of its his her their our is are"
    " was were who that which lives live living we they he she it you meeting visits calls school"
    " getting became become feels felt stay stays came come get gets got being be been nights night pm am st nd rd th"
)
# What is called after a street, and is nobody's home.
_INSTITUTION = re.compile(
    r" (?:(?:Primary|Infant|Infants|Junior|First|High|Middle|Church|Community|Medical|Health|Childrens?|Children's|Family|Day|Youth|Leisure|Sports"
    r"|Police|Fire|Railway|Bus|Retail|Business|Industrial|Special) )?"
    r"(?:School|Academy|Surgery|Clinic|Practice|Hospital|Centre|Center|Nursery|Station|Church|College|Hub|Unit|Team|Library|Pharmacy|Primary|Infants?"
    r"|Juniors?|Hostel|Ward|bus|pupils|students|staff|children)\b"
)
_NOT_BEFORE = re.compile(
    r"\b(?:years?|class|ward|form|bus|route|page|level|key stage|stage|room|bay|band|grade|tier|phase|junction|aged?|ages|unit|table|group|chapter|section"
    r"|act|week|day|term|version|line|number \d)[.:]? ?$",
    re.IGNORECASE,
)


def postcodes(read: str) -> Iterator[Finding]:
    """Yield whole postcodes of areas that exist; the name of a room or a reference of that shape passes."""
    for found in _POSTCODE.finditer(read):
        if _is_postcode(found) and not _ROOMS.search(read, max(0, found.start() - _BEFORE), found.start()):
            yield Finding(Kind.POSTCODE, found.start(), found.end())


def _is_postcode(found: re.Match[str]) -> bool:
    area, district, inward = found["area"], found["district"], found["inward"]
    if area is None:
        return True
    if area.upper() not in _AREAS or inward in _ORDINALS:
        return False
    if district[-1].isalpha() and (area.upper() not in _LETTERED or district[-1].upper() in "ILOQZ"):
        return False
    together = found.group()
    if found["gap"] == ".":
        return together.isupper()
    # Six small letters and digits in one word are seldom anything else; five may be.
    return bool(found["gap"]) or together.isupper() or len(together) >= _SHORTEST


def street_addresses(read: str) -> Iterator[Finding]:
    """Yield street addresses: a number with a street, a flat with a number, or a named house in a street."""
    for found in _streets(read):
        if _is_home(read, found):
            yield Finding(Kind.ADDRESS, found.start(), found.end())


def _streets(read: str) -> Iterator[re.Match[str]]:
    for group in DIGITS.finditer(read):
        if street := _STREET.match(read, group.start()):
            yield street
        street = _STREET_SMALL.match(read, group.start())
        if street and not _NOT_A_STREET.intersection((street["words"] or "").lower().split()):
            yield street
    # A quick look for the words spares the search of most texts.
    small = read.lower()
    if any(word in small for word in _FLATS):
        yield from _FLAT.finditer(read)
    if any(word in read for word in _HOUSES):
        yield from _NAMED_HOUSE.finditer(read)


def _is_home(read: str, found: re.Match[str]) -> bool:
    before = read[max(0, found.start() - _BEFORE) : found.start()]
    return not _INSTITUTION.match(read, found.end()) and not _NOT_BEFORE.search(before)
