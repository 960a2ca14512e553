"""Commands that take over what a Business Unit has today: agencies, facilitators and requests."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from jags.cli.context import command_work, stop
from jags.importing.readers import read_sheet
from jags.importing.rules.form import FORM_REQUIRED, FormColumn
from jags.importing.rules.pool import (
    AGENCY_OPTIONAL,
    AGENCY_REQUIRED,
    FACILITATOR_REQUIRED,
    AgencyColumn,
    FacilitatorColumn,
)
from jags.importing.rules.report import FileNotRead, Finding, Report
from jags.importing.rules.sheets import Row, Sheet
from jags.importing.rules.tracker import TRACKER_REQUIRED, TrackerColumn
from jags.importing.service.agencies import import_agencies
from jags.importing.service.facilitators import import_facilitators
from jags.importing.service.requests import import_requests
from jags.kernel.work import Work

_FILE = click.Path(path_type=Path)
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")


@click.group("import")
def import_group() -> None:
    """Take over what there is today; importing a file twice is the same as once."""


@import_group.command()
@click.argument("file", type=_FILE)
@_AS_JSON
def agencies(file: Path, *, as_json: bool) -> None:
    """Import agencies and their other spellings from FILE (.csv or .xlsx)."""
    sheet = _read(
        lambda: read_sheet(file, columns=AgencyColumn, required=AGENCY_REQUIRED, optional=AGENCY_OPTIONAL)
    )
    _run(lambda work: import_agencies(work, sheet, watch=_watched), as_json=as_json)


@import_group.command()
@click.argument("file", type=_FILE)
@_AS_JSON
def facilitators(file: Path, *, as_json: bool) -> None:
    """Import the facilitators from FILE (.csv or .xlsx); import the agencies first."""
    sheet = _read(lambda: read_sheet(file, columns=FacilitatorColumn, required=FACILITATOR_REQUIRED))
    _run(lambda work: import_facilitators(work, sheet, watch=_watched), as_json=as_json)


@import_group.command()
@click.argument("form", type=_FILE)
@click.option("--tracker", type=_FILE, help="The tracker: what became of each request.")
@_AS_JSON
def requests(form: Path, tracker: Path | None, *, as_json: bool) -> None:
    """Import requests from FORM, the export of the old request form (.xlsx or .csv)."""
    sheet = _read(lambda: read_sheet(form, columns=FormColumn, required=FORM_REQUIRED))
    told = (
        None
        if tracker is None
        else _read(lambda: read_sheet(tracker, columns=TrackerColumn, required=TRACKER_REQUIRED))
    )
    _run(lambda work: import_requests(work, sheet, tracker=told, watch=_watched), as_json=as_json)


def _read(reading: Callable[[], Sheet]) -> Sheet:
    try:
        return reading()
    except FileNotRead as error:
        _stop_with_one_line(error)


def _stop_with_one_line(error: FileNotRead) -> NoReturn:
    stop(" ".join(str(error).split()))


def _run(importing: Callable[[Work], Report], *, as_json: bool) -> None:
    with command_work("import") as work:
        report = importing(work)
    if as_json:
        click.echo(json.dumps(report.as_document(), ensure_ascii=False, indent=2))
    else:
        _show(report)


def _watched(rows: Iterable[Row]) -> Iterable[Row]:
    """Show progress on standard error, where somebody watches."""
    console = Console(stderr=True)
    return track(
        list(rows), description="Importing", console=console, transient=True, disable=not console.is_terminal
    )


def _show(report: Report) -> None:
    console = Console(highlight=False)
    counts = (
        ("Imported", report.imported),
        ("Here already, and the same", report.unchanged),
        ("Here already, and something differs or was added", report.changed),
        ("Rejected", report.rejected),
    )
    for words, number in counts:
        console.print(f"{number:>5}  {words}")
    _list(console, "To look at", report.problems)
    _list(console, "Where form, tracker and what stands here differ", report.disagreements)


def _list(console: Console, title: str, findings: list[Finding]) -> None:
    if not findings:
        return
    table = Table(title=f"{title} ({len(findings)})", title_justify="left", box=None, pad_edge=False)
    for heading in ("File", "Row", "Column", "What was found"):
        table.add_column(heading, overflow="fold", justify="right" if heading == "Row" else "left")
    for finding in findings:
        table.add_row(escape(finding.file), str(finding.row), escape(finding.column), escape(finding.problem))
    console.print()
    console.print(table)
