"""The elements of the JAGS approach: one list for those who take part, those who facilitate and those who observe."""

from collections.abc import Mapping
from enum import StrEnum


class Element(StrEnum):
    """What makes a session a JAGS, in the order of an observation (docs/glossary.md, "keeping to the approach")."""

    OPENING = "opening"
    CONTAINMENT = "containment"
    NEUTRALITY = "neutrality"
    EQUAL_VOICES = "equal_voices"
    YOUNG_PERSON = "young_person"
    CURIOSITY = "curiosity"
    EMOTIONAL_IMPACT = "emotional_impact"
    REFLECTIVE = "reflective"
    TRANSITIONAL = "transitional"
    CO_FACILITATION = "co_facilitation"
    CLOSE = "close"


class Seen(StrEnum):
    """How far an element was there; "no chance to see" is left out of every number."""

    SEEN = "seen"
    PARTLY = "partly"
    NOT_THIS_TIME = "not_this_time"
    NO_CHANCE = "no_chance"


# Which statements of the participants' form speak of an element.
STATEMENTS: Mapping[Element, tuple[str, ...]] = {
    Element.CONTAINMENT: ("safe",),
    Element.NEUTRALITY: ("even_handed",),
    Element.EQUAL_VOICES: ("views",),
    Element.YOUNG_PERSON: ("centre",),
    Element.EMOTIONAL_IMPACT: ("impact",),
    Element.REFLECTIVE: ("time", "reflected"),
    Element.TRANSITIONAL: ("both_services",),
}


class LineManagers(StrEnum):
    """Whether somebody was there who manages another person in the room, and how that was held."""

    NOBODY = "nobody"
    HELD_WELL = "held_well"
    PARTLY = "partly"
    IN_THE_WAY = "in_the_way"
    NOT_KNOWN = "not_known"


class Principle(StrEnum):
    """The six principles of transitional safeguarding that may show in a session [AO]."""

    EVIDENCE_INFORMED = "evidence_informed"
    CONTEXTUAL = "contextual"
    DEVELOPMENTAL = "developmental"
    RELATIONAL = "relational"
    INTERSECTIONAL = "intersectional"
    PARTICIPATION = "participation"


class ToolboxUse(StrEnum):
    """Whether something of the toolbox was used."""

    HELPED = "helped"
    DID_NOT_HELP = "did_not_help"
    NOT_USED = "not_used"
