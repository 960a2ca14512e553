"""Close rounds at their closing moment, open what may be opened as pools, and close finished requests."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Engine, delete, exists, select

from jags.feedback.model import Comment, LostLink, Pool, Pot, Round, SectorYear, Tally, Ticket
from jags.feedback.policy import require_job
from jags.feedback.queries import last_day, stands_still, waiting_rounds
from jags.feedback.rules import (
    LEAST_ANSWERS,
    CommentText,
    FormKey,
    PotState,
    RoundState,
    mixed_kind,
    pool_kind,
    year_began_on,
)
from jags.feedback.rules.answers import Answers, answer_info, unpack
from jags.feedback.rules.forms import with_changes
from jags.feedback.service.answering import SEALED_BYTES, envelopes
from jags.feedback.service.joining import join_pools
from jags.feedback.service.opening import mail_cause
from jags.feedback.service.rounds import closing_moment, key_info
from jags.feedback.service.sectors import keep_sectors
from jags.feedback.service.slips import follow_the_date
from jags.kernel.box import open_as_jobs, open_with
from jags.kernel.database import forget_deleted
from jags.kernel.time import day_in_words, start_of_day
from jags.kernel.work import Work
from jags.notifications.service import change_waiting, withdraw_mail
from jags.requests.model import Request
from jags.requests.rules import State, Verb, suggests_transitional
from jags.requests.service import move_request
from jags.scheduling.model import JagsSession, SessionRecord
from jags.scheduling.rules import SessionState
from jags.settings.queries import partnership

_COMMENT_KEY = "feedback-comments"


def close_due_rounds(work: Work) -> int:
    """Close each round whose closing moment has come, and open what may be opened; return how many were closed.

    A round with enough answers is opened by itself. Smaller ones stay sealed until those of their kind have enough
    together, once a year was over those of any kind of their form. One transaction: a round is never half opened. While everything about its request is paused a round stays
    open; when the pause is lifted, it closes later by the pause's length (docs/adr/0005-anonymous-feedback.md).
    """
    require_job(work.actor)
    join_pools(work)
    _give_time_back(work)
    follow_the_date(work)
    due = work.session.scalars(
        select(Round)
        .where(Round.state == RoundState.OPEN, Round.closes_at <= work.now, ~stands_still())
        .order_by(Round.closes_at, Round.id)
        .with_for_update()
    ).all()
    for found in due:
        _close_round(work, found)
    tallied = _open_pools(work)
    for found in due:
        work.record("feedback_round:closed", found.id, session=str(found.session_id), state=found.state)
    for found in tallied:
        if found not in due:
            work.record("feedback_round:tallied", found.id, session=str(found.session_id))
    return len(due)


def close_finished_requests(work: Work) -> int:
    """Close held requests whose record is there and whose feedback is in; return how many.

    A session of people whom no link could reach has a round of nobody, which closes like others. A paused request stays
    as it is.
    """
    require_job(work.actor)
    asked_and_in = exists(
        select(Round.id).where(
            Round.session_id == JagsSession.id,
            Round.form == FormKey.PARTICIPANT,
            Round.state != RoundState.OPEN,
        )
    ) & exists(select(SessionRecord.id).where(SessionRecord.session_id == JagsSession.id))
    finished = work.session.scalars(
        select(Request)
        .join(JagsSession, JagsSession.request_id == Request.id)
        .where(
            Request.state == State.HELD,
            Request.paused_at.is_(None),
            JagsSession.state == SessionState.HELD,
            asked_and_in,
        )
        .order_by(Request.received_at, Request.id)
    ).all()
    for request in finished:
        move_request(work, request, Verb.CLOSE)
    return len(finished)


def forget_opened(engine: Engine) -> None:
    """Leave no trace on the pages of the database, once rounds were opened: of tickets, sealed answers, their keys, and who was there."""
    forget_deleted(
        engine, *(table.__tablename__ for table in (Ticket, Pot, Round, LostLink, SectorYear, JagsSession))
    )


def _give_time_back(work: Work) -> None:
    """Let open rounds close later by the pauses since they opened, and say the new day in invitations that have not left."""
    owed = work.session.execute(
        select(Round, Request.paused_seconds)
        .join(JagsSession, JagsSession.id == Round.session_id)
        .join(Request, Request.id == JagsSession.request_id)
        .where(
            Round.state == RoundState.OPEN,
            Request.paused_at.is_(None),
            Request.paused_seconds > Round.paused_seconds,
        )
        .order_by(Round.id)
        .with_for_update(of=Round)
    ).all()
    for found, paused_seconds in owed:
        pause = timedelta(seconds=paused_seconds - found.paused_seconds)
        found.closes_at = closing_moment(last_day(found.closes_at + pause))
        found.paused_seconds = paused_seconds
        change_waiting(
            work, cause_prefix=mail_cause(found), params={"last_day": day_in_words(last_day(found.closes_at))}
        )
        work.record("feedback_round:prolonged", found.id, session=str(found.session_id))
    work.session.flush()


def _close_round(work: Work, found: Round) -> None:
    pots = select(Pot.id).where(Pot.round_id == found.id)
    # Tickets before pots, as an answer takes them, so that neither waits for the other for ever.
    work.session.execute(
        delete(Ticket).where(Ticket.pot_id.in_(pots)).execution_options(synchronize_session=False)
    )
    closing = select(Pot).where(Pot.round_id == found.id).order_by(Pot.id).with_for_update()
    for pot in work.session.scalars(closing.execution_options(populate_existing=True)):
        pot.state = PotState.CLOSED
    request = work.session.scalars(
        select(Request)
        .join(JagsSession, JagsSession.request_id == Request.id)
        .where(JagsSession.id == found.session_id)
    ).one()
    found.kind = pool_kind(
        found.form,
        age_cohort=suggests_transitional(request.age_bands),
        transitional=bool(request.transitional_confirmed),
    )
    found.state, found.threads_sealed, found.spares_sealed = RoundState.WAITING, None, None
    work.session.execute(delete(LostLink).where(LostLink.round_id == found.id))
    if found.form is FormKey.LATER:
        # Nobody is asked about this session any more, so nobody needs to know who was there.
        work.session.get_one(JagsSession, found.session_id).presence_sealed = None
    # An invitation that has not left until now would lead to a closed door.
    withdraw_mail(work, cause_prefix=mail_cause(found))
    work.session.flush()


def _open_pools(work: Work) -> list[Round]:
    least = max(LEAST_ANSWERS, partnership(work).feedback_least_inside)
    waiting = [(found, size // SEALED_BYTES) for found, size in waiting_rounds(work)]
    pools = [(found.kind, [found]) for found, answers in waiting if answers >= least]
    small = [(found, answers) for found, answers in waiting if answers < least]
    pools += _together(small, least, lambda found: found.kind)
    pooled = {found.id for _, rounds in pools for found in rounds}
    # What nothing of its kind has joined until the year was over is joined across cells.
    year = start_of_day(year_began_on(work.today))
    left = [(found, n) for found, n in small if found.id not in pooled and found.closes_at <= year]
    pools += _together(left, least, lambda found: mixed_kind(found.form))
    for kind, rounds in pools:
        _open_pool(work, kind, rounds)
    return [found for _, rounds in pools for found in rounds]


def _together(
    small: list[tuple[Round, int]], least: int, kind_of: Callable[[Round], str]
) -> list[tuple[str, list[Round]]]:
    """Return the rounds of each kind that have enough answers together."""
    rounds: dict[str, list[Round]] = defaultdict(list)
    answers: Counter[str] = Counter()
    for found, number in small:
        rounds[kind_of(found)].append(found)
        answers[kind_of(found)] += number
    return [(kind, them) for kind, them in sorted(rounds.items()) if answers[kind] >= least]


def _open_pool(work: Work, kind: str, rounds: list[Round]) -> None:
    opened = [
        (found.form_version_id, *answer.without_sector())
        for found in rounds
        for answer in _unseal(work, found)
    ]
    answers = [(version, answer) for version, answer, _ in opened]
    pool = Pool(kind=kind, opened_on=work.today, answers=len(answers))
    work.session.add(pool)
    work.session.flush()
    counted = Counter(
        (version, item, option) for version, a in answers for item, option in with_changes(a.ratings).items()
    )
    work.session.add_all(
        Tally(pool_id=pool.id, form_version_id=version, item=item, option=option, n=n)
        for (version, item, option), n in sorted(counted.items())
    )
    _keep_comments(work, pool, [answer for _, answer in answers])
    if rounds[0].form is FormKey.PARTICIPANT:
        keep_sectors(work, [sector for _, _, sector in opened])
    for found in rounds:
        found.pool_id, found.state, found.private_key_sealed = pool.id, RoundState.OPENED, None
        work.session.execute(delete(Pot).where(Pot.round_id == found.id))
    work.session.flush()


def _unseal(work: Work, found: Round) -> list[Answers]:
    private_key = open_as_jobs(work, key_info(found), found.private_key_sealed or b"")
    bodies = work.session.scalars(select(Pot.body).where(Pot.round_id == found.id).order_by(Pot.id))
    return [
        unpack(open_with(private_key, answer_info(found.id, found.form_version_id), sealed))
        for body in bodies
        for sealed in envelopes(body)
    ]


def _keep_comments(work: Work, pool: Pool, answers: list[Answers]) -> None:
    """Keep each field's comments apart from everything else, in no order."""
    key_id = work.vault.system_key_id(_COMMENT_KEY)
    fields: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for answer in answers:
        for item, text in answer.texts.items():
            fields[item].append((text, answer.may_quote))
    for item, texts in sorted(fields.items()):
        secrets.SystemRandom().shuffle(texts)
        for text, may_quote in texts:
            row = Comment(key_id=key_id, pool_id=pool.id, item=item, may_quote=may_quote)
            work.vault.seal(row, "text", CommentText(text))
            work.session.add(row)
