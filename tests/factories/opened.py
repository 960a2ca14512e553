"""Feedback that was opened, as the job that opens rounds leaves it: pools with their rounds and tallies."""

from collections.abc import Mapping, Sequence
from datetime import date

from jags.feedback.model import FormVersion, Pool, Round, Tally
from jags.feedback.rules import FormKey, RoundState, pool_kind
from jags.feedback.rules.forms import PARTICIPANT_ITEMS, items_to_text
from jags.kernel.work import Work
from jags.scheduling.model import JagsSession


def add_pool(
    work: Work,
    sessions: Sequence[JagsSession],
    *,
    opened_on: date,
    answers: int = 5,
    tallies: Mapping[str, Mapping[str, int]] | None = None,
    confirmed: bool = False,
) -> Pool:
    """Open the rounds of some sessions together; without tallies everybody agrees that it felt safe."""
    form = work.session.query(FormVersion).first()
    if form is None:
        form = FormVersion(form=FormKey.PARTICIPANT, number=1, items=items_to_text(PARTICIPANT_ITEMS))
        work.session.add(form)
    kind = pool_kind(FormKey.PARTICIPANT, age_cohort=confirmed, transitional=confirmed)
    pool = Pool(kind=kind, opened_on=opened_on, answers=answers)
    work.session.add(pool)
    work.session.flush()
    for session in sessions:
        work.session.add(
            Round(
                form=FormKey.PARTICIPANT,
                session_id=session.id,
                pool_id=pool.id,
                form_version_id=form.id,
                invited=answers + 1,
                closes_at=session.starts_at,
                state=RoundState.OPENED,
                public_key=b"",
            )
        )
    for item, options in (tallies or {"safe": {"agree": answers}}).items():
        for option, n in options.items():
            work.session.add(Tally(pool_id=pool.id, form_version_id=form.id, item=item, option=option, n=n))
    work.session.flush()
    return pool
