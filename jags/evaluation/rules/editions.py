"""Make an edition of a report: each class of what is counted shown as its readers may see it (docs/adr/0022-editions-of-a-report.md)."""

from collections.abc import Iterable, Iterator

from jags.evaluation.rules.document import (
    Block,
    Cell,
    Chart,
    Definition,
    Document,
    Edition,
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
from jags.evaluation.rules.measured import (
    Counted,
    Measure,
    Middle,
    NotRecorded,
    Only,
    Raw,
    RawBlock,
    RawReport,
    RawSection,
    RawTable,
    Said,
    Withheld,
)

# From so many on a share is told in hundredths beside "11 of 12".
_SHARES_FROM = 30
# A median of fewer says too much of one request.
LEAST_OF_A_MEDIAN = 5
_FEW = f"A median of fewer than {LEAST_OF_A_MEDIAN} is not shown"
_BANDS = ((5, "1–5"), (10, "6–10"), (20, "11–20"))
_MORE = "more than 20"


def edition_of(report: RawReport, edition: Edition) -> Document:
    """Return an edition of a report as a draft; a section in which nothing is left for its readers is left out."""
    sections = tuple(_sections(report.sections, edition))
    return Document(
        title=report.title,
        partnership=report.partnership,
        edition=edition,
        period=report.period,
        compared_with=report.compared_with,
        dated_on=report.dated_on,
        sections=sections,
        method=report.method,
        cautions=report.cautions,
        definitions=tuple(definitions_used(report.definitions, sections)),
        standing=report.standing,
    )


def section_of(section: RawSection, edition: Edition) -> Section:
    """Return one section of an edition."""
    (made,) = _sections((section,), edition)
    return made


def band_of(count: int) -> str:
    """Return a count of an organisation as everybody sees it; a true zero is shown."""
    if count == 0:
        return "0"
    return next((band for most, band in _BANDS if count <= most), _MORE)


def definitions_used(definitions: Iterable[Definition], sections: Iterable[Section]) -> Iterator[Definition]:
    """Return the definitions of what some sections show."""
    wanted: set[str] = set()
    waiting = list(sections)
    for section in waiting:
        waiting.extend(section.sections)
        for table in section.blocks:
            if isinstance(table, Table):
                wanted |= {table.definition, *(column.definition for column in table.columns)}
                wanted |= {row.definition for row in table.rows}
    return (definition for definition in definitions if definition.key in wanted)


def _sections(sections: Iterable[RawSection], edition: Edition) -> Iterator[Section]:
    for section in sections:
        blocks = tuple(_blocks(section, edition))
        inner = tuple(_sections(section.sections, edition))
        if blocks or inner:
            yield Section(section.key, section.title, blocks, inner)


def _blocks(section: RawSection, edition: Edition) -> Iterator[Block]:
    kept: list[RawBlock] = []
    for block in section.blocks:
        if not isinstance(block, Only):
            kept.append(block)
        elif edition in block.editions:
            kept.append(block.block)
    tables = {block.key: _table(block, edition) for block in kept if isinstance(block, RawTable)}
    for block in kept:
        if isinstance(block, RawTable):
            yield tables[block.key]
        elif not isinstance(block, Chart) or _draws_something(block, tables):
            yield block


def _draws_something(chart: Chart, tables: dict[str, Table]) -> bool:
    """Tell whether a chart has a number to draw that is not zero; its table says the rest."""
    return any(cell.value for row in tables[chart.table].rows for cell in row.cells)


def _table(table: RawTable, edition: Edition) -> Table:
    rows = [
        Row(row.title, tuple(_cell(cell, table.measure, edition) for cell in row.cells), row.definition)
        for row in table.rows
    ]
    if table.ranked and edition is Edition.PUBLIC:
        rows.sort(key=lambda row: row.title.casefold())
    return Table(
        table.key,
        table.title,
        table.corner,
        table.columns,
        tuple(rows),
        note=" ".join(filter(None, (table.note, *_hidden_outside(table, edition)))),
        definition=table.definition,
    )


def _hidden_outside(table: RawTable, edition: Edition) -> Iterator[str]:
    """Say inside which cells the editions that are released will not show, and why."""
    if edition is not Edition.INTERNAL:
        return
    whys: dict[str, list[str]] = {}
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            if isinstance(cell, Counted) and cell.hidden:
                whys.setdefault(cell.hidden, []).append(f"{row.title}, {column.title}")
    for why, where in whys.items():
        yield f"Not shown outside the Business Unit – {why}: {'; '.join(where)}."


def _cell(cell: Raw, measure: Measure, edition: Edition) -> Cell:
    match cell:
        case Counted():
            return _counted(cell, measure, edition)
        case Middle(value, n):
            few = edition is Edition.PUBLIC and n < LEAST_OF_A_MEDIAN
            return _hidden(_FEW, edition) if few else number(value)
        case Withheld(why):
            return _hidden(why, edition)
        case Said(told):
            return words(told)
    return not_recorded() if isinstance(cell, NotRecorded) else not_applicable()


def _counted(cell: Counted, measure: Measure, edition: Edition) -> Cell:
    if measure is Measure.CHILDREN and cell.hidden and edition is not Edition.INTERNAL:
        return _hidden(cell.hidden, edition)
    if measure is Measure.ORGANISATIONS and edition is Edition.PUBLIC:
        return number(0) if cell.number == 0 else words(band_of(cell.number))
    if cell.whole is None:
        return number(cell.number)
    if cell.whole < _SHARES_FROM:
        return out_of(cell.number, cell.whole)
    return Cell(f"{cell.number:,} of {cell.whole:,} ({100 * cell.number / cell.whole:.0f} %)", cell.number)


def _hidden(why: str, edition: Edition) -> Cell:
    return hidden("" if edition is Edition.PUBLIC else why)
