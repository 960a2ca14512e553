"""Suggestions: by whole words, whatever their case, with the words that made them."""

from jags.themes.rules.frame import Theme, Wording
from jags.themes.rules.suggestions import Suggestion, suggested


def theme(key, *phrases):
    return Theme(key, Wording("G", key, "", phrases))


def test_a_phrase_is_found_as_whole_words_and_says_why():
    text = "Housing was\nnot asked. The TRUSTED adult left."
    found = suggested(
        text, [theme("partners", "housing was not"), theme("trust", "trust*"), theme("art", "art")]
    )
    assert found == (
        Suggestion("partners", "housing was not", "Housing was\nnot", 0, 15),
        Suggestion("trust", "trust*", "TRUSTED", 27, 34),
    )
    assert text[27:34] == "TRUSTED"


def test_without_a_star_another_ending_is_another_word():
    assert suggested("They trusted us", [theme("trust", "trust")]) == ()


def test_the_first_place_of_a_text_counts():
    found = suggested("a plan, then a gap", [theme("gap", "gap", "plan")])
    assert [(one.phrase, one.start) for one in found] == [("plan", 2)]


def test_both_apostrophes_are_the_same_and_signs_are_signs():
    assert suggested("children’s (home)", [theme("c", "children's")])
    assert suggested("children's (home)", [theme("c", "children’s")])
    assert suggested("a.b", [theme("c", "axb")]) == ()
