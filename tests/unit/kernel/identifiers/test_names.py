"""What is likely to be a name, and its initials."""

import pytest

from jags.kernel.identifiers import find_likely_names, initials_of, with_initials
from jags.kernel.identifiers.first_names import first_names, is_first_name


def names(text):
    return [text[one.start : one.end] for one in find_likely_names(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kayden has stopped eating", "Kayden"),
        ("we worry about Jordan Smith at night", "Jordan Smith"),
        ("Zyra’s mum rang", "Zyra"),
        ("her brother Tomaszek", "Tomaszek"),
        ("a girl called Blaze", "Blaze"),
        ("Grace Okafor is 15", "Grace Okafor"),
        ("Mrs Okafor rang", "Mrs Okafor"),
        ("Dad (Darren) left", "Darren"),
        ("Ellie-May cries", "Ellie-May"),
        ("we worry about jordan smith at night", "jordan smith"),
        ("callum’s mum rang", "callum"),
        ("nobody asks zoe", "zoe"),
    ],
)
def test_a_likely_name_is_found(text, name):
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "JS and K are well",
        "We hope that the family will come in May. Mark the date.",
        "Will she come?",
        "our SENCO Priya Shah agrees",
        "PC Dan Holt knows them",
        "Sam Reed, social worker, rang",
        "Queen Elizabeth Hospital",
        "Charlotte Road",
        "Clare’s Law",
        "Mum and Dad disagree",
        "harsh words, a teddy bear, little joy and no hope by the canal",
        "the social worker, sarah, and our senco callum reed",
        "the thomas school",
        "Great Yarmouth Early Help",
        "her brother JS",
        "",
        "\x00\u202e",
    ],
)
def test_what_is_nobodys_name_in_the_family_passes(text):
    assert names(text) == []


def test_initials_replace_every_name_and_leave_the_rest():
    text = "Jordan Smith’s mum met Kayden. Kayden smiled at Jordan Smith."
    assert with_initials(text, find_likely_names(text)) == "J. S.’s mum met K. K. smiled at J. S."
    small = "jordan smith’s mum met Kayden"
    assert with_initials(small, find_likely_names(small)) == "J. S.’s mum met K."


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Jordan Smith", "J. S."),
        ("Anne-Marie O’Neil", "A. M. O."),
        ("Mrs Okafor", "Mrs O."),
        ("Élodie", "É."),
    ],
)
def test_initials_of_a_name(name, initials):
    assert initials_of(name) == initials


def test_the_list_holds_names_of_families_from_many_places_and_few_words():
    assert {"olivia", "mohammed", "agnieszka", "oluwaseun", "siobhan", "priya"} <= first_names()
    assert not any(
        is_first_name(word) for word in ("will", "may", "hope", "mark", "said", "made", "mum", "summer")
    )
