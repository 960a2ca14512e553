"""Commands that take over what a Business Unit has today: agencies, facilitators and requests."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn, TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from jags.cli.context import command_work, stop
from jags.importing.readers import read_sheet
from jags.importing.render import sessions_template
from jags.importing.rules.form import FORM
from jags.importing.rules.held_sheet import SESSIONS
from jags.importing.rules.pool import AGENCIES, FACILITATORS
from jags.importing.rules.report import FileNotRead, Finding, Report
from jags.importing.rules.sheets import Row
from jags.importing.rules.tracker import TRACKER
from jags.importing.service.agencies import import_agencies
from jags.importing.service.facilitators import import_facilitators
from jags.importing.service.requests import import_requests
from jags.importing.service.sessions import import_sessions
from jags.kernel.work import Work

_FILE = click.Path(path_type=Path)
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
_DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
Read = TypeVar("Read")


@click.group("import")
def import_group() -> None:
    """Take over what there is today; importing a file twice is the same as once."""


@import_group.command()
@click.argument("file", type=_FILE)
@_DRY_RUN
@_AS_JSON
def agencies(file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Import agencies and their other spellings from FILE (.csv or .xlsx)."""
    sheet = _read(lambda: read_sheet(file, AGENCIES))
    _run(lambda work: import_agencies(work, sheet, watch=_watched), dry_run=dry_run, as_json=as_json)


@import_group.command()
@click.argument("file", type=_FILE)
@_DRY_RUN
@_AS_JSON
def facilitators(file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Import the facilitators from FILE (.csv or .xlsx); import the agencies first."""
    sheet = _read(lambda: read_sheet(file, FACILITATORS))
    _run(lambda work: import_facilitators(work, sheet, watch=_watched), dry_run=dry_run, as_json=as_json)


@import_group.command()
@click.argument("form", type=_FILE)
@click.option("--tracker", type=_FILE, help="The tracker: what became of each request.")
@_DRY_RUN
@_AS_JSON
def requests(form: Path, tracker: Path | None, *, dry_run: bool, as_json: bool) -> None:
    """Import requests from FORM, the export of the old request form (.xlsx or .csv)."""
    sheet = _read(lambda: read_sheet(form, FORM))
    told = None if tracker is None else _read(lambda: read_sheet(tracker, TRACKER))
    _run(
        lambda work: import_requests(work, sheet, tracker=told, watch=_watched),
        dry_run=dry_run,
        as_json=as_json,
    )


@import_group.command()
@click.argument("file", type=_FILE)
@_DRY_RUN
@_AS_JSON
def sessions(file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Import sessions that were held before from FILE, the filled-in template (.xlsx or .csv)."""
    sheet = _read(lambda: read_sheet(file, SESSIONS))
    _run(lambda work: import_sessions(work, sheet, watch=_watched), dry_run=dry_run, as_json=as_json)


@import_group.command()
@click.argument("what", type=click.Choice(["sessions"]))
@click.option(
    "-o", "--output", type=_FILE, required=True, help="The file to write; it must not be there yet."
)
def template(what: str, output: Path) -> None:  # noqa: ARG001 - There is one template; the word keeps room for others.
    """Write an empty spreadsheet to fill in: WHAT is sessions, for those that were held before."""
    with command_work("import", write=False) as work:
        content = sessions_template(work)
    try:
        with output.open("xb") as file:
            file.write(content)
    except FileExistsError:
        stop(f"{output.name}: there is such a file already; choose another name.")
    except OSError as error:
        stop(f"{output.name}: this file cannot be written ({error.strerror}).")


def _read(reading: Callable[[], Read]) -> Read:
    try:
        return reading()
    except FileNotRead as error:
        _stop_with_one_line(error)


def _stop_with_one_line(error: FileNotRead) -> NoReturn:
    stop(" ".join(str(error).split()))


def _run(importing: Callable[[Work], Report], *, dry_run: bool, as_json: bool) -> None:
    """Run an import in one unit of work; a dry run does the same and then takes everything back."""
    with command_work("import") as work:
        report = importing(work)
        if dry_run:
            work.abandon()
    report.dry_run = dry_run
    report.put_in_order()
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
    if report.dry_run:
        console.print("Nothing was written: this is what an import would do.")
    counts = (
        ("Imported", report.imported),
        ("Here in another way as well, so not imported", report.linked),
        ("Here already, and the same", report.unchanged),
        ("Here already, and something differs or was added", report.changed),
        ("Rejected", report.rejected),
    )
    for words, number in counts:
        console.print(f"{number:>5}  {words}")
    _list(console, "To look at", report.problems)
    _list(console, "Where form, tracker and what stands here differ", report.disagreements)
    _list(console, "Not recorded yet", report.gaps)
    _list(console, "Left out, because it could identify a child", report.identifiers)


def _list(console: Console, title: str, findings: list[Finding]) -> None:
    if not findings:
        return
    table = Table(title=f"{title} ({len(findings)})", title_justify="left", box=None, pad_edge=False)
    for heading in ("File", "Sheet", "Row", "Column", "What was found"):
        table.add_column(heading, overflow="fold", justify="right" if heading == "Row" else "left")
    for finding in findings:
        cells = (finding.file, finding.sheet, str(finding.row), finding.column, finding.problem)
        table.add_row(*map(escape, cells))
    console.print()
    console.print(table)
