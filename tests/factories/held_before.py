"""Sessions that were held before this software was there, as somebody writes them down."""

from datetime import date
from pathlib import Path
from typing import Any

from factories.import_files import write_xlsx
from jags.importing.readers import read_sheet
from jags.importing.rules.held import HeldEntry, SessionColumn
from jags.importing.rules.held_sheet import SESSIONS
from jags.importing.rules.report import Report
from jags.importing.service.back_entry import enter_session
from jags.importing.service.sessions import import_sessions
from jags.kernel.work import Work
from jags.scheduling.model import JagsSession

HELD_ON = date(2026, 3, 17)
# Every column filled, with names of the sample's pool and agencies.
WHOLE = {
    "NUMBER": "jags007",
    "RECEIVED": "02/03/2026",
    "HELD": "17 March 2026",
    "AGENCY": "Police",
    "LOCALITY": "East",
    "AGE": "14 to 15; 16 to 17",
    "TRANSITIONAL": "Yes",
    "FEATURES": "Care leaver; SEND or learning disability",
    "ASKED_BY": "E-mail",
    "FACILITATOR_1": "Hugh Young",
    "FACILITATOR_2": "Niamh Ng",
    "INVITED": "Police; The Lighthouse; Harbour Youth Club",
    "ATTENDED": "Police",
    "APOLOGIES": "The Lighthouse: invited late",
    "FORMAT": "In person and online",
    "MINUTES": 105,
}


def session_row(**cells: Any) -> dict[str, Any]:
    """Return a row of the template; keys are names of `SessionColumn`. Without any cells it has a day only."""
    needed = {"HELD": "17 March 2026", **cells}
    return {SessionColumn[name].value: value for name, value in needed.items()}


def take_over(work: Work, folder: Path, *rows: dict[str, Any]) -> Report:
    """Import rows of the template."""
    return import_sessions(
        work, read_sheet(write_xlsx(folder / "sessions.xlsx", list(SessionColumn), *rows), SESSIONS)
    )


def entered(work: Work, **values: Any) -> JagsSession:
    """Enter a session of which only the day is known, unless more is told."""
    return enter_session(work, HeldEntry(**{"held_on": HELD_ON, **values}), source="page")
