"""Made-up requests that are accepted and wait for facilitators, enough of them that some compete for the same people."""

from jags.cli.demo.requests import MadeUpRequest
from jags.requests.rules import AgeBand, Plan, Reason, TransitionalFeature, YesNoUnsure

_TEEN, _ADULT = frozenset({AgeBand.SIXTEEN_SEVENTEEN}), frozenset({AgeBand.EIGHTEEN_TO_TWENTY_ONE})
_YOUNGER, _SMALL = frozenset({AgeBand.ELEVEN_TO_THIRTEEN}), frozenset({AgeBand.FIVE_TO_TEN})
_THRESHOLD = frozenset({TransitionalFeature.THRESHOLD_CHANGE})
_NONE: frozenset[TransitionalFeature] = frozenset()
_CHILDRENS = ("Secondary school", "CSC", "CAMHS", "Early help")
_BOTH = ("ASC", "Leaving care", "Housing", "CAMHS")

# Days ago, agency, requester, role, initials, age, locality, what they hope for, whether it is needed sooner, what features.
_TOLD = (
    (12, "com", "Tilda Frost", "School nurse", "Linnet", _TEEN, "West", "We each hold one piece and none of us the whole.", False, _THRESHOLD),
    (10, "asc", "Omar Siddiq", "Social worker", "Dunlin", _ADULT, "East", "Nobody is sure who stays alongside from now on.", True, _THRESHOLD),
    (9, "sec", "Priya Nolan", "Head of year", "F", _YOUNGER, "South", "We would like to hear each other before the next meeting.", False, _NONE),
    (8, "csc", "Dean Achebe", "Social worker", "Siskin", _TEEN, "Central", "Two teams want different things, and both mean well.", False, _THRESHOLD),
    (6, "mh", "Lottie Marsh-Green", "Clinical psychologist", "H", _TEEN, "North", "The worry moves from one of us to the next.", True, _THRESHOLD),
    (6, "dist", "Ravi Prasad", "Tenancy adviser", "Merlin", _ADULT, "Central", "A move is near, and the plans do not meet.", False, _THRESHOLD),
    (4, "pol", "Gwen Tully", "Constable", "N", _YOUNGER, "West", "We have stopped being curious about what we see.", False, _NONE),
    (4, "vol", "Bo Lindgren", "Mentor", "Petrel", _TEEN, "East", "He talks to one of us only; what does that ask of the rest?", False, _THRESHOLD),
    (3, "eh", "Salma Iqbal", "Family practitioner", "Z", _SMALL, "Breckland", "It has become heavy, and the team is tired.", False, _NONE),
)  # fmt: skip

WAITING: tuple[MadeUpRequest, ...] = tuple(
    MadeUpRequest(
        days_ago,
        "accepted",
        agency,
        name,
        role,
        initials,
        bands,
        locality,
        frozenset({Reason.COMPLEX, Reason.STUCK}),
        hopes,
        _BOTH if features else _CHILDRENS,
        frozenset({Plan.CHILD_IN_NEED}),
        YesNoUnsure.YES if features else YesNoUnsure.NO,
        features,
        sooner=sooner,
    )
    for days_ago, agency, name, role, initials, bands, locality, hopes, sooner, features in _TOLD
)
