"""The made-up year's network meeting, training event and toolbox."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from jags.cli.demo.world import World
from jags.facilitators.queries import pool
from jags.kernel.work import Work
from jags.practice.queries import get_gathering
from jags.practice.rules import About, Audience, GatheringKind, Plan
from jags.practice.service import (
    add_document,
    invite_to_gathering,
    plan_gathering,
    record_attendance,
    set_agenda,
)
from jags.requests.rules import is_working_day
from jags.scheduling.rules import Place, SessionFormat

# A page that says what it is; a real toolbox has the partnership's own documents.
_PAGE = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 66>>stream
BT /F 18 Tf 40 200 Td (Made up: your own document goes here.) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
"""
# When the meeting that is over was told of; at the end of its day nobody has a session.
OVER_DAYS_AGO = 84
_DAYS_AHEAD = 14
_EVENING = time(17, 30)
_PLACE = Place(venue="Harbour Hub, quiet room")
_DOCUMENTS = (
    ("Basic toolkit", Audience.FACILITATORS),
    ("Scripts for hard moments", Audience.FACILITATORS),
    ("Aide memoire, draft", Audience.BUSINESS_UNIT),
)


def meeting_that_is_over(world: World) -> Iterator[timedelta]:
    """Plan a network meeting, let it be held and record who was there; each yield is the time until the next step."""
    with world.work(world.coordinator) as work:
        people = [member.person_id for member in pool(work)]
        on = _working_day(work, _DAYS_AHEAD)
        plan = Plan(datetime.combine(on, _EVENING), 90, SessionFormat.IN_PERSON, _PLACE, About())
        made = plan_gathering(work, GatheringKind.NETWORK_MEETING, plan)
        set_agenda(work, made.id, ("Silence in the room",), version=made.version)
        work.session.flush()
        invite_to_gathering(work, made.id, people, version=made.version)
        meeting_id, starts_at = made.id, made.starts_at
    yield starts_at - world.now + timedelta(hours=15)
    with world.work(world.coordinator) as work:
        record_attendance(
            work,
            meeting_id,
            attended=people[2:],
            apologies=people[:1],
            version=get_gathering(work, meeting_id).version,
        )


def _working_day(work: Work, days_ahead: int) -> date:
    on = work.today + timedelta(days=days_ahead)
    while not is_working_day(on):
        on += timedelta(days=1)
    return on


def add_practice(work: Work) -> None:
    """Plan a network meeting for everybody and a training event for a few, and fill the toolbox."""
    people = [member.person_id for member in pool(work)]
    for kind, weeks, about, invited in (
        (GatheringKind.NETWORK_MEETING, 3, About(), people),
        (
            GatheringKind.TRAINING,
            5,
            About("Refresher for facilitators", "Lantern Training", "Workforce fund"),
            people[:4],
        ),
    ):
        on = _working_day(work, 7 * weeks)
        # The end of the day, when least is offered.
        plan = Plan(datetime.combine(on, time(16)), 90, SessionFormat.IN_PERSON, _PLACE, about)
        made = plan_gathering(work, kind, plan)
        if kind is GatheringKind.NETWORK_MEETING:
            set_agenda(work, made.id, ("Endings, and who stays",), version=made.version)
            work.session.flush()
        invite_to_gathering(work, made.id, invited, version=made.version)
    for title, audience in _DOCUMENTS:
        add_document(work, title=title, audience=audience, content=_PAGE)
