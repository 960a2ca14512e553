"""Who changes settings and people, and who reads figures, reads no case text by that: every page of theirs is walked."""

from urllib.parse import urlsplit

import pytest

from factories import pages
from factories.access_table import matrix
from factories.canaries import MARK, everything_in, fill_with_canaries
from factories.crawler import kind_of, read
from factories.ownership import AFTER, a_case, audit_of
from factories.people import account
from factories.released_reports import QUARTER, person, released
from jags.accounts.rules import Role
from jags.audit.model import AuditEvent
from jags.audit.rules import Stream
from jags.evaluation.rules.gathered import Asked

KINDS = {"edition": ("restricted", "public"), "file_format": ("html", "pdf", "xlsx")}
# Every page of somebody with a role: those that links lead to, and each that an address can be made for.
LEAST = {
    Role.ADMINISTRATOR: 60,
    Role.EVALUATION_READER: 8,
    Role.OBSERVER: 8,
    Role.SCRUTINEER: 8,
}


@pytest.fixture
def case(work_on, clock):
    """A case with every document about it, all marked; and reports in review and released."""
    with work_on() as work:
        account(work, Role.COORDINATOR, name="Fay Coe")
    made = a_case(work_on, clock, "Marked")
    clock.instant = AFTER
    audit_of(work_on, made)
    writer, reviewer = (
        person(work_on, Role.COORDINATOR, "Ivy Dale"),
        person(work_on, Role.SCRUTINEER, "Joy Elm"),
    )
    made.ids["report_id"] = released(work_on, writer, reviewer, Asked(QUARTER))
    with work_on() as work:
        assert fill_with_canaries(work) >= 12
    return made


def addresses(app, ids):
    for line in matrix():
        if line.rule.startswith(("figures key", "link ", "ticket", "password ")):
            continue
        for route in app.url_map.iter_rules(line.endpoint):
            if "GET" in (route.methods or ()) and route.arguments <= ids.keys() | KINDS.keys():
                for choice in range(3):
                    values = {
                        one: ids[one] if one in ids else KINDS[one][choice % len(KINDS[one])]
                        for one in route.arguments
                    }
                    with app.test_request_context():
                        yield urlsplit(app.url_for(route.endpoint, **values)).path


def walk(client, app, ids):
    """Open all that there is for whoever is signed in; return what each address said."""
    said, waiting, kinds = {}, ["/home", "/", *dict.fromkeys(addresses(app, ids))], {}
    while waiting:
        address = waiting.pop()
        kind = kind_of(address)
        if address in said or kinds.get(kind, 0) >= 4 or "/sign-out" in address:
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = client.get(address)
        said[address] = answer
        if answer.mimetype == "text/html":
            waiting += [
                one for one in read(address, answer.text)[0] if not one.startswith(("/static/", "/link/"))
            ]
        elif answer.location:
            waiting.append(answer.location)
    return said


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", list(LEAST))
def test_no_page_of_theirs_holds_a_word_of_a_case(client, app, work_on, case, role):
    account_id = pages.sign_in(client, work_on, role, name="Stranger Away")
    said = walk(client, app, case.ids)
    opened = [path for path, answer in said.items() if answer.status_code == 200]
    assert len(opened) >= LEAST[role], sorted(opened)
    leaks = {}
    for path, answer in said.items():
        text = everything_in(answer)
        if MARK in text:
            leaks[path] = text[text.index(MARK) :][:60]
    assert leaks == {}
    with work_on(write=False) as work:
        reads = work.session.query(AuditEvent).filter_by(stream=Stream.READS, actor_ref=str(account_id))
        # A restricted report that is read is noted there, too.
        assert {event.tag for event in reads} <= {"report:read"}


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_the_words_are_there_for_whoever_works_on_the_case(client, app, work_on, case):
    pages.sign_in(client, work_on, Role.COORDINATOR)
    said = walk(client, app, case.ids)
    found = " ".join(everything_in(answer) for answer in said.values())
    for document in (
        "CaseDetail",
        "RequesterContact",
        "NetworkContact",
        "MoveNote",
        "Note",
    ):
        assert f"{MARK} {document} " in found, document
