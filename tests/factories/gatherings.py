"""Made-up meetings, training events and documents, made as the services make them."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

from jags.kernel.work import Work
from jags.practice.model import Gathering
from jags.practice.rules import About, GatheringKind, Plan
from jags.practice.service import invite_to_gathering, plan_gathering
from jags.scheduling.rules import Place, SessionFormat

PDF = b"%PDF-1.7\n% made up"


def plan(on: date, *, at: time = time(10), minutes: int = 120, **details) -> Plan:
    """Return a plan for a London date, in person."""
    values = {"format": SessionFormat.IN_PERSON, "place": Place(venue="Harbour Hub"), **details}
    return Plan(datetime.combine(on, at), minutes, **values)


def meeting(work: Work, *people, in_days: int = 7, **details) -> Gathering:
    """Plan a network meeting for so many days from today, and invite people to it."""
    return _gathering(work, GatheringKind.NETWORK_MEETING, people, in_days, details)


def training_event(work: Work, *people, in_days: int = 7, title: str = "Refresher", **details) -> Gathering:
    """Plan a training event for so many days from today, and invite people to it."""
    about = About(title=title, provider="Wren Training", fund="Partnership fund")
    return _gathering(work, GatheringKind.TRAINING, people, in_days, {"about": about, **details})


def package(*names: str, mimetype: str = "", **written: bytes) -> bytes:
    """Return the bytes of a package with parts of these names, as office programs write them; `types` is what it says of them, `binary` the last part."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for name in names[: -1 if "binary" in written else None]:
            made.writestr(
                name, written.get("types", "made up") if name == "[Content_Types].xml" else "made up"
            )
        if "binary" in written:
            made.writestr(names[-1], written["binary"])
    return content.getvalue()


def _gathering(work: Work, kind: GatheringKind, people, in_days: int, details) -> Gathering:
    made = plan_gathering(work, kind, plan(work.today + timedelta(days=in_days), **details))
    if people:
        invite_to_gathering(work, made.id, people, version=made.version)
        work.session.flush()
    return made
