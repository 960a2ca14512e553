"""Write a report from what was gathered, section by section, before it has an edition."""

from jags.evaluation.render.sections.how_much import how_much
from jags.evaluation.render.sections.how_well import how_well
from jags.evaluation.render.sections.method import METHOD, purpose
from jags.evaluation.render.sections.what_difference import what_difference
from jags.evaluation.render.sections.who import who
from jags.evaluation.rules.definitions import CATALOGUE
from jags.evaluation.rules.gathered import Gathered
from jags.evaluation.rules.measured import RawReport

__all__ = ["raw_report"]


def raw_report(gathered: Gathered, *, cautions: tuple[str, ...] = ()) -> RawReport:
    """Return the report of what was gathered; `cautions` stand before everything else."""
    title = "Evaluation of JAGS"
    if gathered.asked.transitional:
        title = "Evaluation of JAGS that feature transitional safeguarding"
    return RawReport(
        title=title,
        partnership=gathered.partnership,
        period=gathered.asked.period,
        compared_with=gathered.asked.compared_with,
        dated_on=gathered.today,
        sections=(
            purpose(gathered),
            how_much(gathered),
            who(gathered),
            how_well(gathered),
            what_difference(gathered),
        ),
        method=METHOD,
        cautions=cautions,
        definitions=CATALOGUE,
    )
