"""Take in texts, read them one by one without knowing what the other reader says, and write down what is agreed."""

import json
import uuid
from collections.abc import Collection, Iterator

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from jags.feedback.model import Comment
from jags.feedback.rules import CommentState
from jags.kernel.errors import Invalid, MoveNotPossible, Stale
from jags.kernel.work import Work
from jags.quality.model import FacilitatorReflection
from jags.quality.rules.reflections import ForTheUnit
from jags.scheduling.model import JagsSession, SessionRecord
from jags.scheduling.rules import Learning, SessionState
from jags.themes.model import ReadingText, ThemeConsensus, ThemeReading
from jags.themes.policy import reader
from jags.themes.queries.frame import frame_in_force
from jags.themes.queries.texts import get_text, keys_of, not_read_twice, reading_of, words_of
from jags.themes.rules import READERS, TextSource
from jags.themes.rules.frame import as_now, in_use

NOTHING_SAID = "Select the themes of this text, or say that it has none."


def take_in_texts(work: Work) -> int:
    """Note each text that was written since and is to be read for themes; return how many. By a job.

    What is not kept any more, and was not read by two, is not waited for: nobody could read it.
    """
    _give_up_gone(work)
    known = select(ReadingText.source_id)
    found = 0
    for source, source_id, session_id in _new_texts(work, known):
        work.session.add(ReadingText(source=source, source_id=source_id, session_id=session_id))
        found += 1
    if found:
        work.session.flush()
        work.record("reading:taken_in", "themes", texts=found)
    return found


def read_text(
    work: Work, text_id: uuid.UUID, keys: Collection[str], *, none_of_them: bool, version: int
) -> ThemeReading:
    """Keep the themes that the actor finds in a text; two people read each, and where they say the same it is agreed.

    Raises `Invalid` when nothing was said, `MoveNotPossible` once two have read it, because what they said before they
    talked stays, and `Stale`.
    """
    reader_id = reader(work.actor)
    text = _locked(work, text_id)
    own = reading_of(text, reader_id)
    if len(text.readings) >= READERS:
        raise MoveNotPossible(
            "Two people have read this text. What they said stays; what they agree on is kept beside it."
        )
    chosen = _chosen(work, keys, none_of_them=none_of_them)
    number = frame_in_force(work).number
    if own is None:
        own = ThemeReading(reader_id=reader_id, frame_number=number, themes=chosen, read_on=work.today)
        text.readings.append(own)
    else:
        own.expect(version)
        own.themes, own.frame_number, own.read_on = chosen, number, work.today
    work.session.flush()
    work.record("reading:said", text.id, frame=number)
    _agree_at_once(work, text)
    return own


def agree_on(
    work: Work, text_id: uuid.UUID, keys: Collection[str], *, none_of_them: bool, version: int
) -> ThemeConsensus:
    """Write down which themes of a text both readers agree on, beside what each said first.

    `version` is 0 where nothing was agreed yet. Raises `Invalid`, `MoveNotPossible` before two have read it, and `Stale`.
    """
    agreed_by = reader(work.actor)
    text = _locked(work, text_id)
    if len(text.readings) < READERS:
        raise MoveNotPossible("Two people read a text before it is agreed.")
    chosen = _chosen(work, keys, none_of_them=none_of_them)
    found = text.consensus
    if (found.version if found is not None else 0) != version:
        raise Stale
    number = frame_in_force(work).number
    if found is None:
        found = ThemeConsensus(themes=chosen, frame_number=number, agreed_on=work.today, agreed_by=agreed_by)
        text.consensus = found
    else:
        found.themes, found.frame_number = chosen, number
        found.agreed_on, found.agreed_by = work.today, agreed_by
    work.record("reading:agreed", text.id, frame=number)
    return found


def _give_up_gone(work: Work) -> None:
    gone = [text for text in not_read_twice(work) if not words_of(work, text).text]
    for text in gone:
        work.session.delete(text)
    if gone:
        work.session.flush()
        work.record("reading:given_up", "themes", texts=len(gone))


def _agree_at_once(work: Work, text: ReadingText) -> None:
    """Agree a text of which both readers say the same."""
    frame = frame_in_force(work)
    said = {as_now(frame.themes, keys_of(reading)) for reading in text.readings}
    if len(text.readings) == READERS and len(said) == 1:
        text.consensus = ThemeConsensus(
            themes=_stored(said.pop()), frame_number=frame.number, agreed_on=work.today, agreed_by=None
        )
        work.record("reading:agreed", text.id, frame=frame.number)


def _locked(work: Work, text_id: uuid.UUID) -> ReadingText:
    """Return a text that nobody else writes to meanwhile: a third reader would otherwise come in with the second."""
    text = get_text(work, text_id)
    work.session.refresh(text, with_for_update=True)
    return text


def _chosen(work: Work, keys: Collection[str], *, none_of_them: bool) -> str:
    if bool(keys) == none_of_them:
        raise Invalid(
            NOTHING_SAID if not keys else "Take the themes out, or the answer that it has none.",
            field="themes",
        )
    known = {theme.key for theme in in_use(frame_in_force(work).themes)}
    if not set(keys) <= known:
        raise Invalid("A theme was changed meanwhile. Select from those that are in use now.", field="themes")
    return _stored(keys)


def _stored(keys: Collection[str]) -> str:
    return json.dumps(sorted(keys))


def _new_texts(
    work: Work, known: Select[uuid.UUID]
) -> Iterator[tuple[TextSource, uuid.UUID, uuid.UUID | None]]:
    """Yield what is not known yet and holds words, in the order of random ids."""
    comments = select(Comment.id).where(Comment.state == CommentState.RELEASED, Comment.id.not_in(known))
    for comment_id in work.session.scalars(comments.order_by(Comment.id)):
        yield TextSource.COMMENT, comment_id, None
    reflections = work.session.scalars(
        select(FacilitatorReflection)
        .where(FacilitatorReflection.unit_sealed.is_not(None), FacilitatorReflection.id.not_in(known))
        .order_by(FacilitatorReflection.id)
    ).all()
    work.vault.prefetch(reflections)
    for reflection in reflections:
        if work.vault.open(reflection, "unit", ForTheUnit).system:
            yield TextSource.REFLECTION, reflection.id, reflection.session_id
    records = work.session.scalars(
        select(SessionRecord)
        .join(SessionRecord.session)
        .where(
            JagsSession.state == SessionState.HELD,
            SessionRecord.learning_sealed.is_not(None),
            SessionRecord.id.not_in(known),
        )
        .options(joinedload(SessionRecord.session))
        .order_by(SessionRecord.id)
    ).all()
    work.vault.prefetch(records)
    for record in records:
        if work.vault.open(record, "learning", Learning).learning:
            yield TextSource.SESSION, record.id, record.session_id
