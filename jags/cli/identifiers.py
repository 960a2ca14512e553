"""Commands about the identifier guard."""

from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from jags.adapters.clock import SystemClock
from jags.cli.context import stop
from jags.kernel.errors import Invalid
from jags.kernel.identifiers.finding import Kind
from jags.kernel.identifiers.measuring import Figures, measure, read_labelled
from jags.kernel.time import london_date

_WORDS = {
    Kind.NHS_NUMBER: "NHS numbers",
    Kind.BIRTH_DATE: "Dates of birth",
    Kind.POSTCODE: "Postcodes",
    Kind.ADDRESS: "Street addresses",
}


@click.group()
def identifiers() -> None:
    """Look at what the identifier guard of the forms finds."""


@identifiers.command("measure")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILES...")
@click.option(
    "--list", "listed", is_flag=True, help="List what was missed and where there was a false alarm."
)
def measure_command(files: tuple[Path, ...], *, listed: bool) -> None:
    """Print what the guard finds, misses and alarms wrongly in the labelled texts of FILES."""
    today = london_date(SystemClock().now())
    try:
        texts = [one for path in files for one in read_labelled(_lines(path), today=today)]
    except Invalid as error:
        stop(str(error))
    measured = measure(texts)
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False)
    table.add_column("What", no_wrap=True)
    for heading in ("There", "Found", "Missed", "Other texts", "False alarms"):
        table.add_column(heading, justify="right", overflow="fold")
    for kind, words in _WORDS.items():
        table.add_row(words, *_row(measured.kinds[kind]))
    table.add_row("All that stop a text", *_row(measured.stops), end_section=True)
    table.add_row("Likely names, hinted", *_row(measured.kinds[Kind.NAME]))
    console.print(f"{len(texts)} texts")
    console.print(table)
    if listed:
        for name, figures in (("stops", measured.stops), ("names", measured.kinds[Kind.NAME])):
            _list(console, name, figures)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        stop(f"{path} could not be read: {error}.")


def _row(figures: Figures) -> tuple[str, ...]:
    return (
        str(figures.there),
        _share(figures.found, figures.there),
        str(len(figures.missed)),
        str(figures.without),
        _share(figures.texts_alarmed, figures.without),
    )


def _share(part: int, whole: int) -> str:
    return f"{part} ({100 * part / whole:.1f} %)" if whole else f"{part}"


def _list(console: Console, name: str, figures: Figures) -> None:
    for heading, found in (("Missed", figures.missed), ("False alarm", figures.alarms)):
        for text, words in found:
            console.print(escape(f"{heading} ({name}): {words!r} in: {text}"), soft_wrap=True)
