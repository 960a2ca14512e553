"""What is taken as an answer, and the envelope of one size."""

from datetime import date

import pytest

from jags.feedback.rules import COMMENT_MOST, ENVELOPE_BYTES
from jags.feedback.rules.answers import Answers, pack, read_answers, unpack
from jags.feedback.rules.forms import PARTICIPANT_ITEMS, asked, items_from_text, items_to_text
from jags.kernel.errors import Invalid

TODAY = date(2026, 11, 24)


def test_form_sent_as_found_is_refused_at_the_first_statement() -> None:
    with pytest.raises(Invalid) as caught:
        read_answers(PARTICIPANT_ITEMS, {"comment": "Typed by nobody", "may_quote": "yes"}, today=TODAY)

    assert caught.value.field == "safe"


def test_answers_are_taken_and_anything_else_is_ignored() -> None:
    answers = read_answers(
        PARTICIPANT_ITEMS,
        {
            "safe": "agree",
            "time": "not_applicable",
            "comment": " One\r\ntwo ",
            "may_quote": "yes",
            "name": "Me",
        },
        today=TODAY,
    )

    assert answers == Answers(
        {"safe": "agree", "time": "not_applicable"}, {"comment": "One\ntwo"}, may_quote=True
    )


def test_leave_to_quote_needs_something_to_quote() -> None:
    assert not read_answers(PARTICIPANT_ITEMS, {"safe": "agree", "may_quote": "yes"}, today=TODAY).may_quote


def test_choice_that_was_not_offered_is_refused_at_its_item() -> None:
    with pytest.raises(Invalid) as caught:
        read_answers(PARTICIPANT_ITEMS, {"safe": "agree", "views": "absolutely"}, today=TODAY)

    assert caught.value.field == "views"


def test_comment_that_is_too_long_is_refused_at_its_item() -> None:
    with pytest.raises(Invalid) as caught:
        read_answers(PARTICIPANT_ITEMS, {"safe": "agree", "comment": "a" * (COMMENT_MOST + 1)}, today=TODAY)

    assert caught.value.field == "comment"


def test_transitional_item_is_asked_only_where_it_features() -> None:
    sent = {"safe": "agree", "both_services": "agree"}

    assert read_answers(asked(PARTICIPANT_ITEMS, transitional=False), sent, today=TODAY).ratings == {
        "safe": "agree"
    }
    assert read_answers(asked(PARTICIPANT_ITEMS, transitional=True), sent, today=TODAY).ratings == sent


def test_items_survive_being_stored() -> None:
    assert items_from_text(items_to_text(PARTICIPANT_ITEMS)) == PARTICIPANT_ITEMS


@pytest.mark.parametrize("comment", ["", "short", "é" * COMMENT_MOST, "“quoted” \\ and\nlines"])
def test_every_envelope_has_one_size_and_gives_back_what_was_answered(comment: str) -> None:
    answers = Answers({"safe": "agree"}, {"comment": comment} if comment else {}, may_quote=False)

    envelope = pack(answers)

    assert len(envelope) == ENVELOPE_BYTES
    assert unpack(envelope) == answers


def test_comment_that_does_not_fit_its_envelope_is_refused_at_its_item() -> None:
    ratings = {item.key: "strongly_disagree" for item in PARTICIPANT_ITEMS[:8]}

    with pytest.raises(Invalid) as caught:
        pack(Answers(ratings, {"comment": "😀" * COMMENT_MOST}))

    assert caught.value.field == "comment"


def test_control_characters_of_a_comment_are_dropped_and_odd_spaces_become_plain() -> None:
    answers = read_answers(PARTICIPANT_ITEMS, {"safe": "agree", "comment": "a\x00b c\nd"}, today=TODAY)

    assert answers.texts == {"comment": "ab c\nd"}
