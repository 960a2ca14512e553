"""The made-up people of the journey, and what they write."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Somebody:
    """A practitioner around the young person."""

    name: str
    role: str
    agency: str
    email: str
    # How the agency is called once its spelling is matched; the name as typed where nobody knows it yet.
    known_as: str = ""

    @property
    def known_agency(self) -> str:
        """The agency as the Business Unit calls it."""
        return self.known_as or self.agency


PASSWORD = "copper kettle on a quiet meadow"
COORDINATOR = "meera.coleman@partnership.example.org"
ADMINISTRATOR = "stefan.blake@partnership.example.org"

PSEUDONYM = "Q.Z."
HOPES = (
    "Everybody holds a different thread of Q.Z. and nobody the whole; we would like to slow down together."
)
LEARNING = "Who stays alongside somebody at eighteen is decided late."

REQUESTER = Somebody("Odette Farr", "Pastoral lead", "Secondary School", "odette.farr@school.example.org")
NETWORK = (
    Somebody(
        "Tobias Lund", "Social worker", "CSC", "tobias.lund@council.example.org", "Children's Social Care"
    ),
    Somebody("Renuka Pell", "Nurse", "CAMHS", "renuka.pell@trust.example.org", "Mental Health Trust"),
    Somebody("Ewan Strand", "Officer", "Police", "ewan.strand@police.example.org"),
    Somebody("Bronagh Vane", "Social worker", "Adult Social Care", "bronagh.vane@council.example.org"),
    Somebody("Idris Quill", "Youth worker", "Willow Yard Project", "idris.quill@willow.example.org"),
)
INVITED = (REQUESTER, *NETWORK)
# One of the six was ill, so five are asked for feedback besides the record of the agencies.
ABSENT = NETWORK[2]
PRESENT = tuple(person for person in INVITED if person is not ABSENT)
