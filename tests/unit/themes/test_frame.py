"""The code frame: each edit gives another frame, and what was coded keeps a meaning."""

import pytest

from jags.kernel.errors import Invalid
from jags.themes.rules import ThemeState
from jags.themes.rules.frame import (
    PHRASES_MOST,
    Theme,
    Wording,
    add,
    as_now,
    frame_from_text,
    frame_to_text,
    groups,
    in_use,
    merge,
    move,
    reword,
    split,
    split_since,
    theme_of,
)
from jags.themes.rules.standard import STANDARD

FRAME = tuple(Theme(key, Wording(group, key.title())) for key, group in (("a", "G"), ("b", "G"), ("c", "H")))


def test_the_frame_that_comes_with_the_software_is_whole():
    assert len({one.key for one in STANDARD}) == len({one.wording.words for one in STANDARD}) == len(STANDARD)
    assert {group: len(themes) for group, themes in groups(STANDARD).items()} == {
        "Messages of Case AO": 3,
        "Recurrent in reviews": 10,
        "Turning 18": 4,
        "Principles of transitional safeguarding": 6,
        "What the young person lives with": 12,
        "Levels of the system": 4,
    }
    assert frame_from_text(frame_to_text(STANDARD)) == STANDARD
    for theme in STANDARD:
        rest = tuple(one for one in STANDARD if one is not theme)
        assert add(rest, theme.wording)


def test_a_new_theme_is_a_draft_behind_its_group():
    changed = add(FRAME, Wording("G", "Who stays?"))
    assert [one.key for one in changed] == ["a", "b", "who-stays", "c"]
    assert theme_of(changed, "who-stays").state is ThemeState.DRAFT
    assert in_use(changed) == FRAME


def test_merged_themes_count_as_what_they_became_and_again_later():
    once = merge(FRAME, {"a", "b"}, Wording("G", "Ab"))
    twice = merge(once, {"ab", "c"}, Wording("H", "Abc"))
    assert [one.key for one in in_use(twice)] == ["abc"]
    assert as_now(twice, {"a", "c"}) == {"abc"}
    assert as_now(twice, {"unknown"}) == {"unknown"}
    assert split_since(twice, {"a", "b", "c"}) == frozenset()


def test_a_split_theme_asks_to_be_read_again():
    changed = split(FRAME, "a", [Wording("G", "A one"), Wording("G", "A two")])
    assert [one.key for one in in_use(changed)] == ["b", "a-one", "a-two", "c"]
    assert as_now(changed, {"a", "b"}) == {"a", "b"}
    assert split_since(changed, {"a", "b"}) == {"a"}
    assert theme_of(changed, "a").ways == ()


def test_a_retired_theme_can_come_back_and_its_words_are_free_meanwhile():
    retired = move(FRAME, "a", ThemeState.RETIRED)
    again = add(retired, Wording("G", "A"))
    assert [one.key for one in again] == ["a", "b", "a-2", "c"]
    assert in_use(move(retired, "a", ThemeState.IN_USE)) == FRAME


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (lambda: add(FRAME, Wording("", "New")), "group"),
        (lambda: add(FRAME, Wording("G", "")), "words"),
        (lambda: add(FRAME, Wording("G", "b")), "words"),
        (lambda: add(FRAME, Wording("G", "x" * 121)), "words"),
        (lambda: add(FRAME, Wording("G", "New", "x" * 501)), "meaning"),
        (lambda: add(FRAME, Wording("G", "New", "", ("ab*",))), "phrases"),
        (
            lambda: add(FRAME, Wording("G", "New", "", tuple(f"word{n}" for n in range(PHRASES_MOST + 1)))),
            "phrases",
        ),
        (lambda: reword(FRAME, "a", FRAME[0].wording), "words"),
        (lambda: reword(FRAME, "a", Wording("G", "B")), "words"),
        (lambda: move(FRAME, "a", ThemeState.SHARED), "state"),
        (lambda: merge(FRAME, {"a"}, Wording("G", "New")), "keys"),
        (lambda: merge(FRAME, {"a", "nothing"}, Wording("G", "New")), "keys"),
        (lambda: split(FRAME, "a", [Wording("G", "New")]), "first"),
        (lambda: split(FRAME, "a", [Wording("G", "New"), Wording("G", "new")]), "words"),
        (lambda: reword(FRAME, "nothing", Wording("G", "New")), ""),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(edit, field):
    with pytest.raises(Invalid) as refused:
        edit()
    assert refused.value.field == field


def test_what_is_not_in_use_is_not_split():
    with pytest.raises(Invalid):
        split(add(FRAME, Wording("G", "New")), "new", [Wording("G", "One"), Wording("G", "Two")])
