"""Write a draft of a report: gathered, told section by section, and made an edition."""

from jags.evaluation.policy import require_inside
from jags.evaluation.queries.gathering import gather
from jags.evaluation.render.sections import raw_report
from jags.evaluation.rules.document import Document, Edition
from jags.evaluation.rules.editions import edition_of
from jags.evaluation.rules.gathered import Asked
from jags.kernel.work import Work

_DRAFTS = {
    Edition.INTERNAL: "This is an internal draft with every figure. It stays in the Business Unit.",
    Edition.RESTRICTED: "This is a draft of the restricted edition. Nobody has released it.",
    Edition.PUBLIC: "This is a draft of the public edition. Nobody has released it.",
}


def draft_report(work: Work, asked: Asked, edition: Edition) -> Document:
    """Return a draft of an edition, marked as such; for the Business Unit only."""
    require_inside(work.actor)
    return edition_of(raw_report(gather(work, asked), cautions=(_DRAFTS[edition],)), edition)
