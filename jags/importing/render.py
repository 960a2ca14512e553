"""Make the spreadsheet in which a Business Unit writes down the sessions that it has held."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jags.accounts.queries import agency_names
from jags.importing.rules.held import SessionColumn
from jags.importing.rules.held_sheet import ALLOWED, EXPLANATIONS, in_words
from jags.kernel.work import Work
from jags.requests.rules import AgeBand, AskedBy, TransitionalFeature
from jags.scheduling.rules import RECORDED_LEAST, RECORDED_MOST, ApologyReason, SessionFormat
from jags.settings.queries import partnership

SHEET = "Sessions held"
TEMPLATE_NAME = "sessions-held.xlsx"
MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# So many rows have lists to choose from; more may be written beneath.
_ROWS = 500
_TEXT = "@"
_WIDE, _NARROW = 34, 18
_APOLOGY = tuple(reason for reason in ApologyReason if reason is not ApologyReason.NOT_RECORDED)
_EXPLAINED: Mapping[SessionColumn, str] = {
    SessionColumn.NUMBER: (
        "The number or word by which you know this session, such as JAGS025. With it a row is known again when the file "
        "is imported again. Without one, a session is known by its day and the agency that asked."
    ),
    SessionColumn.RECEIVED: "The day on which the request came in, such as 3 March 2026 or 03/03/2026.",
    SessionColumn.HELD: "The day of the session. This is the one thing that is needed; a row without it is rejected.",
    SessionColumn.AGENCY: "The agency that asked, as on the list of allowed values. An agency that is not there is kept as typed.",
    SessionColumn.LOCALITY: "One of the allowed values.",
    SessionColumn.AGE: "All that apply, with semicolons between: 14 to 15; 16 to 17.",
    SessionColumn.TRANSITIONAL: "Yes or No, as the Business Unit sees it. Leave it empty where nobody has considered it.",
    SessionColumn.FEATURES: "Where the answer is Yes: all that apply, with semicolons between.",
    SessionColumn.ASKED_BY: "One of the allowed values.",
    SessionColumn.FACILITATOR_1: "The name as it stands in the pool. Another name is kept as typed.",
    SessionColumn.FACILITATOR_2: "The same, of the other facilitator.",
    SessionColumn.INVITED: (
        "All agencies that were invited, with semicolons between. Where an agency stands in neither of the next two columns, "
        "it counts as not recorded whether it came."
    ),
    SessionColumn.ATTENDED: "The agencies that came, with semicolons between.",
    SessionColumn.APOLOGIES: (
        "The agencies that were not there, each with a colon and the reason: Housing: no capacity; Probation: invited late."
    ),
    SessionColumn.FORMAT: "One of the allowed values.",
    SessionColumn.MINUTES: f"A whole number from {RECORDED_LEAST} to {RECORDED_MOST}.",
}
_OPENING = (
    "Write one session in each row of the sheet “Sessions held”. One needs the day of the session, nothing else.",
    "Leave empty what nobody wrote down: it counts as not recorded, never as none, and is listed as a gap to fill later.",
    "Nothing about a child or a family belongs here: no names, dates of birth, addresses or NHS numbers.",
)


def sessions_template(work: Work) -> bytes:
    """Return the template as an XLSX file, with the lists of allowed values of this partnership."""
    from openpyxl import Workbook  # noqa: PLC0415 - It loads slowly, and no other page needs it.

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    lists = _lists(work)
    _explain(book.create_sheet(EXPLANATIONS))
    ranges = _allow(book.create_sheet(ALLOWED), lists)
    _head(sheet)
    _validate(sheet, ranges)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _lists(work: Work) -> dict[str, list[str]]:
    """Return the allowed values by the heading under which they stand."""
    settings = partnership(work)
    return {
        SessionColumn.AGENCY: list(agency_names(work)),
        SessionColumn.LOCALITY: list(settings.localities),
        SessionColumn.AGE: _words(AgeBand),
        SessionColumn.TRANSITIONAL: ["Yes", "No"],
        SessionColumn.FEATURES: _words(TransitionalFeature),
        SessionColumn.ASKED_BY: _words(AskedBy),
        SessionColumn.APOLOGIES: [in_words(reason) for reason in _APOLOGY],
        SessionColumn.FORMAT: _words(SessionFormat),
    }


def _words(kind: Iterable[Any]) -> list[str]:
    return [in_words(choice) for choice in kind]


def _head(sheet: Any) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - As above.

    _write(sheet, 1, list(SessionColumn), bold=True)
    sheet.freeze_panes = "A2"
    for number, column in enumerate(SessionColumn, 1):
        letter = get_column_letter(number)
        long = column in {
            SessionColumn.INVITED,
            SessionColumn.ATTENDED,
            SessionColumn.APOLOGIES,
            SessionColumn.FEATURES,
        }
        sheet.column_dimensions[letter].width = _WIDE if long else _NARROW
        if column is SessionColumn.MINUTES:
            continue
        # A spreadsheet program would make the fifth of October of the age band 5-10, and a sum of what begins with “=”.
        for row in range(2, _ROWS + 2):
            sheet.cell(row, number).number_format = _TEXT


def _explain(sheet: Any) -> None:
    row = 1
    for text in _OPENING:
        _write(sheet, row, [text])
        row += 1
    row += 1
    _write(sheet, row, ["Column", "What to write"], bold=True)
    for column in SessionColumn:
        row += 1
        _write(sheet, row, [column, _EXPLAINED[column]], wrap=True)
    sheet.column_dimensions["A"].width = _WIDE
    sheet.column_dimensions["B"].width = 100


def _allow(sheet: Any, lists: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Write the allowed values, a column for each heading; return the range of each."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - As above.

    ranges = {}
    for number, (heading, values) in enumerate(lists.items(), 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = _WIDE
        for row, value in enumerate([heading, *values], 1):
            _put(sheet.cell(row, number), value, bold=row == 1)
        if values:
            ranges[heading] = f"'{ALLOWED}'!${letter}$2:${letter}${len(values) + 1}"
    return ranges


def _validate(sheet: Any, ranges: Mapping[str, str]) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - As above.
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 - As above.

    for number, column in enumerate(SessionColumn, 1):
        where = f"{get_column_letter(number)}2:{get_column_letter(number)}{_ROWS + 1}"
        if column is SessionColumn.MINUTES:
            rule = DataValidation(
                type="whole", operator="between", formula1=str(RECORDED_LEAST), formula2=str(RECORDED_MOST)
            )
            rule.error = _EXPLAINED[column]
        elif column in _ONE_OF and column in ranges:
            rule = DataValidation(type="list", formula1=ranges[column], allow_blank=True)
            # An agency that is not on the list may be typed.
            rule.errorStyle = "warning" if column is SessionColumn.AGENCY else "stop"
            rule.error = "This is not one of the allowed values."
        else:
            continue
        rule.showErrorMessage = True
        rule.add(where)
        sheet.add_data_validation(rule)


_ONE_OF = frozenset(
    {
        SessionColumn.AGENCY,
        SessionColumn.LOCALITY,
        SessionColumn.TRANSITIONAL,
        SessionColumn.ASKED_BY,
        SessionColumn.FORMAT,
    }
)


def _write(sheet: Any, row: int, values: Sequence[str], *, bold: bool = False, wrap: bool = False) -> None:
    for number, value in enumerate(values, 1):
        _put(sheet.cell(row, number), value, bold=bold, wrap=wrap)


def _put(cell: Any, value: str, *, bold: bool = False, wrap: bool = False) -> None:
    """Write a text as a text, also where it begins like a formula."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - As above.

    cell.value = str(value)
    cell.data_type = "s"
    cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    if wrap:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
