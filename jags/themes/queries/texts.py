"""Read the texts: how far their reading is, which comes next for somebody, and what two readers do not agree on."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from jags.accounts.queries import recusals_of
from jags.feedback.model import Comment
from jags.feedback.queries.comments import get_comment
from jags.feedback.rules import CommentState
from jags.kernel.actor import Actor
from jags.kernel.errors import NotFound
from jags.kernel.work import Work
from jags.quality.model import FacilitatorReflection
from jags.quality.rules.reflections import ForTheUnit
from jags.scheduling.model import JagsSession, SessionFacilitator, SessionRecord
from jags.scheduling.rules import Learning
from jags.themes.model import ReadingText, ThemeConsensus, ThemeReading
from jags.themes.queries.frame import frame_in_force
from jags.themes.rules import READERS, TextSource
from jags.themes.rules.frame import as_now, theme_of


@dataclass(frozen=True)
class Words:
    """A text as it is read: what was asked, and what was written; empty once it is not kept any more."""

    question: str
    text: str


@dataclass(frozen=True)
class Progress:
    """How many texts there are, and how far they are: read by nobody yet, by one, by both; agreed; to be talked about."""

    texts: int
    unread: int
    once: int
    twice: int
    agreed: int

    @property
    def to_talk_about(self) -> int:
        """Return how many texts were read by both without the same result, and are not agreed."""
        return self.twice - self.agreed


@dataclass(frozen=True)
class Disagreement:
    """A text on which its readers differ: words of the themes that both, and that only one of them, found."""

    text: ReadingText
    both: tuple[str, ...]
    only_one: tuple[str, ...]


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for texts that somebody may read: none of a case they are involved in, or of a session they held."""
    held = select(SessionFacilitator.session_id).where(SessionFacilitator.person_id == actor.person_id)
    involved = select(JagsSession.id).where(JagsSession.request_id.in_(recusals_of(actor.person_id)))
    own = or_(ReadingText.session_id.in_(held), ReadingText.session_id.in_(involved))
    return or_(ReadingText.session_id.is_(None), ~own)


def progress(work: Work) -> Progress:
    """Return how far the reading of all texts is; by one query."""
    readings = select(ThemeReading.text_id, func.count().label("n")).group_by(ThemeReading.text_id).subquery()
    number = func.coalesce(readings.c.n, 0).label("number")
    rows = work.session.execute(
        select(number, func.count(ReadingText.id), func.count(ThemeConsensus.id))
        .select_from(ReadingText)
        .outerjoin(readings, readings.c.text_id == ReadingText.id)
        .outerjoin(ThemeConsensus, ThemeConsensus.text_id == ReadingText.id)
        .group_by(number)
    ).all()
    by_readers = {int(n): (int(texts), int(agreed)) for n, texts, agreed in rows}
    zero = (0, 0)
    return Progress(
        sum(texts for texts, _ in by_readers.values()),
        by_readers.get(0, zero)[0],
        by_readers.get(1, zero)[0],
        by_readers.get(READERS, zero)[0],
        sum(agreed for _, agreed in by_readers.values()),
    )


def find_next(work: Work, *, after: uuid.UUID | None = None) -> ReadingText | None:
    """Return a text that the actor has not read and that still needs a reader, those begun first; ids are random.

    With `after`, one that was passed over comes last.
    """
    order = [_readers().desc(), ReadingText.id]
    if after is not None:
        order.insert(0, ReadingText.id <= after)
    return work.session.scalar(select(ReadingText).where(_open_to(work.actor)).order_by(*order).limit(1))


def count_open_to(work: Work) -> int:
    """Return how many texts wait for the actor's reading."""
    counted = select(func.count()).select_from(ReadingText).where(_open_to(work.actor))
    return work.session.scalar(counted) or 0


def get_text(work: Work, text_id: uuid.UUID) -> ReadingText:
    """Return a text that the actor may read, with what was said of it; raises `NotFound`."""
    found = work.session.scalar(_whole().where(ReadingText.id == text_id, seen_by(work.actor)))
    if found is None:
        raise NotFound("There is no such text.")
    return found


def words_of(work: Work, text: ReadingText) -> Words:
    """Open a text where it was written; empty when it was erased there, or is not released any more."""
    if text.source is TextSource.COMMENT:
        row = work.session.get(Comment, text.source_id)
        if row is None or row.state is not CommentState.RELEASED:
            return Words("", "")
        line = get_comment(work, text.source_id)
        return Words(line.question, line.text)
    if text.source is TextSource.REFLECTION:
        reflection = work.session.get(FacilitatorReflection, text.source_id)
        written = work.vault.open(reflection, "unit", ForTheUnit).system if reflection else ""
        return Words("What could agencies learn from this session about how they work together?", written)
    record = work.session.get(SessionRecord, text.source_id)
    learning = work.vault.open(record, "learning", Learning).learning if record else ""
    return Words("General learning from a session", learning)


def count_disagreements(work: Work) -> int:
    """Return how many texts there are to talk about that the actor may read."""
    return work.session.scalar(select(func.count()).select_from(ReadingText).where(_differs(work.actor))) or 0


def disagreements(work: Work, *, skip: int = 0, most: int = 50) -> list[Disagreement]:
    """Return the texts that both have read with another result, and that are not agreed; by three queries."""
    rows = work.session.scalars(
        _whole().where(_differs(work.actor)).order_by(ReadingText.id).offset(skip).limit(most)
    ).all()
    return [_disagreement(work, row) for row in rows]


def read_twice(work: Work) -> Sequence[ReadingText]:
    """Return all texts that both have read, with what each of them said; by three queries."""
    return work.session.scalars(_whole().where(_readers() >= READERS).order_by(ReadingText.id)).all()


def not_read_twice(work: Work) -> Sequence[ReadingText]:
    """Return the texts that still need a reader, whoever may read them; by three queries."""
    return work.session.scalars(_whole().where(_readers() < READERS).order_by(ReadingText.id)).all()


def keys_of(row: ThemeReading | ThemeConsensus | None) -> frozenset[str]:
    """Return the keys of the themes that a reading or a consensus found."""
    return frozenset(json.loads(row.themes)) if row is not None else frozenset()


def reading_of(text: ReadingText, person_id: uuid.UUID | None) -> ThemeReading | None:
    """Return somebody's own reading of a text."""
    return next((one for one in text.readings if one.reader_id == person_id), None)


def _disagreement(work: Work, text: ReadingText) -> Disagreement:
    frame = frame_in_force(work).themes
    one, other = (as_now(frame, keys_of(reading)) for reading in text.readings)
    words = {theme.key: theme.wording.words for theme in frame}
    order = {theme.key: place for place, theme in enumerate(frame)}

    def named(keys: frozenset[str]) -> tuple[str, ...]:
        return tuple(words[key] for key in sorted(keys, key=order.__getitem__) if theme_of(frame, key))

    return Disagreement(text, named(one & other), named(one ^ other))


def _whole() -> Select[ReadingText]:
    return select(ReadingText).options(
        selectinload(ReadingText.readings), selectinload(ReadingText.consensus)
    )


def _open_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for texts that somebody may read, has not read, and that two others have not read."""
    own = (
        select(ThemeReading.id)
        .where(ThemeReading.text_id == ReadingText.id, ThemeReading.reader_id == actor.person_id)
        .correlate(ReadingText)
        .exists()
    )
    return and_(_readers() < READERS, ~own, seen_by(actor))


def _differs(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for texts that two have read, that are not agreed, and that somebody may read."""
    agreed = (
        select(ThemeConsensus.id)
        .where(ThemeConsensus.text_id == ReadingText.id)
        .correlate(ReadingText)
        .exists()
    )
    return and_(_readers() >= READERS, ~agreed, seen_by(actor))


def _readers() -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(ThemeReading.text_id == ReadingText.id)
        .correlate(ReadingText)
        .scalar_subquery()
    )
