"""Write a report from what was gathered, section by section, before it has an edition."""

from jags.evaluation.render.sections.children import about_children
from jags.evaluation.render.sections.effort import effort
from jags.evaluation.render.sections.gaps import gaps
from jags.evaluation.render.sections.how_much import how_much
from jags.evaluation.render.sections.how_well import how_well
from jags.evaluation.render.sections.method import method_of, of_all_localities, purpose
from jags.evaluation.render.sections.themes import themes
from jags.evaluation.render.sections.voices import quotes
from jags.evaluation.render.sections.what_difference import what_difference
from jags.evaluation.render.sections.who import who
from jags.evaluation.render.sections.written import recommendations, statement, with_words
from jags.evaluation.rules.definitions import CATALOGUE
from jags.evaluation.rules.gathered import Asked, Gathered
from jags.evaluation.rules.measured import RawReport

__all__ = ["raw_report", "statement"]


def raw_report(gathered: Gathered, *, cautions: tuple[str, ...] = ()) -> RawReport:
    """Return the report of what was gathered; `cautions` stand before everything else."""
    learnt = (
        (of_all_localities(),)
        if gathered.asked.locality
        else (how_well(gathered), what_difference(gathered), themes(gathered), quotes(gathered))
    )
    sections = (
        purpose(gathered),
        how_much(gathered),
        about_children(gathered),
        who(gathered),
        effort(gathered),
        *learnt,
        gaps(gathered),
    )
    return RawReport(
        title=_title(gathered.asked),
        partnership=gathered.partnership,
        period=gathered.asked.period,
        compared_with=gathered.asked.compared_with,
        dated_on=gathered.today,
        sections=(
            *(with_words(section, gathered.written) for section in sections),
            recommendations(gathered),
            *statement(gathered.written),
        ),
        method=method_of(gathered.asked),
        cautions=cautions,
        definitions=CATALOGUE,
    )


def _title(asked: Asked) -> str:
    where = f", {asked.locality}" if asked.locality else ""
    if asked.transitional:
        return f"Evaluation of JAGS that feature transitional safeguarding{where}"
    if asked.period.is_account_of_a_year:
        return f"JAGS in the year {asked.period.from_on.year} to {asked.period.to_on.year}{where}"
    return f"Evaluation of JAGS{where}"
