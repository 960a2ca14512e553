"""A Business Unit that imports rows made on the spot."""

from pathlib import Path
from typing import Any

from factories.import_files import (
    read_agencies,
    read_facilitators,
    read_form,
    read_tracker,
    write_xlsx,
)
from jags.importing.rules.form import FormColumn
from jags.importing.rules.pool import AgencyColumn, FacilitatorColumn
from jags.importing.rules.report import Report
from jags.importing.rules.tracker import TrackerColumn
from jags.importing.service.agencies import import_agencies
from jags.importing.service.facilitators import import_facilitators
from jags.importing.service.requests import import_requests
from jags.kernel.work import Work

HELD = {"FACILITATOR_1": "Hugh Young", "FACILITATOR_2": "Niamh Ng", "HELD": "30.03.26"}


class Office:
    """A folder of made-up files, and the command that imports them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def requests(
        self, work: Work, *form: dict[str, Any], tracker: tuple[dict[str, Any], ...] | None = None
    ) -> Report:
        written = write_xlsx(self._folder / "form.xlsx", list(FormColumn), *form)
        told = (
            None
            if tracker is None
            else write_xlsx(self._folder / "tracker.xlsx", list(TrackerColumn), *tracker)
        )
        return import_requests(work, read_form(written), tracker=told and read_tracker(told))

    def agencies(self, work: Work, *rows: dict[str, Any]) -> Report:
        return import_agencies(
            work, read_agencies(write_xlsx(self._folder / "a.xlsx", list(AgencyColumn), *rows))
        )

    def facilitators(self, work: Work, *rows: dict[str, Any]) -> Report:
        path = write_xlsx(self._folder / "f.xlsx", list(FacilitatorColumn), *rows)
        return import_facilitators(work, read_facilitators(path))


def told(report: Report) -> list[tuple[str, str]]:
    return [(finding.column, finding.problem) for finding in report.problems]
