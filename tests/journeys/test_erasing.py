"""Erasing what is due takes two people, and lasts: also in a copy that is put back from before."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from factories.erasing import ended_request
from jags.requests.model import Request
from jags.requests.queries import detail_of
from journeys import finding
from journeys.letters import Letters
from journeys.partnership import Partnership
from journeys.people import ADMINISTRATOR, COORDINATOR
from journeys.visitors import Visitors, go_to

# Asks for the page again and again, until its list is done.
_UNTIL_DONE = """async () => {
    const until = Date.now() + 30000;
    while (Date.now() < until) {
        const page = await (await fetch(location.href)).text();
        if (/govuk-tag[^>]*>\\s*Done/.test(page)) return true;
    }
    return false;
}"""

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def restore(backup: Path, *, to: Path) -> None:
    """Put a backup in the place of a database that nobody uses, as the guide for operators says."""
    for log in ("-wal", "-shm"):
        to.with_name(f"{to.name}{log}").unlink(missing_ok=True)
    shutil.copy(backup, to)


def test_two_people_erase_what_is_due_and_a_restored_copy_does_it_again(
    partnership: Partnership, letters: Letters, visitors: Visitors, database_url: str
) -> None:
    with partnership.work_on() as work:
        old = ended_request(work)
        old_id, reference = old.id, old.reference or ""
        assert detail_of(work, old).pseudonym == "Kestrel"
    for email, role, name in (
        (ADMINISTRATOR, "administrator", "Stefan Blake"),
        (COORDINATOR, "coordinator", "Meera Coleman"),
    ):
        partnership.command("accounts", "invite", email, "--role", role, "--name", name)
    file = Path(database_url.removeprefix("sqlite:///"))
    partnership.command("database", "backup", str(file.with_suffix(".before")))
    # On the first of a month a list is made by itself.
    later = 1 if partnership.begins.day == 1 else 0
    partnership.serve(days_on=later)
    first, second = visitors.at_a_desk(), visitors.on_a_phone()
    finding.set_password(visitors, letters, first, ADMINISTRATOR)
    finding.set_password(visitors, letters, second, COORDINATOR)

    go_to(first, "Office")
    first.get_by_role("navigation", name="Within Office").get_by_role("link", name="Records").click()
    visitors.look_over(first, "Records")
    first.get_by_role("link", name="How long records are kept").click()
    visitors.look_over(first, "How long records are kept")
    first.get_by_role("button", name="List what is due").click()
    expect(first.get_by_role("row", name=reference)).to_contain_text("Erased for good")
    first.get_by_role("button", name="I have looked it through").click()
    expect(first.get_by_text("You put it forward, so somebody else approves it.")).to_be_visible()
    expect(first.get_by_role("button", name="Approve")).to_have_count(0)
    hint = "A list of records to erase waits for a second person."
    first.goto("/home")
    expect(first.get_by_text(hint)).to_have_count(0)

    second.goto("/home")
    visitors.look_over(second, "What needs you now")
    expect(second.get_by_text(hint)).to_be_visible()
    second.get_by_role("link", name="Look it through, and approve or drop it").click()
    expect(second.get_by_role("row", name=reference)).to_be_visible()
    second.get_by_role("button", name="Approve: erase for good").click()
    expect(second.get_by_role("alert")).to_contain_text("It is approved, and erased within minutes.")
    # The scheduler carries it out by itself.
    assert second.evaluate(_UNTIL_DONE)
    second.reload()
    visitors.look_over(second, re.compile("What was due on .* Done"))
    expect(second.get_by_role("row", name=reference)).to_contain_text("Erased")
    second.goto(f"/requests/{old_id}")
    expect(second.get_by_text("What was written about this request was erased")).to_be_visible()
    expect(second.get_by_text("Kestrel")).to_have_count(0)
    assert visitors.problems == []

    partnership.stop()
    restore(file.with_suffix(".before"), to=file)
    with partnership.work_on() as work:
        assert detail_of(work, work.session.get_one(Request, old_id)).pseudonym == "Kestrel"
    with pytest.raises(RuntimeError, match="jags retention reapply"):
        partnership.serve(days_on=later)
    assert "1 were done again" in partnership.command("retention", "reapply")
    partnership.serve(days_on=later)
    with partnership.work_on() as work:
        assert detail_of(work, work.session.get_one(Request, old_id)).pseudonym == ""
