"""Read the public figures of released reports: for programs, and for whoever asks under the Freedom of Information Act."""

from collections.abc import Iterator
from datetime import date

from jags.evaluation.model import Report
from jags.evaluation.queries.reports import frozen_edition, released_reports
from jags.evaluation.rules.document import Edition
from jags.evaluation.rules.rows import FigureRow, ReleaseRow, figure_rows
from jags.kernel.work import Work


def released_within(work: Work, *, from_on: date | None = None, to_on: date | None = None) -> list[Report]:
    """Return the released reports whose whole period lies within London dates, both inclusive, the newest release first.

    Without a date that end is open; of reversed dates there are none.
    """
    return [
        report
        for report in released_reports(work)
        if (from_on is None or report.from_on >= from_on) and (to_on is None or report.to_on <= to_on)
    ]


def release_row(report: Report) -> ReleaseRow:
    """Return what a released report is."""
    if report.reference is None or report.released_on is None:
        raise AssertionError("what is released has a number and a date")
    return ReleaseRow(
        report.reference,
        report.from_on,
        report.to_on,
        report.transitional,
        report.released_on,
        report.locality,
    )


def public_rows(work: Work, reports: list[Report]) -> Iterator[FigureRow]:
    """Return every figure of the public editions of some reports."""
    for report in reports:
        yield from figure_rows(
            frozen_edition(work, report, Edition.PUBLIC),
            transitional=report.transitional,
            locality=report.locality,
        )
