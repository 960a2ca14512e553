"""Join pools to blocks, in which readers outside the Business Unit see them: for good, so that no later setting divides one."""

from collections import defaultdict

from sqlalchemy import Row, func, select

from jags.feedback.model import Block, Pool, Round
from jags.feedback.rules import LEAST_ANSWERS_OUTSIDE, FormKey, kinds
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.scheduling.model import JagsSession
from jags.settings.queries import partnership


def join_pools(work: Work) -> int:
    """Join pools that belong to no block, in the order of their opening, to blocks of enough answers; return how many blocks.

    At least ten answers, or what the setting asks for; the last pools may wait. Pools of confirmed transitional safeguarding
    make blocks of their own, so that selecting them differs by whole blocks. What was opened today waits until tomorrow: a
    day's pools have no order among themselves until it is over.
    """
    least = max(LEAST_ANSWERS_OUTSIDE, partnership(work).feedback_least_outside)
    streams = {
        kind: f"{form}/{'transitional' if kind in kinds(form, only_transitional=True) else 'other'}"
        for form in FormKey
        for kind in kinds(form, only_transitional=False)
    }
    waiting: dict[str, list[Row[Pool, object]]] = defaultdict(list)
    joined = 0
    for row in work.session.execute(
        select(Pool, func.min(JagsSession.starts_at).label("first"))
        .join(Round, Round.pool_id == Pool.id)
        .join(JagsSession, JagsSession.id == Round.session_id)
        .where(Pool.block_id.is_(None), Pool.opened_on < work.today)
        .group_by(Pool.id)
        .order_by(Pool.opened_on, Pool.id)
    ):
        stream = streams.get(row.Pool.kind, row.Pool.kind)
        together = waiting[stream]
        together.append(row)
        answers = sum(one.Pool.answers for one in together)
        if answers < least:
            continue
        block = Block(
            name=stream, starts_on=london_date(min(one.first for one in together)), closed_on=work.today
        )
        work.session.add(block)
        work.session.flush()
        for one in together:
            one.Pool.block_id = block.id
        work.record("feedback_block:closed", block.id, answers=answers, pools=len(together))
        together.clear()
        joined += 1
    return joined
