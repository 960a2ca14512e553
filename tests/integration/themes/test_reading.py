"""Reading for themes: two people, neither knowing what the other says, and what they agree on beside it."""

from datetime import UTC, date, datetime

import pytest

from factories.people import account
from factories.reading import add_comment, add_learning, add_reflection
from factories.requests import coordinator
from jags.accounts.model import Recusal
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.facilitators.model import Facilitator
from jags.feedback.model import Comment
from jags.feedback.rules import CommentState
from jags.kernel.actor import system
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, Stale
from jags.themes.model import ReadingText
from jags.themes.queries.counts import agreement_by_theme, themes_counted
from jags.themes.queries.texts import (
    Progress,
    count_disagreements,
    count_open_to,
    disagreements,
    find_next,
    get_text,
    keys_of,
    progress,
    words_of,
)
from jags.themes.rules import TextSource
from jags.themes.rules.agreement import Cells
from jags.themes.rules.frame import Wording
from jags.themes.service.framing import merge_themes, split_theme
from jags.themes.service.reading import agree_on, read_text, take_in_texts

YEAR = {"held_from": date(2026, 1, 1), "held_to": date(2026, 12, 31)}


def readers(work, number=2):
    return [actor_of(account(work, Role.OBSERVER, name=f"Reader {n}")) for n in range(number)]


def say(work, actor, text_id, *keys, version=0):
    work.as_actor(actor)
    return read_text(work, text_id, set(keys), none_of_them=not keys, version=version)


def one_text(work, text="Trust takes time."):
    add_comment(work, text)
    work.as_actor(system("test"))
    take_in_texts(work)
    return work.session.query(ReadingText).one().id


def test_only_what_was_written_for_learning_is_taken_in_and_only_once(work):
    comment = add_comment(work, "Trust")
    add_comment(work, "Not released", state=CommentState.WAITING)
    session = add_learning(work, "Who stays is decided late.")
    reflection = add_reflection(work, session, "Ask housing earlier.")
    add_learning(work, "")
    work.as_actor(system("test"))
    assert (take_in_texts(work), take_in_texts(work)) == (3, 0)
    rows = work.session.query(ReadingText).all()
    assert {(row.source, row.source_id, row.session_id) for row in rows} == {
        (TextSource.COMMENT, comment, None),
        (TextSource.REFLECTION, reflection, session.id),
        (TextSource.SESSION, session.record.id, session.id),
    }
    assert {words_of(work, row).text for row in rows} == {
        "Trust",
        "Ask housing earlier.",
        "Who stays is decided late.",
    }


def test_the_same_from_both_is_agreed_at_once(work):
    text_id = one_text(work)
    first, second = readers(work)
    say(work, first, text_id, "relationships", "silos")
    assert get_text(work, text_id).consensus is None
    say(work, second, text_id, "silos", "relationships")
    agreed = get_text(work, text_id).consensus
    assert (keys_of(agreed), agreed.agreed_by, agreed.frame_number) == ({"relationships", "silos"}, None, 0)
    assert progress(work) == Progress(1, 0, 0, 1, 1)


def test_what_differs_is_listed_until_it_is_agreed_and_stays_beside_it(work):
    text_id = one_text(work)
    first, second = readers(work)
    say(work, first, text_id, "relationships", "silos")
    say(work, second, text_id, "relationships")
    (line,) = disagreements(work)
    assert (line.both, line.only_one) == (("Relationships are the foundation",), ("Working in silos",))
    agree_on(work, text_id, {"relationships"}, none_of_them=False, version=0)
    text = get_text(work, text_id)
    assert (disagreements(work), count_disagreements(work)) == ([], 0)
    assert sorted(len(keys_of(one)) for one in text.readings) == [1, 2]
    assert (keys_of(text.consensus), text.consensus.agreed_by) == ({"relationships"}, second.person_id)
    with pytest.raises(Stale):
        agree_on(work, text_id, set(), none_of_them=True, version=0)
    agree_on(work, text_id, set(), none_of_them=True, version=1)
    assert keys_of(text.consensus) == frozenset()


def test_a_reading_can_be_changed_until_the_second_and_no_third_comes_in(work):
    text_id = one_text(work)
    first, second, third = readers(work, 3)
    say(work, first, text_id, "silos")
    with pytest.raises(Stale):
        say(work, first, text_id, "relationships")
    say(work, first, text_id, "relationships", version=1)
    with pytest.raises(MoveNotPossible):
        agree_on(work, text_id, {"silos"}, none_of_them=False, version=0)
    say(work, second, text_id, "silos")
    for actor in (first, third):
        with pytest.raises(MoveNotPossible):
            say(work, actor, text_id, "silos", version=2)
    assert count_open_to(work) == 0


def test_nothing_is_an_answer_that_has_to_be_given(work):
    text_id = one_text(work)
    work.as_actor(readers(work)[0])
    for keys, none in ((set(), False), ({"silos"}, True), ({"unknown"}, False)):
        with pytest.raises(Invalid):
            read_text(work, text_id, keys, none_of_them=none, version=0)
    assert keys_of(read_text(work, text_id, set(), none_of_them=True, version=0)) == frozenset()


def test_texts_that_one_person_has_read_come_first_and_what_was_passed_over_last(work):
    for n in range(3):
        add_comment(work, f"Text {n}")
    work.as_actor(system("test"))
    take_in_texts(work)
    first, second = readers(work)
    ids = sorted(row.id for row in work.session.query(ReadingText))
    say(work, first, ids[1], "silos")
    assert find_next(work).id == ids[0]
    assert find_next(work, after=ids[0]).id == ids[2]
    assert find_next(work, after=ids[2]).id == ids[0]
    work.as_actor(second)
    assert find_next(work).id == ids[1]


def test_nobody_reads_of_a_session_they_held_or_of_a_case_they_are_in(work):
    held = add_learning(work, "Held by them")
    involved = add_learning(work, "Involved")
    reader = account(work, Role.OBSERVER)
    work.session.add(Facilitator(person_id=reader.person_id, joined_on=work.today))
    work.session.flush()
    held.facilitators[0].person_id = reader.person_id
    work.session.add(Recusal(person_id=reader.person_id, request_id=involved.request_id, since=work.now))
    work.session.flush()
    work.as_actor(system("test"))
    take_in_texts(work)
    work.as_actor(actor_of(reader))
    assert (count_open_to(work), find_next(work)) == (0, None)
    for row in work.session.query(ReadingText):
        with pytest.raises(NotFound):
            get_text(work, row.id)
    work.as_actor(readers(work)[0])
    assert count_open_to(work) == 2


def test_who_may_not_read_reads_nothing(work):
    text_id = one_text(work)
    with pytest.raises(NotAllowed):
        say(work, actor_of(account(work, Role.FACILITATOR)), text_id, "silos")


def test_a_text_that_is_gone_is_not_waited_for(work):
    add_comment(work, "Gone before anybody read it")
    text_id = one_text_of(work)
    work.session.get_one(
        Comment, work.session.get_one(ReadingText, text_id).source_id
    ).state = CommentState.WITHHELD
    work.as_actor(system("test"))
    assert take_in_texts(work) == 0
    assert work.session.query(ReadingText).count() == 0


def test_what_two_have_read_stays_when_the_text_is_gone(work):
    text_id = one_text(work)
    for actor in readers(work):
        say(work, actor, text_id, "silos")
    work.session.get_one(Comment, get_text(work, text_id).source_id).state = CommentState.WITHHELD
    work.as_actor(system("test"))
    take_in_texts(work)
    assert words_of(work, get_text(work, text_id)).text == ""
    assert themes_counted(work, **YEAR).texts == 1


def one_text_of(work):
    work.as_actor(system("test"))
    take_in_texts(work)
    return work.session.query(ReadingText).one().id


def test_a_merged_theme_counts_as_one_and_a_split_one_as_it_was(work):
    text_id = one_text(work)
    first, second = readers(work)
    say(work, first, text_id, "silos", "divides", "curiosity")
    say(work, second, text_id, "silos", "curiosity")
    agree_on(work, text_id, {"silos", "curiosity"}, none_of_them=False, version=0)
    work.as_actor(coordinator(work))
    merge_themes(work, ["silos", "divides"], Wording("G", "Apart"), why="They are one", version=0)
    parts = [Wording("G", "Curious together"), Wording("G", "Curious alone")]
    split_theme(work, "curiosity", parts, why="Two things", version=1)
    assert {
        line.theme.wording.words: line.texts for line in themes_counted(work, **YEAR).themes if line.texts
    } == {
        "Apart": 1,
        "Professional curiosity": 1,
    }
    agreed = {line.theme.wording.words: line.found.cells for line in agreement_by_theme(work).themes}
    assert agreed["Apart"] == Cells(1, 0, 0, 0)
    assert agreed["Curious alone"] == Cells(0, 0, 0, 1)


def test_texts_count_in_the_period_of_their_session_and_comments_in_that_of_their_pool(work):
    in_july, in_august = (datetime(2026, month, 31, 10, 0, tzinfo=UTC) for month in (7, 8))
    add_comment(work, "Comment", held_at=in_july)
    add_comment(work, "Comment in August", held_at=in_august)
    add_learning(work, "July", starts_at=datetime(2026, 7, 31, 22, 30, tzinfo=UTC))
    add_learning(work, "August", starts_at=datetime(2026, 7, 31, 23, 30, tzinfo=UTC))
    work.as_actor(system("test"))
    take_in_texts(work)
    both = readers(work)
    for row in work.session.query(ReadingText):
        if row.source is not TextSource.COMMENT:
            for actor in both:
                say(work, actor, row.id, "silos")
    found = themes_counted(work, held_from=date(2026, 7, 1), held_to=date(2026, 7, 31))
    silos = next(line for line in found.themes if line.theme.key == "silos")
    assert (found.texts, found.waiting, silos.texts) == (1, 1, 1)
