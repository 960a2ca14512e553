"""Likely names of people: by a list of usual first names, and by the words that stand beside a name."""

import re
from collections.abc import Iterable

from jags.kernel.identifiers.finding import Finding, Kind
from jags.kernel.identifiers.first_names import (
    is_first_name,
    is_name_in_small_letters,
    is_surname_in_small_letters,
    may_be_first_name,
)
from jags.kernel.identifiers.reading import plain, word_set

# A word with a capital: letters, with a hyphen or an apostrophe inside (Anne-Marie, O'Neil), its possessive apart.
_WORD = re.compile(r"(?<![\w@/.-])[^\W\d_](?:[^\W\d_]|['-](?!s\b)(?=[^\W\d_])){0,30}+(?![\w@])")
_SHORTEST = 3
_MOST_WORDS = 4
_AROUND = 40

_KIN = (
    "mum|mummy|mom|mother|dad|daddy|father|parents?|nan|nana|nanny|gran|granny|grandma|grandad|grandfather|grandmother|grandparents?|brothers?"
    "|sisters?|siblings?|twins?|sons?|daughters?|step-?(?:mum|mother|dad|father|brother|sister|son|daughter)|half-?(?:brother|sister)|aunt|auntie"
    "|aunty|uncle|cousins?|niece|nephew|partner|boyfriend|girlfriend|ex|ex-partner|husband|wife|fianc[eé]e?|foster (?:carers?|mum|dad)|carers?"
)
_PERSON = f"{_KIN}|child|boy|girl|baby|toddler|teenager|teen|youth|young person|young man|young woman|lad|pupil|student|friends?|mate|lodger|neighbour"
# What stands before a name, and what stands after its possessive.
_BEFORE = re.compile(
    rf"\b(?:{_PERSON}|named|called|known as|nicknamed|name(?: is|'s|:)|i am called|we call (?:him|her|them)|forename|surname|first name|family name)"
    r"(?: is| was|,|:| -|,? aged \d{1,2},?| \(| called| named)? ?\(?$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"'s? (?:(?:own|older|younger|little|big|birth|foster|maternal|paternal|new|former|late|step|half|adoptive|biological|elder|eldest|youngest) )?"
    rf"(?:{_KIN}|family|home|house|bedroom|birthday|behaviour|school|placement|friends?|voice|wishes|needs|world|life|mental health|eating|sleep|attendance"
    r"|drinking|self-harm|story|flat|phone|diagnosis|autism|anger|anxiety|trauma|social worker|health visitor)\b",
    re.IGNORECASE,
)
# A professional's name is no secret: it stands after what they do, or what they do follows it.
_WORKS = (
    "teacher|teaching assistant|ta|senco|sendco|dsl|ddsl|head|headteacher|deputy|tutor|mentor|lecturer|social worker|sw|worker|practitioner|nurse|cpn|gp|doctor|dr"
    "|prof|professor|paediatrician|psychiatrist|psychologist|therapist|counsellor|consultant|registrar|midwife|health visitor|hv|officer|pc|dc|ds|di|sgt|sergeant|constable|inspector"
    "|police|probation|manager|lead|leader|coordinator|co-ordinator|chair|facilitators?|colleagues?|supervisor|solicitor|barrister|judge|guardian|iro|advocate|assistant|advis[eo]r|clerk"
    "|coach|keyworker|key worker|caseworker|pa|reverend|rev|imam|receptionist|administrator|pastoral|councillor|cllr|trainer"
)
_WORKS_BEFORE = re.compile(rf"\b(?:{_WORKS})(?: is| was|,|:| -| \(| called| named)? ?\(?$", re.IGNORECASE)
_WORKS_AFTER = re.compile(
    rf"(?:,| \(| -|, (?:our|their|his|her|the|my|a)| (?:is|was) (?:the|our|a|my|their)) ?(?:[a-z-]{{2,14}}+ ){{0,2}}(?:{_WORKS}|from (?:the )?[A-Z])\b",
    re.IGNORECASE,
)
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "master"})
_SAINTS = frozenset(
    {
        "st",
        "saint",
        "queen",
        "king",
        "prince",
        "princess",
        "lady",
        "lord",
        "sir",
        "dame",
        "dr",
        "pc",
        "dc",
        "sgt",
        "prof",
        "rev",
        "father",
    }
)
# What makes of a name the name of a place, a house, a law, an agency or a game.
_THINGS = word_set(
    "school academy hospital ward house trust centre center college court road street lane avenue close drive crescent terrace church primary high surgery clinic unit"
    " foundation team service services park hall day group project programme act fund university council law laws room suite building nursery infant infants junior"
    " federation community guidelines review report inquiry rule competence competency model scale test questionnaire society association charity hostel hotel way gardens"
    " place square hill farm cottage lodge station bay beach bridge market cross island lake river wood woods forest football club fc united city town rovers county"
    " syndrome disease clause principle theory cycle method approach technique framework principles foundation's award prize cup league medical practice health partnership"
    " care home homes hub library museum gallery theatre cathedral abbey chapel mosque temple synagogue scouts guides brownies cadets street's show class form year"
)
# Words with a capital that begin sentences, name times, places, agencies and documents, and are no names.
_ORDINARY = word_set(
    "the a an and or but if when while since after before because as at by for from in into of on over to with without under about above across against along among around"
    " i we he she it they you me us him her them my our his its their your this that these those there here who what which whose why how where"
    " is are was were be been being am do does did done has have had having can could may might must shall should will would not no yes also just only even still yet then than"
    " so such very too more most much many few some any all both each every either neither other another same own first second third last next new old young"
    " mum mummy dad daddy mother father nan nana nanny gran granny grandma grandad parent parents brother sister brothers sisters sibling siblings son daughter uncle aunt auntie cousin baby"
    " child children boy girl family families carer carers foster partner friend friends staff school social worker workers police health mental service services team teams unit"
    " january february march april may june july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec monday tuesday wednesday thursday friday"
    " saturday sunday christmas easter ramadan eid diwali spring summer autumn winter term year reception today tomorrow yesterday morning afternoon evening night weekend"
    " norfolk suffolk norwich yarmouth lowestoft thetford dereham swaffham fakenham cromer wymondham diss attleborough watton aylsham sheringham holt hunstanton downham lynn king's kings"
    " cambridge cambridgeshire peterborough ipswich essex london england wales scotland ireland britain uk europe poland romania lithuania portugal syria ukraine afghanistan english welsh"
    " scottish irish british polish romanian lithuanian portuguese arabic kurdish ukrainian urdu punjabi bengali turkish french german spanish bulgarian roma gypsy traveller romany muslim christian"
    " jewish hindu sikh catholic asian african black white mixed east west north south northern southern eastern western great little upper lower central county city town village"
    " jags tacs camhs cyp cypmhs mash mace marac lado send sen senco ehcp ehc lac cla nhs icb gp cin cpc icpc rcpc yot yjs yos ofsted dfe dsl iro cafcass nspcc barnardo's barnardos childline"
    " mind samaritans relate shelter banardos kooth youngminds papyrus winston's early help help signs safety gillick fraser prevent channel operation section children's adult adults youth"
    " justice probation housing education leisure college hospital university council partnership board trust academy primary secondary nursery sixth special business"
    " facebook instagram snapchat tiktok whatsapp youtube xbox playstation fortnite minecraft roblox google teams zoom microsoft netflix discord twitch"
    " dear hi hello thanks thank please kind regards best yours note however although though therefore meanwhile recently currently initially previously following despite during until"
    " things nothing something everything everyone nobody somebody nobody's people professionals professional practitioners practitioner network contact contacts session meeting review plan"
    " attendance behaviour home work support risk concerns concern worried worries feels feeling stuck initials pseudonym not unsure maybe perhaps sometimes often always never again"
    " lots lot one two three four five six seven eight nine ten both half several different concerned ongoing likely unlikely historic historical"
)


def find_likely_names(text: str) -> tuple[Finding, ...]:
    """Return what is likely to be somebody's name, in the order of the text; a possessive 's stays outside.

    A word with a capital counts when it is a usual first name, or when a word of kinship, "called" or a title stands beside
    it; the words with capitals that follow belong to it. A word in small letters counts when it is hardly anything
    but a first name. Initials, places, months, agencies, and the names of
    professionals after what they do are let through. It is a hint: names that are on no list and stand alone are missed.
    """
    read = plain(text)
    every = list(_WORD.finditer(read))
    words = [found for found in every if found.group()[0].isupper()]
    found = _in_small_letters(read, every)
    index = 0
    while index < len(words):
        run = _run(read, words, index)
        begins = _name_from(read, run)
        if begins is not None:
            found.append(Finding(Kind.NAME, run[begins].start(), run[-1].end()))
        index += len(run)
    return tuple(sorted(found, key=lambda one: one.start))


def _in_small_letters(read: str, words: list[re.Match[str]]) -> list[Finding]:
    """Return the names that nobody wrote with a capital, each with the surname that follows it."""
    found = []
    for index, word in enumerate(words):
        small = word.group()
        if (
            not small.islower()
            or small in _ORDINARY
            or small in _THINGS
            or not is_name_in_small_letters(small)
        ):
            continue
        end = word.end()
        after = words[index + 1] if index + 1 < len(words) else None
        if after is not None and read[end : after.start()] == " " and after.group() in _THINGS:
            continue
        if (
            after is not None
            and read[end : after.start()] == " "
            and is_surname_in_small_letters(after.group().lower())
        ):
            end = after.end()
        if not _is_professional(read, word.start(), end):
            found.append(Finding(Kind.NAME, word.start(), end))
    return found


def _run(read: str, words: list[re.Match[str]], first: int) -> list[re.Match[str]]:
    """Return the words with capitals that stand together, with one space between them."""
    run = [words[first]]
    for word in words[first + 1 : first + _MOST_WORDS]:
        if read[run[-1].end() : word.start()] not in {" ", ". "} or (
            read[run[-1].end()] == "." and run[-1].group().lower() not in _TITLES | _SAINTS
        ):
            break
        run.append(word)
    return run


def _name_from(read: str, run: list[re.Match[str]]) -> int | None:
    """Return the index of the word with which a name begins in a run of capitals; None when there is none."""
    small = [word.group().lower() for word in run]
    if small[-1] in _THINGS or any(word in _SAINTS for word in small[:-1]):
        return None
    for index, word in enumerate(run):
        rest = small[index:]
        if small[index] in _TITLES:
            return (
                index if len(rest) > 1 and not _is_professional(read, word.start(), run[-1].end()) else None
            )
        if len(rest) > 1 and any(one in _THINGS for one in rest[1:]):
            return None
        if _is_name(read, run, index):
            begins = _with_what_stands_before(read, run, index)
            return None if _is_professional(read, run[begins].start(), run[-1].end()) else begins
    return None


def _with_what_stands_before(read: str, run: list[re.Match[str]], index: int) -> int:
    """Return where a name begins that goes on at an index; a capital at the start of a sentence says nothing."""
    while index and _could_be_name(run[index - 1].group()) and _in_a_sentence(read, run[index - 1].start()):
        index -= 1
    return index


def _in_a_sentence(read: str, start: int) -> bool:
    return read[max(0, start - 3) : start].rstrip()[-1:] not in {"", ".", "!", "?", ":"}


def _is_name(read: str, run: list[re.Match[str]], index: int) -> bool:
    word = run[index].group()
    if len(word) < _SHORTEST or word.isupper() or (word.lower() in _ORDINARY and not may_be_first_name(word)):
        return False
    surname = index + 1 < len(run) and _could_be_name(run[index + 1].group())
    if is_first_name(word.partition("-")[0]):
        return True
    before = read[max(0, run[index].start() - _AROUND) : run[index].start()]
    beside = bool(_BEFORE.search(before)) or bool(_AFTER.match(read, run[-1].end(), run[-1].end() + _AROUND))
    if may_be_first_name(word):
        return surname or (beside and word.lower() not in _ORDINARY)
    return beside and _could_be_name(word)


def _could_be_name(word: str) -> bool:
    return len(word) >= _SHORTEST and not word.isupper() and word.lower() not in _ORDINARY | _THINGS


def _is_professional(read: str, start: int, end: int) -> bool:
    before = read[max(0, start - _AROUND) : start]
    return bool(_WORKS_BEFORE.search(before)) or bool(_WORKS_AFTER.match(read, end, end + _AROUND))


def initials_of(name: str) -> str:
    """Return a name by its initials: "Jordan Lee-Smith" as "J. L. S."; a title stays."""
    parts = [part for part in re.split(r"[\s.-]", name) if part]
    return " ".join(part if part.lower() in _TITLES else f"{part[0].upper()}." for part in parts)


def with_initials(text: str, findings: Iterable[Finding]) -> str:
    """Return a text with initials in place of the names that were found in it."""
    parts, done = [], 0
    for finding in sorted(findings, key=lambda one: one.start):
        name = initials_of(text[finding.start : finding.end])
        # A sentence that ends with a name has one full stop.
        ended = text.startswith(".", finding.end)
        parts += [text[done : finding.start], name.removesuffix(".") if ended else name]
        done = finding.end
    return "".join((*parts, text[done:]))
