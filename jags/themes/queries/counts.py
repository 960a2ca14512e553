"""What is counted: agreement of the readers on each theme, and in how many agreed texts of a period a theme was found."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from jags.feedback.model import Comment, Pool, Round
from jags.feedback.rules import FormKey, kinds
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.scheduling.model import JagsSession
from jags.themes.model import ReadingText, ThemeConsensus
from jags.themes.queries.frame import frame_in_force
from jags.themes.queries.texts import keys_of, read_twice
from jags.themes.rules import READERS, TextSource
from jags.themes.rules.agreement import Agreement, agreement, cells_of
from jags.themes.rules.counted import ThemeCount, ThemesCounted
from jags.themes.rules.frame import Theme, as_now, in_use


@dataclass(frozen=True)
class ThemeAgreement:
    """How far readers agree on a theme."""

    theme: Theme
    found: Agreement


@dataclass(frozen=True)
class AgreementFound:
    """Agreement on each theme in use, over the texts that two have read; `readers` people read them in all."""

    texts: int
    readers: int
    themes: tuple[ThemeAgreement, ...]


@dataclass(frozen=True)
class ReadText:
    """A text with its London date, whether it is about confirmed transitional safeguarding, and the themes agreed; None before.

    `closed` says that it is told of outside the Business Unit: a comment waits for the block of its pool.
    """

    id: uuid.UUID
    on: date
    confirmed: bool
    themes: frozenset[str] | None
    closed: bool


def agreement_by_theme(work: Work) -> AgreementFound:
    """Return the agreement on each theme, of what the readers said before they talked; by four queries.

    Codes of merged themes count as what they became. Kappa is given where the same two people have read everything.
    """
    texts, frame = read_twice(work), frame_in_force(work).themes
    people = sorted({reading.reader_id for text in texts for reading in text.readings})
    said = [[as_now(frame, keys_of(reading)) for reading in text.readings] for text in texts]
    found = tuple(
        ThemeAgreement(
            theme,
            agreement(
                cells_of((theme.key in one, theme.key in other) for one, other in said),
                same_two_readers=len(people) == READERS,
            ),
        )
        for theme in in_use(frame)
    )
    return AgreementFound(len(texts), len(people), found)


def texts_read(work: Work) -> list[ReadText]:
    """Return all texts that are read for themes, by three queries.

    A text about a session has the date of that; a comment, of which nobody knows the session, that of the last session of
    its pool, as the answers of the pool have.
    """
    last = (
        select(Round.pool_id.label("pool_id"), func.max(JagsSession.starts_at).label("starts_at"))
        .join(JagsSession, JagsSession.id == Round.session_id)
        .where(Round.pool_id.is_not(None))
        .group_by(Round.pool_id)
        .subquery()
    )
    confirmed_kinds = {kind for form in FormKey for kind in kinds(form, only_transitional=True)}
    comments = (
        select(ReadingText.id, ThemeConsensus, last.c.starts_at, Pool.kind, Pool.block_id)
        .join(Comment, Comment.id == ReadingText.source_id)
        .join(Pool, Pool.id == Comment.pool_id)
        .join(last, last.c.pool_id == Pool.id)
        .outerjoin(ThemeConsensus, ThemeConsensus.text_id == ReadingText.id)
        .where(ReadingText.source == TextSource.COMMENT)
    )
    of_sessions = (
        select(ReadingText.id, ThemeConsensus, JagsSession.starts_at, Request.transitional_confirmed)
        .join(JagsSession, JagsSession.id == ReadingText.session_id)
        .join(Request, Request.id == JagsSession.request_id)
        .outerjoin(ThemeConsensus, ThemeConsensus.text_id == ReadingText.id)
    )
    found = [
        ReadText(id_, london_date(at), kind in confirmed_kinds, _found(row), closed=block is not None)
        for id_, row, at, kind, block in work.session.execute(comments)
    ]
    found += [
        ReadText(id_, london_date(at), bool(confirmed), _found(row), closed=True)
        for id_, row, at, confirmed in work.session.execute(of_sessions)
    ]
    return found


def themes_counted(
    work: Work, *, held_from: date, held_to: date, transitional: bool = False
) -> ThemesCounted:
    """Return in how many texts of a period each theme was found, both London dates included.

    `transitional` keeps what is about sessions that feature transitional safeguarding. Themes that were retired since stand
    last, as long as a text holds them.
    """
    texts = [
        text
        for text in texts_read(work)
        if held_from <= text.on <= held_to and (text.confirmed or not transitional)
    ]
    agreed = Counter(text.themes for text in texts if text.themes is not None)
    return themes_of(work, agreed, waiting=len(texts) - agreed.total())


def themes_of(work: Work, agreed: Mapping[frozenset[str], int], *, waiting: int = 0) -> ThemesCounted:
    """Return in how many texts each theme was found, of so many that hold the same themes; merged themes count as one."""
    frame = frame_in_force(work).themes
    counted: Counter[str] = Counter()
    for keys, number in agreed.items():
        for key in as_now(frame, keys):
            counted[key] += number
    current = in_use(frame)
    rest = tuple(theme for theme in frame if theme not in current and counted[theme.key])
    return ThemesCounted(
        sum(agreed.values()),
        waiting,
        tuple(ThemeCount(theme, counted[theme.key]) for theme in (*current, *rest)),
    )


def _found(row: ThemeConsensus | None) -> frozenset[str] | None:
    return keys_of(row) if row is not None else None
