"""Read what evaluation tells: the figures of a period, the promotion log, and who asks for a JAGS and who never does."""

from jags.evaluation.queries.asking import who_asks
from jags.evaluation.queries.figures import figures
from jags.evaluation.queries.promotion import channel_totals, get_promotion, promotion_log, promotion_page

__all__ = ["channel_totals", "figures", "get_promotion", "promotion_log", "promotion_page", "who_asks"]
