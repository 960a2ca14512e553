"""The one table of jobs: name, seconds between runs, and the function that does what is due."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Engine

from jags.accounts.service import suspend_unused, sweep_failures, sweep_sessions, tell_of_due_reviews
from jags.allocation.service import lapse_offers
from jags.audit.service import make_checkpoints
from jags.facilitators.service import extend_patterns, tell_of_lapsing_training
from jags.feedback.service import (
    close_due_rounds,
    close_finished_requests,
    count_sectors,
    forget_opened,
    open_due_rounds,
    open_later_rounds,
    remind_rounds,
    replace_lost_links,
)
from jags.kernel.sealing import forget_keys
from jags.kernel.work import Work
from jags.quality.service.afterwards import remind_of_concerns
from jags.quality.service.auditing import remind_of_returns
from jags.quality.service.telling import tell_of_observations
from jags.requests.rules import is_working_day
from jags.requests.service import count_equalities, delete_old_drafts, nudge_requesters, send_asked_links
from jags.retention.service import carry_out, mail_anchors, make_list_by_job
from jags.scheduling.service import (
    free_released,
    keep_wall_times_by_job,
    nudge_about_dates,
    send_digests,
    send_reminders,
    tell_of_dates_over,
)
from jags.themes.service.reading import take_in_texts


@dataclass(frozen=True)
class Job:
    """A job: `run` does what is due and returns how many things it dealt with.

    When it dealt with any, `afterwards` does what no transaction can hold, once they are committed; and once after each start, because
    the process may have been stopped between the two.
    """

    name: str
    seconds: int
    run: Callable[[Work], int]
    afterwards: Callable[[Engine], None] | None = None


JOBS: tuple[Job, ...] = (
    Job("send-new-links", 15, send_asked_links),
    Job("open-feedback-rounds", 60, open_due_rounds),
    Job("open-later-feedback-rounds", 3600, open_later_rounds),
    Job("remind-of-feedback", 3600, remind_rounds),
    Job("replace-lost-feedback-links", 60, replace_lost_links),
    Job("close-feedback-rounds", 60, close_due_rounds, forget_opened),
    Job("count-feedback-sectors", 3600, count_sectors, forget_opened),
    Job("close-finished-requests", 300, close_finished_requests),
    Job("lapse-offers", 300, lapse_offers),
    Job("send-reminders", 900, send_reminders),
    Job("nudge-about-dates", 900, nudge_about_dates),
    Job("tell-of-dates-over", 900, tell_of_dates_over),
    Job("send-digests", 900, send_digests),
    Job("tell-of-observations", 60, tell_of_observations),
    Job("remind-of-concerns", 900, remind_of_concerns),
    Job("remind-of-audit-returns", 3600, remind_of_returns),
    Job("take-in-texts", 3600, take_in_texts),
    Job("free-released-facilitators", 300, free_released),
    Job("nudge-requesters", 3600, nudge_requesters),
    Job("delete-old-drafts", 3600, delete_old_drafts, forget_keys),
    Job("count-equalities", 3600, count_equalities),
    Job("extend-availability", 3600, partial(extend_patterns, is_working_day=is_working_day)),
    Job("keep-wall-times", 3600, keep_wall_times_by_job),
    Job("tell-of-lapsing-training", 3600, tell_of_lapsing_training),
    Job("list-what-is-due", 3600, make_list_by_job),
    Job("erase-what-was-approved", 300, carry_out, forget_keys),
    Job("make-checkpoints", 3600, make_checkpoints),
    Job("mail-anchors", 3600, mail_anchors),
    Job("sweep-sign-in-failures", 3600, sweep_failures),
    Job("sweep-sessions", 3600, sweep_sessions),
    Job("suspend-unused-accounts", 3600, suspend_unused),
    Job("tell-of-access-reviews", 3600, tell_of_due_reviews),
)
