"""Tables about children: at most four categories, one cross-break; every request stands in one category of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jags.requests.rules import TRANSITIONAL_BANDS, DateMatters, Plan, TransitionalFeature

# The one cross-break: whether the Business Unit confirmed that transitional safeguarding features.
CONFIRMED, OTHER = "confirmed", "other"
CROSS_BREAK: Mapping[str, str] = {
    CONFIRMED: "Transitional safeguarding confirmed",
    OTHER: "Not confirmed",
}
# Of the requests that a table counts, those that were held.
HELD = "held"
# Counts of one table: row → column → requests.
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class ChildTable:
    """A table about children: its rows by code. `of_confirmed` counts confirmed requests only and has no cross-break.

    The rows of a `partition` add up to all requests; otherwise each row stands for itself, beside the requests without it.
    `within` says of a row within which number, known to everybody, it must lie. `merged` puts rows together
    where so many would have to be hidden: code → title and the rows that it holds; rows in none stay. Where rows overlap, what
    holds any of them is counted by itself, as it is no sum of theirs.
    """

    key: str
    title: str
    corner: str
    rows: Mapping[str, str]
    definition: str
    partition: bool = True
    of_confirmed: bool = False
    within: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def rows_shown(self, *, merged: bool) -> Mapping[str, str]:
        """Return the rows as they are shown, with what they are called."""
        if not merged:
            return self.rows
        held = {row for _, parts in self.merged.values() for row in parts}
        return {code: title for code, (title, _) in self.merged.items()} | {
            code: title for code, title in self.rows.items() if code not in held
        }

    def parts(self, row: str) -> tuple[str, ...]:
        """Return the rows that a row holds: itself, unless it puts others together."""
        return self.merged[row][1] if row in self.merged else (row,)

    def counts_merged(self, counts: Counts) -> bool:
        """Tell whether counts say what merged rows hold; of overlapping rows those kept by an earlier version do not."""
        return self.partition or self.merged.keys() <= counts.keys()

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the codes of the cross-break that the table counts."""
        return (CONFIRMED,) if self.of_confirmed else tuple(CROSS_BREAK)


AGE = ChildTable(
    "age",
    "Ages",
    "Ages that the request is about",
    {
        "under_16": "Under 16, or unborn",
        "16_25": "16 to 25",
        "both": "16 to 25, and younger",
        "not_recorded": "Not recorded",
    },
    "age",
    merged={
        "no_16_25": ("Under 16, unborn, or not recorded", ("under_16", "not_recorded")),
        "any_16_25": ("16 to 25, with or without somebody younger", ("16_25", "both")),
    },
)
PLAN = ChildTable(
    "plan",
    "Plan or status",
    "Highest plan or status",
    {
        "care": "Looked after, or leaving care",
        "protection": "Child protection plan, or section 47",
        "other": "Another plan or status",
        "none": "None, or not recorded",
    },
    "plan",
    merged={
        "statutory": (
            "Looked after, leaving care, child protection plan, or section 47",
            ("care", "protection"),
        ),
        "no_such": ("Another plan or status, none, or not recorded", ("other", "none")),
    },
)
TURNING_18 = ChildTable(
    "turning-18",
    "From request to held, and turning 18",
    "Turns 18 within six months",
    {
        "in_time": "Held within the months that were given",
        "later": "Held later, or not held so far",
        "not_said": "Does not, or not recorded",
    },
    "turning-18",
    # How many sessions were held is a headline.
    within={"in_time": HELD},
    merged={"within_six": ("Turns 18 within six months", ("in_time", "later"))},
)
FEATURES = ChildTable(
    "features",
    "What features, where transitional safeguarding is confirmed",
    "Feature",
    {
        "adult_services": "Adult service not involved, or none eligible",
        "care_leaver": "Care leaver",
        "neither": "Neither care leaver nor disabled",
        "harm": "Mental health, substance use or exploitation",
    },
    "features",
    partition=False,
    of_confirmed=True,
    merged={
        "no_service": (
            "Adult service not involved, none eligible, or neither care leaver nor disabled",
            ("adult_services", "neither"),
        ),
        "leaver_or_harm": (
            "Care leaver, mental health, substance use or exploitation",
            ("care_leaver", "harm"),
        ),
    },
)
CHILD_TABLES = (AGE, PLAN, TURNING_18, FEATURES)

_CARE = frozenset({Plan.LOOKED_AFTER, Plan.PATHWAY_PLAN})
_PROTECTION = frozenset({Plan.CHILD_PROTECTION, Plan.SECTION_47})
_NO_PLAN = frozenset({Plan.UNIVERSAL, Plan.NONE, Plan.NOT_KNOWN})
_FEATURES: dict[str, frozenset[str]] = {
    "adult_services": frozenset(
        {TransitionalFeature.ADULT_SERVICE_NOT_INVOLVED, TransitionalFeature.NONE_ELIGIBLE}
    ),
    "care_leaver": frozenset({TransitionalFeature.CARE_LEAVER}),
    "neither": frozenset({TransitionalFeature.NEITHER_CARE_LEAVER_NOR_DISABLED}),
    "harm": frozenset(
        {
            TransitionalFeature.MENTAL_HEALTH,
            TransitionalFeature.SUBSTANCE_USE,
            TransitionalFeature.EXPLOITATION,
        }
    ),
}
# Months within which somebody turns 18, and days that are surely within them.
_DAYS_TO_18: Mapping[str, int] = {
    DateMatters.TURNS_18_IN_1: 28,
    DateMatters.TURNS_18_IN_3: 90,
    DateMatters.TURNS_18_IN_6: 181,
}


@dataclass(frozen=True)
class Telling:
    """What editions that are released show of a table: with or without the cross-break, its rows as they are or merged, and what is hidden."""

    crossed: bool
    hidden: frozenset[tuple[str, str]]
    merged: bool = False


@dataclass(frozen=True)
class Children:
    """What a report tells about children: counts of `requests`, of which `moved` are dated before the period.

    `telling` has each table that was decided; None for one that released editions leave out.
    """

    counts: Mapping[str, Counts]
    requests: int
    telling: Mapping[str, Telling | None] = field(default_factory=dict)
    moved: int = 0


@dataclass(frozen=True)
class ChildFacts:
    """What is plain of one request, as far as it is counted; `held_after` in days since it was received, None before."""

    ages: frozenset[str]
    plans: frozenset[str]
    features: frozenset[str]
    dates: frozenset[str]
    confirmed: bool
    held_after: int | None
    locality: str = ""

    @property
    def age(self) -> str:
        """Return the age category."""
        if not self.ages:
            return "not_recorded"
        if not self.ages & TRANSITIONAL_BANDS:
            return "under_16"
        return "both" if self.ages - TRANSITIONAL_BANDS else "16_25"

    @property
    def plan(self) -> str:
        """Return the category of the highest plan."""
        if self.plans & _CARE:
            return "care"
        if self.plans & _PROTECTION:
            return "protection"
        return "other" if self.plans - _NO_PLAN else "none"

    @property
    def turning_18(self) -> str:
        """Return whether the session was held within the months that were given until somebody turns 18."""
        given = [days for answer, days in _DAYS_TO_18.items() if answer in self.dates]
        if not given:
            return "not_said"
        return "in_time" if self.held_after is not None and self.held_after <= min(given) else "later"


def count_children(requests: Iterable[tuple[ChildFacts, int]]) -> dict[str, dict[str, dict[str, int]]]:
    """Return the counts of every table about children: table → row → column → requests; zeros are there."""
    found = {
        table.key: {row: dict.fromkeys(table.columns, 0) for row in table.rows} for table in CHILD_TABLES
    }
    # Of a table whose rows overlap, or that says more, how many there are in all.
    features = _FEATURES | {
        row: frozenset().union(*(_FEATURES[part] for part in parts))
        for row, (_, parts) in FEATURES.merged.items()
    }
    found[FEATURES.key] |= {row: {CONFIRMED: 0} for row in ("", *FEATURES.merged)}
    found[TURNING_18.key] |= {"": dict.fromkeys(CROSS_BREAK, 0), HELD: dict.fromkeys(CROSS_BREAK, 0)}
    for facts, number in requests:
        column = CONFIRMED if facts.confirmed else OTHER
        found[AGE.key][facts.age][column] += number
        found[PLAN.key][facts.plan][column] += number
        found[TURNING_18.key][facts.turning_18][column] += number
        found[TURNING_18.key][""][column] += number
        found[TURNING_18.key][HELD][column] += number if facts.held_after is not None else 0
        if facts.confirmed:
            found[FEATURES.key][""][CONFIRMED] += number
            for row, wanted in features.items():
                if facts.features & wanted:
                    found[FEATURES.key][row][CONFIRMED] += number
    return found


def added(counts: Iterable[Counts]) -> dict[str, dict[str, int]]:
    """Return the sum of the counts of one table over several blocks."""
    total: dict[str, dict[str, int]] = {}
    for one in counts:
        for row, columns in one.items():
            for column, number in columns.items():
                total.setdefault(row, {}).setdefault(column, 0)
                total[row][column] += number
    return total
