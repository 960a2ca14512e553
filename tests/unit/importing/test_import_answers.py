from collections.abc import Callable

import pytest

from jags.accounts.rules import spelling
from jags.importing.rules.answers import (
    PLANS,
    REASONS,
    age_bands,
    choices,
    locality_of,
    route_of,
    split_agencies,
    split_people,
)
from jags.requests.rules import AgeBand, NetworkContact, Plan, Reason
from jags.settings.rules import Partnership


@pytest.mark.parametrize(
    ("typed", "bands"),
    [
        ("13", {AgeBand.ELEVEN_TO_THIRTEEN}),
        ("17 (18 in March)", {AgeBand.SIXTEEN_SEVENTEEN}),
        ("15 and 12", {AgeBand.FOURTEEN_FIFTEEN, AgeBand.ELEVEN_TO_THIRTEEN}),
        ("5 and 7", {AgeBand.FIVE_TO_TEN}),
        ("unborn", {AgeBand.UNBORN}),
        ("Unborn baby and 3", {AgeBand.UNBORN, AgeBand.UNDER_FIVE}),
        ("11 years", {AgeBand.ELEVEN_TO_THIRTEEN}),
        ("aged 4 years old", {AgeBand.UNDER_FIVE}),
        ("18 months", {AgeBand.UNDER_FIVE}),
        ("6 weeks old, 14", {AgeBand.UNDER_FIVE, AgeBand.FOURTEEN_FIFTEEN}),
        ("13-16", {AgeBand.ELEVEN_TO_THIRTEEN, AgeBand.FOURTEEN_FIFTEEN, AgeBand.SIXTEEN_SEVENTEEN}),
        ("16/17", {AgeBand.SIXTEEN_SEVENTEEN}),
        ("19", {AgeBand.EIGHTEEN_TO_TWENTY_ONE}),
        ("22; 25", {AgeBand.TWENTY_TWO_TO_TWENTY_FIVE}),
    ],
)
def test_typed_ages_become_bands(typed: str, bands: set[AgeBand]) -> None:
    assert age_bands(typed) == frozenset(bands)


@pytest.mark.parametrize(
    "typed",
    [
        "teenager",
        "nearly 18",
        "26",
        "2009",
        "born 3/4/2010",
        "16, not 17",
        "",
        "()",
        "17-15",
        "3-5 months",
        "1 7x",
    ],
)
def test_ages_that_cannot_be_read_are_not_guessed(typed: str) -> None:
    assert age_bands(typed) is None


def test_plans_and_reasons_of_the_old_form_become_choices() -> None:
    assert choices("Looked after;EHC plan;", PLANS) == ({Plan.LOOKED_AFTER, Plan.EHC_PLAN}, ())
    assert choices(
        "Understanding each other’s roles;Family not engaging;Complex situation;Different perspectives in the network;",
        REASONS,
    ) == (
        {
            Reason.UNDERSTANDING_ROLES,
            Reason.FAMILY_RELATIONSHIP,
            Reason.COMPLEX,
            Reason.DIFFERING_PERSPECTIVES,
        },
        (),
    )
    assert choices("Drift; MAPPA level 2 ", REASONS) == ({Reason.DRIFT}, ("MAPPA level 2",))


def known(*names: str) -> Callable[[str], bool]:
    spellings = {spelling(name) for name in names}
    return lambda text: spelling(text) in spellings


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Primary School / CAMHS", ("Primary School", "CAMHS")),
        ("Police \nVoluntary Sector\nCAMHS", ("Police", "Voluntary Sector", "CAMHS")),
        ("Police; CAMHS, Primary School", ("Police", "CAMHS", "Primary School")),
        ("Police/CAMHS and Primary School", ("Police", "CAMHS", "Primary School")),
        # Names that hold a separator themselves.
        ("Early Help and Family Support, Police", ("Early Help and Family Support", "Police")),
        ("Health, Care & Well-being Trust, Police", ("Health, Care & Well-being Trust", "Police")),
        ("North/South Project / Police", ("North/South Project", "Police")),
        # Unknown names are parted where a separator leaves no doubt, and nowhere else.
        ("Anna and Bob Trust, Police", ("Anna and Bob Trust", "Police")),
        ("East/West Charity", ("East/West Charity",)),
        ("One thing / Another thing", ("One thing", "Another thing")),
        ("police, Police., POLICE", ("police",)),
        (" ; ,\n", ()),
    ],
)
def test_agencies_are_told_apart_by_known_names(typed: str, names: tuple[str, ...]) -> None:
    known_names = known(
        "Police",
        "CAMHS",
        "Primary School",
        "Voluntary Sector",
        "Early Help and Family Support",
        "Health, Care & Well-being Trust",
        "North/South Project",
    )
    assert split_agencies(typed, known_names) == names


def test_people_are_read_with_names_with_addresses_or_both() -> None:
    read = split_people(
        "jo.reeve@sec.example.org; Ben Usher <ben@asc.example.org>\nReeve, Xan - duty@fe.example.org; Uma; "
        "a@pol.example.org, b@pol.example.org; duty@fe.example.org Lee Park; jo.reeve@sec.example.org"
    )
    assert read.people == (
        NetworkContact(email="jo.reeve@sec.example.org"),
        NetworkContact(name="Ben Usher", email="ben@asc.example.org"),
        NetworkContact(name="Reeve, Xan", email="duty@fe.example.org"),
        NetworkContact(name="Uma"),
        NetworkContact(email="a@pol.example.org"),
        NetworkContact(email="b@pol.example.org"),
        NetworkContact(name="Lee Park", email="duty@fe.example.org"),
    )
    assert read.unreadable == ()


def test_addresses_that_cannot_be_one_are_told_and_nobody_is_lost() -> None:
    read = split_people("Jo jo@@x; a@b.example.org c@d.example.org Kim")
    assert read.people[1:] == (
        NetworkContact(email="a@b.example.org"),
        NetworkContact(email="c@d.example.org"),
    )
    assert read.people[0].email == ""
    assert read.people[0].name.startswith("Jo")
    assert read.unreadable[-1] == "Kim"


def test_localities_are_known_by_name_and_by_town() -> None:
    localities = Partnership().localities
    assert [locality_of(t, localities) for t in ("Gt Yarmouth", "norwich", " West ", "King's Lynn", "")] == [
        "East",
        "Central",
        "West",
        None,
        None,
    ]


def test_routes_are_known_by_their_words() -> None:
    routes = Partnership().routes
    typed = (
        "TACS",
        "core group",
        "statutory meeting",
        "ICB Designated Safeguarding Team",
        "MACE",
        "the other panel",
        "",
    )
    assert [route_of(text, routes) for text in typed] == [
        "tacs",
        "core_group",
        "statutory_meeting",
        "icb_safeguarding",
        "exploitation_panel",
        None,
        None,
    ]
