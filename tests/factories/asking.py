"""The form as somebody fills it in a browser without scripts."""

import re

from factories.pages import submit, token, version
from jags.requests.model import Request

ABOUT_YOU = {
    "name": "Asha Bell",
    "role": "Teacher",
    "agency": "A School",
    "email": "asha@example.org",
    "phone": "01632 960 010",
}
CHILD = {
    "pseudonym": "Kestrel",
    "age_bands": ["14-15", "16-17"],
    "sibling_group": "no",
    "locality": "East",
    "responsibility": "ours",
}
WHY = {"reasons": ["stuck"], "hopes": "Slow down together"}
PEOPLE = {"agencies-0": "Police", "lead_knows": "not_applicable"}
ADULTHOOD = {"transitional_view": "unsure"}
LAST = {"date_matters": "no"}
GATE = {"danger": "no", "disagreement": "no", "tasks": "no"}
NEEDED = (
    ("who-it-is-about", CHILD),
    ("why", WHY),
    ("who-is-involved", PEOPLE),
    ("into-adulthood", ADULTHOOD),
    ("last-things", LAST),
)
CONTACTS = {
    "people-0-name": "Mo Hart",
    "people-0-email": "mo@example.org",
    "people-1-name": "Pat Quinn",
}


def past_the_gate(client) -> str:
    """Answer the questions before the form, and return the address of the draft."""
    answer = submit(client, "/ask", **GATE)
    assert answer.status_code == 303
    return answer.location.rpartition("/")[0]


def begin(client) -> str:
    """Send the first page and return the address of the draft."""
    page = past_the_gate(client)
    assert submit(client, f"{page}/about-you", **ABOUT_YOU).location == f"{page}/who-it-is-about"
    return page


def fill(client, page: str) -> None:
    """Answer everything that is needed before a request can be sent."""
    for slug, answers in NEEDED:
        assert submit(client, f"{page}/{slug}", **answers).status_code == 303


def answer(client, path: str, *, page=None, **fields):
    """Send the form of a page with what the page carries hidden; `page` is one that was opened earlier."""
    shown = page or client.get(path)
    mark = re.search(r'name="page"\s+value="([^"]+)"', shown.text)[1]
    hidden = {"csrf_token": token(shown), "version": version(shown), "page": mark}
    return client.post(path, data={**hidden, **fields})


def only_request(work_on):
    with work_on() as work:
        (request,) = work.session.query(Request).all()
        work.session.expunge(request)
        return request
