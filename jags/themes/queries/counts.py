"""What is counted: agreement of the readers on each theme, and in how many agreed texts of a period a theme was found."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, or_, select

from jags.kernel.time import start_of_day
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.scheduling.model import JagsSession
from jags.themes.model import ReadingText, ThemeConsensus
from jags.themes.queries.frame import frame_in_force
from jags.themes.queries.texts import keys_of, read_twice
from jags.themes.rules import READERS, TextSource
from jags.themes.rules.agreement import Agreement, agreement, cells_of
from jags.themes.rules.counted import ThemeCount, ThemesCounted
from jags.themes.rules.frame import Frame, Theme, as_now, in_use


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


def themes_counted(
    work: Work, *, held_from: date, held_to: date, transitional: bool = False
) -> ThemesCounted:
    """Return in how many texts each theme was found: texts about sessions held in a period, both London dates included.

    Released comments belong to no session: those of all periods are counted, and none where only sessions that
    feature transitional safeguarding are. Themes that were retired since stand last, as long as a text holds them.
    """
    frame = frame_in_force(work).themes
    in_period = (JagsSession.starts_at >= start_of_day(held_from)) & (
        JagsSession.starts_at < start_of_day(held_to + timedelta(days=1))
    )
    of_cohort = in_period & Request.transitional_confirmed.is_(True)
    found: Select[TextSource, ThemeConsensus | None] = (
        select(ReadingText.source, ThemeConsensus)
        .outerjoin(ThemeConsensus, ThemeConsensus.text_id == ReadingText.id)
        .outerjoin(JagsSession, JagsSession.id == ReadingText.session_id)
        .outerjoin(Request, Request.id == JagsSession.request_id)
        .where(of_cohort if transitional else or_(ReadingText.session_id.is_(None), in_period))
    )
    rows = work.session.execute(found).all()
    counted: Counter[tuple[str, TextSource]] = Counter()
    agreed = [(source, row) for source, row in rows if row is not None]
    for source, row in agreed:
        counted.update((key, source) for key in as_now(frame, keys_of(row)))
    return ThemesCounted(len(agreed), len(rows) - len(agreed), _lines(frame, counted))


def _lines(frame: Frame, counted: Counter[tuple[str, TextSource]]) -> tuple[ThemeCount, ...]:
    current = in_use(frame)
    held = {key for key, _ in counted}
    rest = tuple(theme for theme in frame if theme not in current and theme.key in held)
    return tuple(
        ThemeCount(
            theme,
            sum(counted[theme.key, source] for source in TextSource),
            {source: counted[theme.key, source] for source in TextSource},
        )
        for theme in (*current, *rest)
    )
