"""A report with one of everything, as the formats' tests draw it."""

from datetime import date

from jags.evaluation.rules import Period
from jags.evaluation.rules.document import (
    Block,
    Bullets,
    Chart,
    ChartKind,
    Column,
    Definition,
    Document,
    Edition,
    Paragraph,
    Quote,
    Recommendation,
    Released,
    Row,
    Section,
    Table,
    hidden,
    not_applicable,
    not_recorded,
    number,
    out_of,
    words,
)

WHY = "Fewer than six children"
RELEASED = Released("JAGS-R-2026-2", date(2026, 8, 3))


def funnel_table() -> Table:
    return Table(
        "funnel",
        "From received to held",
        "Step",
        (Column("requests", "Requests", "requests"), Column("before", "The period before", "requests")),
        (
            Row("Received", (number(24), number(1180)), "received"),
            Row("Proceeded", (out_of(20, 24), words("6–10"))),
            Row("Not proceeded", (out_of(4, 24), not_recorded())),
        ),
        note="The period before is the half-year before it.",
    )


def by_month_table(*, why: str = WHY) -> Table:
    return Table(
        "by-month",
        "Agencies by month",
        "Agency",
        (
            Column("january", "January 2026"),
            Column("february", "February 2026"),
            Column("march", "March 2026"),
        ),
        (
            Row("Riverside School", (number(2), number(0), not_recorded())),
            Row('=HYPERLINK("https://example.org") & <b>', (number(3.5), hidden(why), not_applicable())),
        ),
    )


def report(
    *extra: Block,
    edition: Edition = Edition.RESTRICTED,
    released: Released | None = None,
    why: str = WHY,
    cautions: tuple[str, ...] = (
        "This is a draft. It cannot be released, because it does not end on a listed date.",
    ),
) -> Document:
    """Return a report with one of everything; with `extra` blocks in a section of their own."""
    return Document(
        title="Evaluation of transitional JAGS",
        partnership="Eastmoor Safeguarding Partnership",
        edition=edition,
        period=Period(date(2026, 1, 13), date(2026, 7, 12)),
        compared_with=Period(date(2025, 7, 13), date(2026, 1, 12)),
        dated_on=date(2026, 7, 20),
        cautions=() if released else cautions,
        method=("Counted from the records of requests and sessions.",),
        released=released,
        sections=(
            Section(
                "how-much",
                "How much",
                (
                    Paragraph("Of 24 requests 20 proceeded.\nFour went another way."),
                    funnel_table(),
                    Chart(
                        "funnel-drawn",
                        ChartKind.FUNNEL,
                        "From received to held",
                        "Received 24, proceeded 20.",
                        "funnel",
                        ("requests",),
                    ),
                    Chart(
                        "funnel-bars",
                        ChartKind.BARS,
                        "Both periods",
                        "This period beside the one before.",
                        "funnel",
                    ),
                ),
                (
                    Section(
                        "who",
                        "Who took part",
                        (
                            by_month_table(why=why),
                            Chart(
                                "heat",
                                ChartKind.HEAT_MAP,
                                "Agencies by month",
                                "Most in January.",
                                "by-month",
                            ),
                            Chart(
                                "lines", ChartKind.LINES, "Agencies over time", "Few in February.", "by-month"
                            ),
                            Chart(
                                "dots",
                                ChartKind.DOTS,
                                "Agencies in dots",
                                "January apart from March.",
                                "by-month",
                                ("january", "march"),
                            ),
                        ),
                    ),
                ),
            ),
            Section(
                "what-difference",
                "What difference",
                (
                    Bullets(("People spoke more often.", "People felt less stuck.")),
                    Quote("We slowed down – for once.", "A practitioner of a school"),
                    Recommendation("Ask adult services every time.", "Business Unit", date(2026, 10, 1)),
                    Recommendation("Say what a JAGS is not."),
                ),
            ),
            *((Section("more", "More", extra),) if extra else ()),
        ),
        definitions=(
            Definition(
                "requests",
                "Requests",
                "Requests received in the period, drafts and duplicates apart.",
                "The request form",
            ),
            Definition("received", "Received", "The London date on which the answers were checked and sent."),
        ),
    )
