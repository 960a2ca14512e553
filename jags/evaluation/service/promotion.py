"""Keep the promotion log: add, change and delete what was done to make JAGS known."""

import uuid

from jags.evaluation.model import Promotion
from jags.evaluation.policy import require_promotion
from jags.evaluation.queries import get_promotion
from jags.evaluation.rules import AUDIENCE_MOST, NOTE_MOST, REACH_MOST, PromotionEntry
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.settings.queries import partnership


def add_promotion(work: Work, entry: PromotionEntry) -> Promotion:
    """Add an entry to the log; raises `Invalid` for what cannot be right."""
    require_promotion(work.actor)
    _check(work, entry)
    promotion = Promotion(entered_at=work.now)
    _fill(promotion, entry)
    work.session.add(promotion)
    work.session.flush()
    work.record("promotion:added", promotion.id)
    return promotion


def change_promotion(
    work: Work, promotion_id: uuid.UUID, entry: PromotionEntry, *, version: int
) -> Promotion:
    """Change an entry of the log. A channel that the partnership has taken off its list may stay as it was.

    Raises `Stale` when somebody else has changed it since `version`, `Invalid` for what cannot be right.
    """
    require_promotion(work.actor)
    promotion = get_promotion(work, promotion_id)
    promotion.expect(version)
    _check(work, entry, kept=promotion.channel)
    _fill(promotion, entry)
    work.record("promotion:changed", promotion.id)
    return promotion


def delete_promotion(work: Work, promotion_id: uuid.UUID, *, version: int) -> None:
    """Delete an entry of the log; raises `Stale` when somebody else has changed it since `version`."""
    require_promotion(work.actor)
    promotion = get_promotion(work, promotion_id)
    promotion.expect(version)
    work.session.delete(promotion)
    work.record("promotion:deleted", promotion_id)


def _check(work: Work, entry: PromotionEntry, *, kept: str = "") -> None:
    if entry.on > work.today:
        raise Invalid("Enter a date that is today or in the past.", field="on")
    if not entry.audience.strip():
        raise Invalid("Enter who it was for.", field="audience")
    if len(entry.audience) > AUDIENCE_MOST:
        raise Invalid(f"Shorten who it was for to {AUDIENCE_MOST} characters or fewer.", field="audience")
    if entry.channel not in partnership(work).promotion_channels and entry.channel != (kept or None):
        raise Invalid("Select a channel of the list.", field="channel")
    if entry.reach is not None and not 0 <= entry.reach <= REACH_MOST:
        raise Invalid(f"Enter a whole number from 0 to {REACH_MOST:,}, or leave it empty.", field="reach")
    if len(entry.note) > NOTE_MOST:
        raise Invalid(f"Shorten the note to {NOTE_MOST:,} characters or fewer.", field="note")


def _fill(promotion: Promotion, entry: PromotionEntry) -> None:
    promotion.on = entry.on
    promotion.audience = entry.audience.strip()
    promotion.channel = entry.channel
    promotion.reach = entry.reach
    promotion.note = entry.note.strip()
