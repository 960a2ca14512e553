"""What an administrator may ask, what stays as it is, and which words make a writer be asked about a worry."""

from datetime import date

import pytest

from jags.feedback.rules.answers import read_answers
from jags.feedback.rules.forms import (
    CHOICES_MOST,
    MORE_MOST,
    PARTICIPANT_ITEMS,
    TEXTS_MOST,
    WORDS_MOST,
    ItemKind,
    Question,
    core,
    edited,
    items_from_text,
    items_to_text,
)
from jags.feedback.rules.worry import worrying_words
from jags.kernel.errors import Invalid
from jags.settings.rules import Partnership

TODAY = date(2026, 11, 24)
NEW = Question(ItemKind.SCALE, "How likely are you to ask for a JAGS again?")


def statement(number: int) -> Question:
    return Question(ItemKind.AGREEMENT, f"Statement {number}")


def test_core_stays_whatever_is_asked_beyond_it() -> None:
    items = edited(PARTICIPANT_ITEMS, [NEW, Question(ItemKind.TEXT, "")])

    assert core(items) == core(PARTICIPANT_ITEMS)
    assert [(i.kind, i.words, i.more) for i in items[len(core(items)) :]] == [(NEW.kind, NEW.words, True)]
    assert items_from_text(items_to_text(items)) == items


def test_a_question_keeps_its_key_while_its_words_stay_and_gets_another_with_other_words() -> None:
    roles = Question(ItemKind.AGREEMENT, "I understand better what my colleagues' roles are.")
    first = edited(PARTICIPANT_ITEMS, [NEW, roles])
    changed = edited(first, [Question(ItemKind.SCALE, NEW.words + "!"), NEW, roles])

    keys = [item.key for item in changed if item.more]
    assert keys[1:] == [item.key for item in first if item.more]
    assert keys[2] == "roles"
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    ("questions", "field", "said"),
    [
        ([Question(ItemKind.QUOTE, "May we print this?")], "kind_1", "Select the kind of answer."),
        ([NEW, NEW], "words_2", "This question is asked already."),
        ([Question(ItemKind.TEXT, "i felt safe to speak openly.")], "words_1", "This question is asked already."),
        ([Question(ItemKind.SCALE, "x" * (WORDS_MOST + 1))], "words_1", "Shorten this to 200"),
        ([Question(ItemKind.CHOICE, "Which?", ("One",))], "choices_1", "Write 2 to 8 choices"),
        ([Question(ItemKind.CHOICE, "Which?", tuple("abcdefghi"))], "choices_1", "Write 2 to 8 choices"),
        ([Question(ItemKind.CHOICE, "Which?", ("One", "one"))], "choices_1", "Write each choice once."),
        ([Question(ItemKind.CHOICE, "Which?", ("One", "x" * 201))], "choices_1", "Shorten each choice"),
        ([Question(ItemKind.SCALE, "How?", ("One", "Two"))], "choices_1", "Only a question with choices"),
        ([NEW, Question(ItemKind.CHOICE, "", ("One", "Two"))], "words_2", "Write the question that has"),
        ([Question(ItemKind.TEXT, f"Text {n}") for n in range(TEXTS_MOST)], "kind_3", "3 answers in words"),
        ([statement(n) for n in range(MORE_MOST + 1)], "", "Ask 12 more questions at most"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_at_its_field(
    questions: list[Question], field: str, said: str
) -> None:
    with pytest.raises(Invalid, match=said) as caught:
        edited(PARTICIPANT_ITEMS, questions)

    assert caught.value.field == field


def test_numbers_and_choices_are_taken_as_they_were_offered() -> None:
    choices = tuple(f"Choice {n}" for n in range(CHOICES_MOST))
    items = edited(PARTICIPANT_ITEMS, [NEW, Question(ItemKind.CHOICE, "Which?", choices)])
    scale, choice = (item.key for item in items if item.more)

    answers = read_answers(items, {scale: "10", choice: "8"}, today=TODAY)

    assert answers.ratings == {scale: "10", choice: "8"}
    for wrong in ({scale: "11"}, {scale: "-1"}, {choice: "0"}, {choice: "9"}, {choice: "Choice 1"}):
        with pytest.raises(Invalid, match="Select one of the answers"):
            read_answers(items, wrong, today=TODAY)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It was a good session.", ()),
        ("We saw a Bruise on him, and another bruise.", ("bruise",)),
        ("She is not\n safe at home; he's been  hitting", ("not\n safe",)),
        ("The risk was assessed. Unharmed.", ()),
        ("They are at risk.", ("at risk",)),
        ("A knife-edge, self-harm", ("knife", "self-harm")),
    ],
)
def test_words_that_may_be_a_worry_are_found_as_whole_words(text: str, found: tuple[str, ...]) -> None:
    assert worrying_words([text], Partnership().worry_words) == found


@pytest.mark.parametrize("phrases", ["", " , ,"])
def test_nobody_is_asked_where_no_words_are_listed(phrases: str) -> None:
    assert worrying_words(["not safe"], phrases) == ()
