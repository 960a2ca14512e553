"""Write a draft of a report: gathered, told section by section, and made an edition."""

from dataclasses import replace

from jags.evaluation.model import Report
from jags.evaluation.policy import require_inside, require_seen
from jags.evaluation.queries.gathering import gather
from jags.evaluation.queries.quoting import written_of
from jags.evaluation.queries.reports import statement_of, words_of
from jags.evaluation.render.sections import raw_report
from jags.evaluation.rules.document import Document, Edition
from jags.evaluation.rules.editions import edition_of
from jags.evaluation.rules.gathered import Asked, Written
from jags.evaluation.service.ledger import as_outside, why_not
from jags.kernel.work import Work

_DRAFTS = {
    Edition.INTERNAL: "This is an internal draft with every figure. It stays with the Business Unit and the independent scrutineer.",
    Edition.RESTRICTED: "This is a draft of the restricted edition. Nobody has released it.",
    Edition.PUBLIC: "This is a draft of the public edition. Nobody has released it.",
}


def draft_report(work: Work, asked: Asked, edition: Edition) -> Document:
    """Return a draft of an edition, marked as such; for the Business Unit only."""
    require_inside(work.actor)
    return _draft(work, asked, edition, Written())


def draft_of_report(work: Work, report: Report) -> Document:
    """Return a report that is still a draft, with its figures of now and what was written so far."""
    require_seen(work.actor)
    words = words_of(work, report)
    written = replace(written_of(work, report.asked, words), statement=statement_of(work, report))
    return _draft(work, report.asked, Edition.INTERNAL, written, of=report)


def _draft(
    work: Work, asked: Asked, edition: Edition, written: Written, *, of: Report | None = None
) -> Document:
    gathered = replace(gather(work, asked), written=written)
    if edition is not Edition.INTERNAL:
        gathered = as_outside(work, gathered)
    cautions = [_DRAFTS[edition], why_not(work, asked, beside=of.id if of else None)]
    return edition_of(raw_report(gathered, cautions=tuple(filter(None, cautions))), edition)
