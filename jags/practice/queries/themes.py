"""Count what the sessions of the last twelve months were asked for, as far as nobody can be found in it."""

from dataclasses import dataclass

from sqlalchemy import distinct, func, select

from jags.kernel.time import days
from jags.kernel.work import Work
from jags.practice.rules import THEME_SESSIONS_LEAST
from jags.requests.model import RequestChoice
from jags.requests.rules import Question, Reason
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState


@dataclass(frozen=True)
class Theme:
    """A reason for which sessions were asked, and of how many sessions it was one."""

    reason: Reason
    sessions: int


@dataclass(frozen=True)
class Themes:
    """The themes of a number of sessions; those that few sessions share are not among them."""

    sessions: int
    themes: tuple[Theme, ...]


def themes_of_sessions(work: Work) -> Themes:
    """Return the reasons that at least five sessions held in the last twelve months share, the most frequent first.

    Words of the form only: nothing that anybody wrote, and no session by itself (docs/glossary.md, "network meeting").
    """
    held = (JagsSession.state == SessionState.HELD, JagsSession.starts_at >= work.now - days(365))
    number = func.count(distinct(JagsSession.id))
    sessions = work.session.scalar(select(func.count()).select_from(JagsSession).where(*held)) or 0
    rows = work.session.execute(
        select(RequestChoice.choice, number)
        .join(JagsSession, JagsSession.request_id == RequestChoice.request_id)
        .where(*held, RequestChoice.question == Question.REASON, RequestChoice.choice != Reason.OTHER)
        .group_by(RequestChoice.choice)
        .having(number >= THEME_SESSIONS_LEAST)
        .order_by(number.desc(), RequestChoice.choice)
    )
    return Themes(sessions, tuple(Theme(Reason(choice), count) for choice, count in rows))
