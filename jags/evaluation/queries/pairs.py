"""Count the pairs of facilitators that agreed, and the rules that were set aside for them."""

from sqlalchemy import ColumnElement, case, exists, func, select

from jags.allocation.model import AgreedException, Offer, OfferedPair
from jags.allocation.rules import EXCEPTION_RULES, OfferState, Rule, in_checking_order, rule_in_words
from jags.evaluation.rules import Count, Pairs
from jags.kernel.work import Work
from jags.requests.model import Request

# That both of a pair agreed, and still do.
AGREED = OfferedPair.offers.any() & ~OfferedPair.offers.any(Offer.state != OfferState.ACCEPTED)


def pairs_of(work: Work, selected: ColumnElement[bool]) -> Pairs:
    """Return the pairs that have agreed to facilitate the selected requests and still do, by one query.

    Of two agencies are those for which nobody agreed an exception from that rule: agencies as they were when it was offered.
    """
    rules = in_checking_order(EXCEPTION_RULES)
    set_aside = [
        exists().where(AgreedException.pair_id == OfferedPair.id, AgreedException.rule == rule)
        for rule in rules
    ]
    agreed, *numbers = work.session.execute(
        select(func.count(), *(func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in set_aside))
        .select_from(OfferedPair)
        .join(Request, Request.id == OfferedPair.request_id)
        .where(selected, AGREED)
    ).one()
    by_rule = {rule: int(number) for rule, number in zip(rules, numbers, strict=True)}
    return Pairs(
        agreed=agreed,
        two_agencies=agreed - by_rule[Rule.AGENCY],
        exceptions=tuple(Count(rule_in_words(rule), number) for rule, number in by_rule.items() if number),
    )
