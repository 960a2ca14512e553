"""Changing the code frame: another version each time, with its reason; and what facilitators say of drafts."""

import pytest

from factories.people import account
from factories.requests import coordinator
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from jags.themes.queries.frame import frame_in_force, history, own_remarks, remarks, shared_drafts
from jags.themes.rules import FrameChange, ThemeState
from jags.themes.rules.frame import Wording, theme_of
from jags.themes.rules.standard import STANDARD
from jags.themes.service.framing import add_theme, merge_themes, move_theme, remark_on, reword_theme

NEW = Wording("Turning 18", "Who stays?", "Relationships that go on.", ("who stays",))


def test_each_change_is_a_version_with_its_reason(work):
    work.as_actor(coordinator(work))
    assert (frame_in_force(work).number, frame_in_force(work).themes) == (0, STANDARD)
    add_theme(work, NEW, why="It comes again and again", version=0)
    reword_theme(work, "silos", Wording("Recurrent in reviews", "Silos"), why="Shorter", version=1)
    move_theme(work, "who-stays", ThemeState.IN_USE, why="Agreed", version=2)
    merge_themes(work, ["silos", "divides"], Wording("G", "Apart"), why="One", version=3)
    known = frame_in_force(work)
    assert (known.number, theme_of(known.themes, "who-stays").state) == (4, ThemeState.IN_USE)
    assert [(line.number, line.change, line.about, line.why, line.by) for line in history(work)] == [
        (4, FrameChange.MERGED, "Silos, Divides in the network → Apart", "One", "Wren Young"),
        (3, FrameChange.MOVED, "Who stays?", "Agreed", "Wren Young"),
        (2, FrameChange.REWORDED, "Silos", "Shorter", "Wren Young"),
        (1, FrameChange.ADDED, "Who stays?", "It comes again and again", "Wren Young"),
    ]


def test_a_change_needs_the_version_that_is_in_force_and_a_reason(work):
    work.as_actor(coordinator(work))
    with pytest.raises(Invalid) as refused:
        add_theme(work, NEW, why="", version=0)
    assert refused.value.field == "why"
    add_theme(work, NEW, why="New", version=0)
    with pytest.raises(Stale):
        move_theme(work, "who-stays", ThemeState.IN_USE, why="Agreed", version=0)


def test_who_does_not_manage_themes_changes_none(work):
    work.as_actor(actor_of(account(work, Role.OBSERVER)))
    with pytest.raises(NotAllowed):
        add_theme(work, NEW, why="New", version=0)


def test_facilitators_see_shared_drafts_alone_and_say_what_they_think(work):
    unit, facilitator = coordinator(work), actor_of(account(work, Role.FACILITATOR, name="Robin Vale"))
    work.as_actor(unit)
    add_theme(work, NEW, why="New", version=0)
    work.as_actor(facilitator)
    assert shared_drafts(work) == []
    with pytest.raises(NotFound):
        remark_on(work, "who-stays", "It fits.")
    work.as_actor(unit)
    move_theme(work, "who-stays", ThemeState.SHARED, why="Ask", version=1)
    work.as_actor(facilitator)
    assert [one.key for one in shared_drafts(work)] == ["who-stays"]
    for text in ("", "x" * 1001):
        with pytest.raises(Invalid):
            remark_on(work, "who-stays", text)
    remark_on(work, "who-stays", "It fits.")
    work.session.flush()
    assert own_remarks(work, facilitator.person_id) == {"who-stays": ["It fits."]}
    assert [(one.text, one.by) for one in remarks(work, "who-stays")] == [("It fits.", "Robin Vale")]
    work.as_actor(actor_of(account(work, Role.OBSERVER)))
    with pytest.raises(NotAllowed):
        remark_on(work, "who-stays", "It fits.")
