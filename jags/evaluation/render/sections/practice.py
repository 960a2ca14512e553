"""How practice went: keeping to the approach from three sides, what was observed and audited, and the six principles."""

from collections.abc import Iterator

from jags.evaluation.render.sections.side_by_side import plural
from jags.evaluation.rules.document import Column, Paragraph
from jags.evaluation.rules.editions import band_of
from jags.evaluation.rules.gathered import Gathered
from jags.evaluation.rules.measured import (
    INSIDE,
    NOT_PUBLIC,
    OUTSIDE,
    PUBLIC,
    Counted,
    Measure,
    NotRecorded,
    Only,
    Raw,
    RawBlock,
    RawRow,
    RawTable,
    Said,
    Withheld,
    only,
)
from jags.feedback.rules import LEAST_ANSWERS_OUTSIDE
from jags.quality.rules.approach import ANSWERS_LEAST, SESSIONS_LEAST, Approach, Share, Told
from jags.quality.rules.auditing import PlanArea, PlanGroup, PlanState
from jags.quality.rules.elements import Element, Principle

_ELEMENTS = {
    Element.OPENING: "Opening: what this space is for",
    Element.CONTAINMENT: "Containment: people felt held",
    Element.NEUTRALITY: "Neutrality: nobody’s side was taken",
    Element.EQUAL_VOICES: "Equal voices",
    Element.YOUNG_PERSON: "The young person was present",
    Element.CURIOSITY: "Curiosity and challenge",
    Element.EMOTIONAL_IMPACT: "Emotional impact acknowledged",
    Element.REFLECTIVE: "Reflective throughout",
    Element.TRANSITIONAL: "Transitional lens",
    Element.CO_FACILITATION: "Co-facilitation",
    Element.CLOSE: "Close: people left with care",
}
_PRINCIPLES = {
    Principle.EVIDENCE_INFORMED: "Evidence-informed",
    Principle.CONTEXTUAL: "Contextual and ecological",
    Principle.DEVELOPMENTAL: "Transitional and developmental",
    Principle.RELATIONAL: "Relational",
    Principle.INTERSECTIONAL: "Intersectional",
    Principle.PARTICIPATION: "Participation",
}
_GROUPS = {
    PlanGroup.PRIORITY_SUBGROUP: "A priority subgroup",
    PlanGroup.SECTOR: "A sector",
    PlanGroup.OTHER: "Somebody else",
}
_AREAS = {
    PlanArea.LEADERSHIP: "Leadership",
    PlanArea.WORKFORCE: "Workforce development",
    PlanArea.TOOLS: "Tools and resources",
    PlanArea.COMMUNICATIONS: "Communications",
}
_STATES = {
    PlanState.PROPOSED: "Proposed",
    PlanState.ACCEPTED: "Accepted",
    PlanState.UNDER_WAY: "Under way",
    PlanState.DONE: "Done",
    PlanState.NOT_TAKEN_UP: "Not taken up",
}
_NOTHING_YET = "So few have said something of it so far that nothing is told."
_WAITS = "Those of this period wait until they are ten with others."
_FEW_INSIDE = f"fewer than {SESSIONS_LEAST} sessions or {ANSWERS_LEAST} answers"
_FEW_OUTSIDE = f"fewer than {LEAST_ANSWERS_OUTSIDE} answers, or {SESSIONS_LEAST} sessions"


def approach(gathered: Gathered) -> Iterator[RawBlock | Only]:
    """Tell how sessions kept to the approach, pooled over at least five, as three sides saw it."""
    if not gathered.practised.approach.sessions:
        yield Paragraph("No session was held in this period.")
        return
    yield from only(OUTSIDE, Paragraph(_of_how_many(gathered.approach_outside)))
    yield Paragraph(
        f"What participants, facilitators and observers saw is put together over at least {SESSIONS_LEAST} sessions, beside how many said so. "
        "Who had no chance to see is left out. It is something to talk about, not a score."
    )
    for editions, found in ((INSIDE, gathered.practised.approach), (OUTSIDE, gathered.approach_outside)):
        whole = editions is INSIDE
        yield from only(editions, *_that_say_something(_sides(found, whole=whole), _kept(found, whole=whole)))


def _of_how_many(outside: Approach) -> str:
    if not outside.sessions:
        return f"What facilitators and observers say is told of whole groups of sessions. {_WAITS}"
    return (
        f"What facilitators and observers say is that of {plural(outside.sessions, 'session')}, in whole groups of at least ten; "
        "the latest may still wait for others."
    )


def _that_say_something(*tables: RawTable) -> list[RawBlock]:
    """Return the tables in which a cell shows something; words where there is none."""
    found: list[RawBlock] = [
        table
        for table in tables
        if any(isinstance(cell, Said | Counted) for line in table.rows for cell in line.cells)
    ]
    return found or [Paragraph(_NOTHING_YET)]


def _sides(found: Approach, *, whole: bool) -> RawTable:
    return RawTable(
        "approach",
        "Elements of the approach",
        "Element",
        (
            Column("participants", "Participants agreed", "approach"),
            Column("facilitators", "Facilitators saw it"),
            Column("observers", "Observers saw it"),
        ),
        tuple(
            RawRow(
                _ELEMENTS[one.element],
                (
                    # Of participants only whole blocks of answers are counted, wherever they are shown.
                    _share(one.participants, whole=True),
                    _share(one.facilitators, whole=whole),
                    _share(one.observers, whole=whole),
                ),
            )
            for one in found.elements
        ),
        Measure.OPINIONS,
    )


def _kept(found: Approach, *, whole: bool) -> RawTable:
    return RawTable(
        "approach-recorded",
        "What facilitators said of the session as a whole",
        "What",
        (Column("told", "How many", "approach"),),
        (
            RawRow("It kept to the approach", (_share(found.recorded, whole=whole),)),
            RawRow(
                "Somebody was there who manages another person in the room",
                (_share(found.line_managers, whole=whole),),
            ),
            RawRow("Where somebody was, it was held well", (_share(found.held_well, whole=whole),)),
            RawRow("Where the toolbox was used, it helped", (_share(found.toolbox, whole=whole),)),
        ),
        Measure.OPINIONS,
    )


def _share(share: Share, *, whole: bool) -> Raw:
    """Return a band with how many said so; outside one of four bands, and from ten on."""
    if share.told is Told.NOT_RECORDED:
        return NotRecorded()
    if share.told is Told.TOO_FEW:
        return Withheld(_FEW_INSIDE if whole else _FEW_OUTSIDE)
    if whole:
        return Said(f"{share.band} (n = {share.n:,})")
    if share.n < LEAST_ANSWERS_OUTSIDE:
        return Withheld(_FEW_OUTSIDE)
    return Said(f"{share.coarse} (n = {share.n:,})")


def observations(gathered: Gathered) -> Iterator[Only]:
    """Tell how many of the sessions held were observed by somebody independent."""
    yield from only(
        INSIDE, _observed(gathered.practised.approach, "No session of this period was observed so far.")
    )
    outside = gathered.approach_outside
    none = "None of the sessions that are told of was observed so far." if outside.sessions else _WAITS
    yield from only(OUTSIDE, _observed(outside, none))


def _observed(found: Approach, none: str) -> RawBlock:
    if not found.observed:
        return Paragraph(none)
    return RawTable(
        "observations",
        "Sessions observed",
        "What",
        (Column("sessions", "Sessions"),),
        (RawRow("Observed, and shared with both facilitators", (Counted(found.observed, found.sessions),)),),
        definition="observations",
        note="What observers saw stands in the table of elements, pooled.",
    )


def audits(gathered: Gathered) -> Iterator[RawBlock | Only]:
    """Tell what was audited, and what the panels recommend to the partnership's plan."""
    found = gathered.practised.audits
    if not found.audits:
        yield Paragraph("No audit was begun in this period.")
        return
    yield RawTable(
        "audits",
        "Multi-agency audits",
        "What",
        (Column("number", "Number"),),
        (
            RawRow("Audits begun", (Counted(found.audits),)),
            RawRow("Sessions in their samples", (Counted(found.sessions),)),
            RawRow(
                "Returns of agencies, of those asked for",
                (Counted(found.returned, found.asked) if found.asked else NotRecorded(),),
            ),
            RawRow("Recommendations", (Counted(len(found.recommendations)),)),
        ),
        definition="audits",
    )
    if not found.recommendations:
        return
    yield from only(
        NOT_PUBLIC,
        RawTable(
            "audit-recommendations",
            "What the panels recommend, and how it stands in the partnership’s plan",
            "Recommendation",
            (Column("for", "For"), Column("area", "Area"), Column("state", "Standing")),
            tuple(
                RawRow(
                    one.text,
                    (Said(_GROUPS[one.group]), Said(_AREAS[one.area]), Said(_STATES[one.state])),
                )
                for one in found.recommendations
            ),
            definition="audits",
        ),
    )
    yield from only(
        PUBLIC,
        RawTable(
            "audit-recommendations",
            "What the panels recommend, by how it stands in the partnership’s plan",
            "Standing",
            (Column("number", "Recommendations"),),
            tuple(
                RawRow(words, (Counted(sum(one.state is state for one in found.recommendations)),))
                for state, words in _STATES.items()
            ),
            definition="audits",
        ),
    )


def principles(gathered: Gathered, *, least_texts: int) -> Iterator[RawBlock | Only]:
    """Tell of each of the six principles in how many texts it was found, and in how many reflections it showed."""
    enough = gathered.themes_outside.texts >= least_texts
    for editions, table in (
        (INSIDE, _principles(gathered, whole=True, enough=True)),
        (OUTSIDE, _principles(gathered, whole=False, enough=enough)),
    ):
        yield from only(editions, *_that_say_something(table))


def _principles(gathered: Gathered, *, whole: bool, enough: bool) -> RawTable:
    # Outside the Business Unit, texts count in whole blocks.
    counted = gathered.themes if whole else gathered.themes_outside
    texts = {one.theme.key: one.texts for one in counted.themes}
    showed = dict((gathered.practised.approach if whole else gathered.approach_outside).principles)

    def found(principle: Principle) -> Raw:
        number = texts.get(principle.value.replace("_", "-"), 0)
        if not counted.texts:
            return NotRecorded()
        if whole:
            return Counted(number, counted.texts)
        return Said(band_of(number)) if enough else Withheld("too few texts were read")

    return RawTable(
        "principles",
        "The six principles of transitional safeguarding",
        "Principle",
        (Column("texts", "Texts", "principles"), Column("reflections", "Reflections")),
        tuple(
            RawRow(words, (found(one), _share(showed[one], whole=whole)))
            for one, words in _PRINCIPLES.items()
        ),
        Measure.OPINIONS,
        note=f"Of {plural(counted.texts, 'text')} on which two readers agreed, and of the reflections that named a principle.",
    )
