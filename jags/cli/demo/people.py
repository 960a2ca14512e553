"""The made-up agencies and facilitators of the demonstration; none of them exists."""

from dataclasses import dataclass

from jags.accounts.rules import AgeRemit, Sector


@dataclass(frozen=True)
class MadeUpAgency:
    """An agency of the demonstration."""

    key: str
    name: str
    sector: Sector
    remit: AgeRemit
    aliases: tuple[str, ...] = ()
    # Its agency type, where other agencies are of the same; its name otherwise.
    kind: str = ""


@dataclass(frozen=True)
class MadeUpFacilitator:
    """A facilitator of the demonstration."""

    name: str
    agency: str
    team: str
    role: str
    per_quarter: int
    transitional: bool = False
    trained: bool = True
    localities: tuple[str, ...] = ("Breckland", "Central", "East", "North", "South", "West")


# How many of the half-days of the next eight weeks a facilitator offers, one in so many; 0 has not said.
HALF_DAYS_OFFERED = (4, 5, 0, 3, 4, 6, 4, 3, 5, 0, 4, 3, 5, 4, 6)

AGENCIES: tuple[MadeUpAgency, ...] = (
    MadeUpAgency(
        "csc",
        "Children's Social Care",
        Sector.LOCAL_AUTHORITY,
        AgeRemit.CHILDREN,
        ("CSC", "Children's Services"),
    ),
    MadeUpAgency(
        "eh", "Early Help and Family Support", Sector.LOCAL_AUTHORITY, AgeRemit.CHILDREN, ("Early help",)
    ),
    MadeUpAgency("lc", "Leaving Care Service", Sector.LOCAL_AUTHORITY, AgeRemit.ALL_AGES, ("Leaving care",)),
    MadeUpAgency("asc", "Adult Social Care", Sector.LOCAL_AUTHORITY, AgeRemit.ADULTS, ("ASC",)),
    MadeUpAgency("pol", "Police", Sector.POLICE, AgeRemit.ALL_AGES, ("Constabulary",)),
    MadeUpAgency("yjs", "Youth Justice Service", Sector.JUSTICE, AgeRemit.CHILDREN, ("YJS",)),
    MadeUpAgency("mh", "Mental Health Trust", Sector.HEALTH, AgeRemit.ALL_AGES, ("CAMHS",)),
    MadeUpAgency("com", "Community Health Trust", Sector.HEALTH, AgeRemit.ALL_AGES, ("District nursing",)),
    MadeUpAgency(
        "sec",
        "Marshwood High School",
        Sector.EDUCATION,
        AgeRemit.CHILDREN,
        ("Secondary school",),
        kind="Secondary school",
    ),
    MadeUpAgency("fe", "Tidemill College", Sector.EDUCATION, AgeRemit.ALL_AGES, ("College",), kind="College"),
    MadeUpAgency("dist", "District Council Housing", Sector.HOUSING, AgeRemit.ALL_AGES, ("Housing",)),
    MadeUpAgency(
        "vol", "Lantern Youth Charity", Sector.VOLUNTARY, AgeRemit.ALL_AGES, ("Charity",), kind="Charity"
    ),
    # Nobody asks for these.
    MadeUpAgency("sec2", "Fenbank High School", Sector.EDUCATION, AgeRemit.CHILDREN, kind="Secondary school"),
    MadeUpAgency("pri", "Harbour Primary School", Sector.EDUCATION, AgeRemit.CHILDREN, kind="Primary school"),
    MadeUpAgency(
        "pri2", "Orchard Primary School", Sector.EDUCATION, AgeRemit.CHILDREN, kind="Primary school"
    ),
)

FACILITATORS: tuple[MadeUpFacilitator, ...] = (
    MadeUpFacilitator(
        "Amina Clarke", "csc", "East assessment", "Team manager", 2, localities=("Central", "East")
    ),
    MadeUpFacilitator("Joel Brandt", "csc", "Fostering", "Senior social worker", 1, transitional=True),
    MadeUpFacilitator(
        "Ruth Okoye", "eh", "Family hub North", "Family practitioner", 2, localities=("North", "West")
    ),
    MadeUpFacilitator("Tomasz Lis", "lc", "Leaving care", "Personal adviser", 1, transitional=True),
    MadeUpFacilitator("Helen Marlow", "asc", "Safeguarding adults", "Social worker", 2, transitional=True),
    MadeUpFacilitator("Dev Anand", "pol", "Exploitation team", "Sergeant", 1),
    MadeUpFacilitator("Carla Nunes", "pol", "Schools team", "Constable", 2, localities=("South", "West")),
    MadeUpFacilitator("Owen Pritchard", "yjs", "Prevention", "Youth justice worker", 2),
    MadeUpFacilitator("Saoirse Kelly", "mh", "CAMHS outreach", "Named nurse", 2, transitional=True),
    MadeUpFacilitator("Bea Lindqvist", "com", "School nursing", "School nurse", 1),
    MadeUpFacilitator(
        "Marcus Hale", "sec", "Pastoral", "Designated safeguarding lead", 1, localities=("East",)
    ),
    MadeUpFacilitator("Femi Adeyemi", "fe", "Student services", "Safeguarding officer", 2, transitional=True),
    MadeUpFacilitator(
        "Lucy Farrow", "dist", "Housing options", "Housing officer", 1, localities=("Central",)
    ),
    MadeUpFacilitator("Imran Shah", "vol", "Street team", "Project lead", 2, transitional=True),
    MadeUpFacilitator("Greta Holm", "vol", "Mentoring", "Youth worker", 1, trained=False),
)

AGENCY_NAMES = {agency.key: agency.name for agency in AGENCIES}


def address_of(name: str, agency: str) -> str:
    """Return the made-up address of somebody at an agency."""
    return f"{name.lower().replace(' ', '.')}@{agency}.example.org"
