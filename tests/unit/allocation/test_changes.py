"""A replay names the rules that it changed, with what they are and what they would be."""

from jags.allocation.rules.calculation import Change, Question, changes


def test_each_changed_rule_is_named_with_its_figures() -> None:
    was = Question(weight_of_sooner=3, one_employer_is_one=True)
    would_be = Question("2026-01-01", "2026-06-30", 5, -1, False, False, False)
    assert changes(was, would_be) == (
        Change("Weight of a request that is needed sooner", "3", "5"),
        Change("Sessions a quarter that everybody could give", "as recorded", "1 fewer"),
        Change("Nothing new is offered soon after a heavy session", "yes", "no"),
        Change("Services of one employer count as one agency", "yes", "no"),
        Change("Training for transitional safeguarding counts", "yes", "no"),
    )
    assert changes(was, was) == ()
