"""The made-up requests of the demonstration, and how far each got."""

from dataclasses import dataclass

from jags.requests.rules import AgeBand, Plan, Reason, TransitionalFeature, YesNoUnsure


@dataclass(frozen=True)
class MadeUpRequest:
    """One request: when it came, what it is about, and how far it got."""

    days_ago: int
    fate: str
    agency: str
    name: str
    role: str
    initials: str
    bands: frozenset[AgeBand]
    locality: str
    reasons: frozenset[Reason]
    hopes: str
    agencies: tuple[str, ...]
    plans: frozenset[Plan]
    view: YesNoUnsure = YesNoUnsure.NO
    features: frozenset[TransitionalFeature] = frozenset()
    route: str = ""
    sooner: bool = False


_TEEN = frozenset({AgeBand.SIXTEEN_SEVENTEEN})
_YOUNG_ADULT = frozenset({AgeBand.EIGHTEEN_TO_TWENTY_ONE})
_YOUNGER = frozenset({AgeBand.ELEVEN_TO_THIRTEEN})
_SMALL = frozenset({AgeBand.UNDER_FIVE, AgeBand.FIVE_TO_TEN})
_MIDDLE = frozenset({AgeBand.FOURTEEN_FIFTEEN})
_STUCK = frozenset({Reason.STUCK, Reason.DIFFERING_PERSPECTIVES})
_TIRED = frozenset({Reason.EMOTIONAL_IMPACT, Reason.COMPLEX})
_EDGE = frozenset({Reason.APPROACHING_18, Reason.STUCK})
_TIES = frozenset({Reason.STRAINED_RELATIONSHIPS, Reason.UNDERSTANDING_ROLES})
_THRESHOLD = frozenset({TransitionalFeature.THRESHOLD_CHANGE, TransitionalFeature.ACCOMMODATION})
_NEITHER = frozenset(
    {TransitionalFeature.NEITHER_CARE_LEAVER_NOR_DISABLED, TransitionalFeature.ADULT_SERVICE_NOT_INVOLVED}
)
_YES = YesNoUnsure.YES
_IN_NEED = frozenset({Plan.CHILD_IN_NEED})
_AFTER = frozenset({Plan.LOOKED_AFTER})
_PATH = frozenset({Plan.PATHWAY_PLAN})
_WIDE = ("Police", "CAMHS", "Housing", "College")
_SCHOOL = ("Secondary school", "CSC", "CAMHS", "Early help")
_ADULT = ("ASC", "Leaving care", "Housing", "Charity", "CAMHS")

_CIRCLES = (
    "We go round in circles and each of us sees a different young person. I would like us to slow down."
)
_HEAVY = "The team is carrying a great deal of worry. I hope we can name it and think clearly again."
_EIGHTEEN = "What happens at 18 is unclear, and each service hopes that another one will stay."
_HEARD = "School and social care do not feel heard by each other; what would help us to listen?"

REQUESTS: tuple[MadeUpRequest, ...] = (
    MadeUpRequest(
        330,
        "closed",
        "sec",
        "Nia Powell",
        "Designated safeguarding lead",
        "K",
        _MIDDLE,
        "East",
        _STUCK,
        _CIRCLES,
        _SCHOOL,
        _IN_NEED,
    ),
    MadeUpRequest(
        301,
        "closed",
        "csc",
        "Paul Renner",
        "Social worker",
        "Sparrow",
        _TEEN,
        "Central",
        _EDGE,
        _EIGHTEEN,
        _ADULT,
        _AFTER,
        _YES,
        _THRESHOLD,
    ),
    MadeUpRequest(
        287,
        "signposted",
        "com",
        "Ida Moss",
        "Health visitor",
        "B",
        _SMALL,
        "North",
        _TIES,
        _HEARD,
        _SCHOOL,
        _IN_NEED,
        route="core_group",
    ),
    MadeUpRequest(
        266,
        "closed",
        "pol",
        "Sam Whitlow",
        "Sergeant",
        "Otter",
        _TEEN,
        "West",
        _STUCK,
        _CIRCLES,
        _WIDE,
        _IN_NEED,
        _YES,
        _NEITHER,
    ),
    MadeUpRequest(
        241,
        "closed",
        "eh",
        "Joy Adeleke",
        "Family practitioner",
        "R",
        _YOUNGER,
        "South",
        _TIRED,
        _HEAVY,
        _SCHOOL,
        _IN_NEED,
    ),
    MadeUpRequest(
        212,
        "closed",
        "lc",
        "Rhys Tanner",
        "Personal adviser",
        "Heron",
        _YOUNG_ADULT,
        "East",
        _EDGE,
        _EIGHTEEN,
        _ADULT,
        _PATH,
        _YES,
        _THRESHOLD,
    ),
    MadeUpRequest(
        197,
        "cancelled",
        "vol",
        "Ana Petrov",
        "Project worker",
        "W",
        _MIDDLE,
        "Central",
        _TIES,
        _HEARD,
        _WIDE,
        _IN_NEED,
    ),
    MadeUpRequest(
        171,
        "closed",
        "mh",
        "Callum Reid",
        "Named nurse",
        "Wren",
        _TEEN,
        "North",
        _TIRED,
        _HEAVY,
        _WIDE,
        _AFTER,
        _YES,
        _THRESHOLD,
    ),
    MadeUpRequest(
        150,
        "closed",
        "fe",
        "Maya Stern",
        "Safeguarding officer",
        "D",
        _TEEN,
        "Breckland",
        _EDGE,
        _EIGHTEEN,
        _ADULT,
        _IN_NEED,
        YesNoUnsure.UNSURE,
        _NEITHER,
    ),
    MadeUpRequest(
        118,
        "signposted",
        "sec",
        "Ola Grant",
        "Head of year",
        "P",
        _YOUNGER,
        "West",
        _STUCK,
        _HEARD,
        _SCHOOL,
        _IN_NEED,
        route="tacs",
    ),
    MadeUpRequest(
        97,
        "closed",
        "yjs",
        "Kit Baker",
        "Youth justice worker",
        "Finch",
        _MIDDLE,
        "South",
        _STUCK,
        _CIRCLES,
        _WIDE,
        _IN_NEED,
    ),
    MadeUpRequest(
        74,
        "closed",
        "csc",
        "Leila Haddad",
        "Social worker",
        "J",
        _TEEN,
        "Central",
        _EDGE,
        _EIGHTEEN,
        _ADULT,
        _AFTER,
        _YES,
        _THRESHOLD,
    ),
    MadeUpRequest(
        27,
        "held",
        "dist",
        "Toby Rowe",
        "Housing officer",
        "Robin",
        _YOUNG_ADULT,
        "East",
        _EDGE,
        _EIGHTEEN,
        _ADULT,
        _PATH,
        _YES,
        _NEITHER,
    ),
    MadeUpRequest(
        22,
        "due",
        "csc",
        "Leila Haddad",
        "Social worker",
        "Lark",
        _YOUNGER,
        "East",
        _TIRED,
        _HEAVY,
        _SCHOOL,
        _IN_NEED,
    ),
    MadeUpRequest(
        13,
        "scheduled",
        "sec",
        "Nia Powell",
        "Designated safeguarding lead",
        "M",
        _YOUNGER,
        "East",
        _TIRED,
        _HEAVY,
        _SCHOOL,
        _IN_NEED,
    ),
    MadeUpRequest(
        11,
        "agreed",
        "mh",
        "Callum Reid",
        "Named nurse",
        "Swift",
        _TEEN,
        "North",
        _STUCK,
        _CIRCLES,
        _WIDE,
        _IN_NEED,
        _YES,
        _NEITHER,
    ),
    MadeUpRequest(
        8,
        "offered",
        "eh",
        "Joy Adeleke",
        "Family practitioner",
        "T",
        _SMALL,
        "South",
        _TIES,
        _HEARD,
        _SCHOOL,
        _IN_NEED,
    ),
    MadeUpRequest(
        7,
        "accepted",
        "pol",
        "Sam Whitlow",
        "Sergeant",
        "Plover",
        _TEEN,
        "West",
        _EDGE,
        _EIGHTEEN,
        _WIDE,
        _IN_NEED,
        _YES,
        _THRESHOLD,
    ),
    MadeUpRequest(
        5,
        "waiting",
        "vol",
        "Ana Petrov",
        "Project worker",
        "G",
        _MIDDLE,
        "Central",
        _STUCK,
        _CIRCLES,
        _SCHOOL,
        _IN_NEED,
    ),
    MadeUpRequest(
        4,
        "triage",
        "lc",
        "Rhys Tanner",
        "Personal adviser",
        "Kite",
        _YOUNG_ADULT,
        "Breckland",
        _EDGE,
        _EIGHTEEN,
        _ADULT,
        _PATH,
        _YES,
    ),
    MadeUpRequest(
        1,
        "triage",
        "com",
        "Ida Moss",
        "Health visitor",
        "L",
        _SMALL,
        "North",
        _TIRED,
        _HEAVY,
        _SCHOOL,
        _IN_NEED,
    ),
    MadeUpRequest(
        1,
        "unconfirmed",
        "fe",
        "Maya Stern",
        "Safeguarding officer",
        "C",
        _TEEN,
        "Central",
        _STUCK,
        _CIRCLES,
        _WIDE,
        _IN_NEED,
    ),
)
