"""What evaluation does: keep the promotion log, and write reports."""

from jags.evaluation.service.drafting import draft_report
from jags.evaluation.service.promotion import add_promotion, change_promotion, delete_promotion

__all__ = ["add_promotion", "change_promotion", "delete_promotion", "draft_report"]
