"""The sample files of a Business Unit, read, and files made on the spot."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from jags.importing.readers import read_sheet
from jags.importing.rules import form, pool, tracker
from jags.importing.rules.form import FormColumn
from jags.importing.rules.report import Report
from jags.importing.rules.sheets import Sheet
from jags.importing.rules.tracker import TrackerColumn
from jags.importing.service.agencies import import_agencies
from jags.importing.service.facilitators import import_facilitators
from jags.importing.service.requests import import_requests
from jags.kernel.work import Work

SAMPLE = Path(__file__).parents[1] / "data" / "business-unit"
FORM = SAMPLE / "requests-form-export.xlsx"
TRACKER = SAMPLE / "tracker.xlsx"


def read_agencies(path: Path = SAMPLE / "agencies.csv") -> Sheet:
    return read_sheet(path, pool.AGENCIES)


def read_facilitators(path: Path = SAMPLE / "facilitators.csv") -> Sheet:
    return read_sheet(path, pool.FACILITATORS)


def read_form(path: Path = FORM) -> Sheet:
    return read_sheet(path, form.FORM)


def read_tracker(path: Path = TRACKER) -> Sheet:
    return read_sheet(path, tracker.TRACKER)


def import_pool(work: Work) -> tuple[Report, Report]:
    """Import the sample's agencies and facilitators."""
    return import_agencies(work, read_agencies()), import_facilitators(work, read_facilitators())


def import_sample(work: Work) -> Report:
    """Import all four files of the sample; the report is that of the requests."""
    import_pool(work)
    return import_requests(work, read_form(), tracker=read_tracker())


def write_xlsx(path: Path, headings: Sequence[str], *rows: Mapping[str, Any]) -> Path:
    """Write a spreadsheet: each row as its cells by heading."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(headings))
    for row in rows:
        sheet.append([row.get(heading) for heading in headings])
    book.save(path)
    return path


def form_row(**cells: Any) -> dict[str, Any]:
    """Return a row of the form with the cells that it must have; keys are names of `FormColumn`."""
    needed = {"ID": 101, "COMPLETED": "2026-03-02 10:30:00", "AGENCY": "Police", **cells}
    return {FormColumn[name].value: value for name, value in needed.items()}


def tracker_row(**cells: Any) -> dict[str, Any]:
    """Return a row of the tracker for the request 101; keys are names of `TrackerColumn`."""
    needed = {"NUMBER": "JAGS101", "FORM_ID": 101, "OUTCOME": "Proceeded", **cells}
    return {TrackerColumn[name].value: value for name, value in needed.items()}
