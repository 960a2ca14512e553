"""The best date by agency coverage: what each date would lose, and whose answer can still change which is best."""

import random
from datetime import datetime, timedelta
from itertools import product

import pytest

from jags.accounts.rules import AgeRemit
from jags.scheduling.rules import Choice, Voice, Vote, coverage, who_can_change

MONDAY = datetime.fromisoformat("2026-12-07T10:00")
EARLY, LATE = Choice("early", MONDAY), Choice("late", MONDAY + timedelta(days=3))
YES, IF, NO = Vote.YES, Vote.IF_NEED_BE, Vote.NO
VOTES = (YES, IF, NO)
REMITS = {
    "School": AgeRemit.CHILDREN,
    "Adult care": AgeRemit.ADULTS,
    "Police": AgeRemit.ALL_AGES,
    "Charity": None,
}


def voice(person, agency, early=None, late=None):
    votes = {key: vote for key, vote in (("early", early), ("late", late)) if vote}
    return Voice(person, agency, REMITS[agency], votes)


def best(voices, *, both_sides=False, choices=(EARLY, LATE)):
    return coverage(choices, voices, both_sides=both_sides)[0].choice.key


def made_up(seed, *, people, silent=0.3):
    """Return so many people of a few agencies, with votes by chance; some are silent on some dates."""
    chance = random.Random(seed)  # noqa: S311 - Nothing is secret here.
    return [
        voice(
            f"p{n}",
            chance.choice(list(REMITS)),
            *(None if chance.random() < silent else chance.choice(VOTES) for _ in range(2)),
        )
        for n in range(people)
    ]


def test_agencies_count_and_not_heads() -> None:
    voices = [
        *(voice(f"teacher {n}", "School", YES, NO) for n in range(5)),
        voice("t", "School", NO, YES),
        voice("o", "Police", NO, YES),
    ]
    assert best(voices) == "late"


def test_both_sides_come_first_only_when_transitional_safeguarding_features() -> None:
    voices = [
        voice("t", "School", YES, YES),
        voice("o", "Police", YES, NO),
        voice("c", "Charity", YES, NO),
        voice("a", "Adult care", NO, YES),
    ]
    assert (best(voices), best(voices, both_sides=True)) == ("early", "late")
    covered = coverage([EARLY, LATE], voices, both_sides=True)
    assert [c.sides_missing for c in covered] == [(), (AgeRemit.ADULTS,)]


def test_an_agency_for_all_ages_stands_for_neither_side() -> None:
    voices = [voice("o", "Police", YES), voice("a", "Adult care", NO)]
    [covered] = coverage([EARLY], voices, both_sides=True)
    # Nobody of a children's service was asked, so no date can be blamed for that.
    assert covered.sides_missing == (AgeRemit.ADULTS,)


def test_a_date_says_which_agencies_it_would_lose_and_counts_people() -> None:
    voices = [
        voice("t", "School", YES),
        voice("u", "School", NO),
        voice("o", "Police", IF),
        voice("a", "Adult care", NO),
        voice("c", "Charity"),
    ]
    [covered] = coverage([EARLY], voices, both_sides=False)
    assert (covered.there, covered.perhaps) == (("School",), ("Police",))
    assert (covered.lost, covered.unheard) == (("Adult care",), ("Charity",))
    assert (covered.yes, covered.if_need_be, covered.no, covered.silent) == (1, 1, 2, 1)


def test_the_earlier_of_two_equal_dates_is_best() -> None:
    voices = [voice("t", "School", YES, YES)]
    assert best(voices, choices=(LATE, EARLY)) == "early"


def test_a_colleague_of_an_agency_that_is_there_need_not_answer_any_more() -> None:
    voices = [voice("t", "School", YES, YES), voice("u", "School"), voice("o", "Police", NO, YES)]
    assert who_can_change([EARLY, LATE], voices, both_sides=False) == frozenset()
    assert who_can_change([EARLY, LATE], [*voices, voice("c", "Charity")], both_sides=False) == {"c"}


@pytest.mark.parametrize("seed", range(60))
def test_the_order_of_what_is_given_never_matters(seed) -> None:
    voices, both = made_up(seed, people=8), seed % 2 == 0
    choices = [EARLY, LATE, Choice("third", MONDAY + timedelta(hours=4))]
    expected = coverage(choices, voices, both_sides=both)
    asked = who_can_change(choices, voices, both_sides=both)
    chance = random.Random(-seed)  # noqa: S311 - Nothing is secret here.
    for _ in range(3):
        chance.shuffle(voices)
        chance.shuffle(choices)
        assert coverage(choices, voices, both_sides=both) == expected
        assert who_can_change(choices, voices, both_sides=both) == asked


@pytest.mark.parametrize("seed", range(60))
def test_a_better_answer_never_makes_a_date_worse(seed) -> None:
    voices, both = made_up(seed, people=6), seed % 2 == 0
    places = {c.choice.key: n for n, c in enumerate(coverage([EARLY, LATE], voices, both_sides=both))}
    for n, one in enumerate(voices):
        for better in {None: (YES, IF), NO: (YES, IF), IF: (YES,), YES: ()}[one.votes.get("late")]:
            after = [*voices]
            after[n] = Voice(one.person, one.agency, one.remit, {**one.votes, "late": better})
            ranked = coverage([EARLY, LATE], after, both_sides=both)
            assert [c.choice.key for c in ranked].index("late") <= places["late"]


@pytest.mark.parametrize("seed", range(60))
def test_whose_answer_can_change_the_result_is_what_trying_all_answers_shows(seed) -> None:
    voices, both = made_up(seed, people=4, silent=0.5), seed % 2 == 0
    assert who_can_change([EARLY, LATE], voices, both_sides=both) == tried_out(voices, both)


def tried_out(voices, both):
    """Return who decides in some way in which all others could answer, by trying every way."""
    gaps = [(n, key) for n, v in enumerate(voices) for key in ("early", "late") if key not in v.votes]
    results = {}
    for answers in product(VOTES, repeat=len(gaps)):
        filled = [dict(v.votes) for v in voices]
        for (n, key), vote in zip(gaps, answers, strict=True):
            filled[n][key] = vote
        whole = [Voice(v.person, v.agency, v.remit, votes) for v, votes in zip(voices, filled, strict=True)]
        results[answers] = best(whole, both_sides=both)
    deciding = set()
    for place, (n, _) in enumerate(gaps):
        for answers, result in results.items():
            for vote in VOTES:
                other = (*answers[:place], vote, *answers[place + 1 :])
                if results[other] != result:
                    deciding.add(voices[n].person)
    return deciding
