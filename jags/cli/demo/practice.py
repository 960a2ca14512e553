"""The made-up year's network meeting, training event and toolbox."""

from datetime import datetime, time, timedelta

from jags.facilitators.queries import pool
from jags.kernel.work import Work
from jags.practice.rules import About, Audience, GatheringKind, Plan
from jags.practice.service import add_document, invite_to_gathering, plan_gathering, set_agenda
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
_DOCUMENTS = (
    ("Basic toolkit", Audience.FACILITATORS),
    ("Scripts for hard moments", Audience.FACILITATORS),
    ("Aide memoire, draft", Audience.BUSINESS_UNIT),
)


def add_practice(work: Work) -> None:
    """Plan a network meeting for everybody and a training event for a few, and fill the toolbox."""
    place = Place(venue="Harbour Hub, quiet room")
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
        on = work.today + timedelta(weeks=weeks)
        while not is_working_day(on):
            on += timedelta(days=1)
        # The end of the day, when least is offered.
        plan = Plan(datetime.combine(on, time(16)), 90, SessionFormat.IN_PERSON, place, about)
        made = plan_gathering(work, kind, plan)
        if kind is GatheringKind.NETWORK_MEETING:
            set_agenda(work, made.id, ("Endings, and who stays",), version=made.version)
            work.session.flush()
        invite_to_gathering(work, made.id, invited, version=made.version)
    for title, audience in _DOCUMENTS:
        add_document(work, title=title, audience=audience, content=_PAGE)
