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

# Told in mails to those concerned, and sealed in the database.
VENUE = "Harbour Hub, quiet room"
# What is written about the work; none of it may lie readable anywhere, or leave in a mail.
PSEUDONYM = "Zephyrine-Q"
HOPES = (
    "Everybody holds a different thread of this and nobody the whole; we would like to slow down together."
)
TRIAGE_REASON = "The change of threshold is what the network struggles with."
LEARNING = "Who stays alongside somebody at eighteen is decided late."
REFLECTIONS = ("Silence helped more than I thought.", "I spoke too early and noticed it.")
COMMENT = "The pause in the middle was the most useful part."
WRITTEN = (PSEUDONYM, HOPES, TRIAGE_REASON, LEARNING, *REFLECTIONS, COMMENT)

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
# One of the six could not come, so five are asked for feedback.
ABSENT = NETWORK[2]
PRESENT = tuple(person for person in INVITED if person is not ABSENT)
