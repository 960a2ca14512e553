"""Read the code frame: what is in force, its history, and what facilitators said about drafts."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from jags.accounts.queries import names_of
from jags.kernel.work import Work
from jags.themes.model import FrameVersion, ThemeRemark
from jags.themes.rules import FrameChange, ThemeState
from jags.themes.rules.frame import Frame, Theme, frame_from_text
from jags.themes.rules.standard import STANDARD


@dataclass(frozen=True)
class FrameInForce:
    """The code frame as it is now; number 0 is the one that came with the software."""

    number: int
    themes: Frame


@dataclass(frozen=True)
class VersionLine:
    """A version of the frame: what was changed, why, when and by whom."""

    number: int
    change: FrameChange
    about: str
    why: str
    made_at: datetime
    by: str


@dataclass(frozen=True)
class Remark:
    """What a facilitator wrote about a draft theme."""

    text: str = ""


@dataclass(frozen=True)
class RemarkLine:
    """A remark with who wrote it and when."""

    text: str
    by: str
    said_on: date


def frame_in_force(work: Work) -> FrameInForce:
    """Return the code frame that texts are read with now; one query a unit of work."""
    if "frame" not in work.memo:
        found = work.session.scalar(select(FrameVersion).order_by(FrameVersion.number.desc()).limit(1))
        work.memo["frame"] = (
            FrameInForce(found.number, frame_from_text(found.themes)) if found else FrameInForce(0, STANDARD)
        )
    frame: FrameInForce = work.memo["frame"]
    return frame


def history(work: Work) -> list[VersionLine]:
    """Return the changes of the code frame, newest first; by two queries."""
    rows = work.session.scalars(select(FrameVersion).order_by(FrameVersion.number.desc())).all()
    names = names_of(work, {row.made_by for row in rows if row.made_by})
    return [
        VersionLine(
            row.number,
            row.change,
            row.about,
            row.why,
            row.made_at,
            names.get(row.made_by, "") if row.made_by else "",
        )
        for row in rows
    ]


def shared_drafts(work: Work) -> list[Theme]:
    """Return the draft themes that facilitators are asked about."""
    return [theme for theme in frame_in_force(work).themes if theme.state is ThemeState.SHARED]


def remarks(work: Work, theme: str) -> list[RemarkLine]:
    """Return what was said about a theme, oldest first; by three queries."""
    rows = work.session.scalars(
        select(ThemeRemark).where(ThemeRemark.theme == theme).order_by(ThemeRemark.said_on, ThemeRemark.id)
    ).all()
    work.vault.prefetch(rows)
    names = names_of(work, {row.person_id for row in rows})
    return [
        RemarkLine(work.vault.open(row, "remark", Remark).text, names.get(row.person_id, ""), row.said_on)
        for row in rows
    ]


def own_remarks(work: Work, person_id: uuid.UUID) -> dict[str, list[str]]:
    """Return what somebody said themselves, by theme."""
    rows = work.session.scalars(
        select(ThemeRemark)
        .where(ThemeRemark.person_id == person_id)
        .order_by(ThemeRemark.said_on, ThemeRemark.id)
    ).all()
    work.vault.prefetch(rows)
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.theme, []).append(work.vault.open(row, "remark", Remark).text)
    return found
