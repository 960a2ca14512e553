"""Tell an evidence pack as a document for named readers, in any format, or as an archive with all of them."""

import io
import zipfile

from jags.evaluation.render.formats import write_document
from jags.evaluation.render.sections.effort import effort
from jags.evaluation.render.sections.how_much import how_much
from jags.evaluation.render.sections.how_well import how_well
from jags.evaluation.render.sections.method import METHOD
from jags.evaluation.render.sections.side_by_side import plural
from jags.evaluation.render.sections.who import facilitators
from jags.evaluation.rules.definitions import CATALOGUE
from jags.evaluation.rules.document import Column, CopyFor, Document, Edition, Format, Paragraph
from jags.evaluation.rules.editions import edition_of
from jags.evaluation.rules.measured import RawReport, RawRow, RawSection, RawTable, Said
from jags.evaluation.rules.pack import Pack, Timeline
from jags.kernel.time import date_in_words

TITLE = "Evidence for an inspection"
_NAME = "jags-evidence"


def pack_document(pack: Pack) -> Document:
    """Return the evidence pack; figures are shown as named readers see them, so that nobody is found in it."""
    gathered = pack.gathered
    return edition_of(
        RawReport(
            title=TITLE,
            partnership=gathered.partnership,
            period=gathered.asked.period,
            dated_on=gathered.today,
            standing=f"Made on {date_in_words(gathered.today)} for an inspection; not a release",
            sections=(
                RawSection("procedure", "The procedure", (Paragraph(_procedure(pack.procedure)),)),
                how_much(gathered),
                RawSection(
                    "facilitators", "Facilitators and agreed exceptions", tuple(facilitators(gathered))
                ),
                RawSection(
                    "timelines", "Timelines of a sample", (Paragraph(_sample(pack)), *_timelines(pack))
                ),
                how_well(gathered),
                effort(gathered),
                RawSection("changes", "What changed", (_changes(pack),)),
            ),
            method=METHOD,
            definitions=CATALOGUE,
        ),
        Edition.RESTRICTED,
    )


def pack_archive(document: Document, copy: CopyFor) -> bytes:
    """Return an archive with the evidence pack in every format."""
    written = io.BytesIO()
    on = document.dated_on
    with zipfile.ZipFile(written, "w") as archive:
        for kind in Format:
            entry = zipfile.ZipInfo(f"{_NAME}.{kind}", (on.year, on.month, on.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, write_document(document, kind, copy))
    return written.getvalue()


def _procedure(procedure: str) -> str:
    if procedure:
        return f"JAGS are held by the procedure {procedure}."
    return "Which version of the procedure is in force was not recorded here."


def _sample(pack: Pack) -> str:
    if not pack.requests:
        return "No request was received in this period, so there is no timeline to show."
    every = "all of them" if len(pack.timelines) == pack.requests else f"{len(pack.timelines)} of them"
    return (
        f"{plural(pack.requests, 'request')} were received here in this period; these are the timelines of {every}, drawn at random with the "
        f"number {pack.seed}: the same number draws the same sample. Days count from the day on which a request was received."
    ).replace("1 request were", "1 request was")


def _timelines(pack: Pack) -> tuple[RawTable, ...]:
    if not pack.timelines:
        return ()
    return (
        RawTable(
            "timelines-table",
            "Timelines",
            "Which",
            (Column("what", "What happened"),),
            tuple(
                RawRow(f"Timeline {number}", (Said(_in_a_line(one)),))
                for number, one in enumerate(pack.timelines, 1)
            ),
        ),
    )


def _in_a_line(timeline: Timeline) -> str:
    return " · ".join(f"Day {step.day}: {step.words.lower()}" for step in timeline.steps)


def _changes(pack: Pack) -> RawTable | Paragraph:
    if not pack.changes:
        return Paragraph("No setting was changed and no report was released in this period.")
    return RawTable(
        "changes-table",
        "What changed in the period",
        "When",
        (Column("what", "What"),),
        tuple(RawRow(date_in_words(one.on), (Said(one.what),)) for one in pack.changes),
        note="What audits recommend, and how it stands in the partnership’s plan, stands with the audits.",
    )
