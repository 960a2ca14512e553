"""Privacy notice, accessibility statement, retention schedule and aids are completed by the partnership and read where people look."""

from factories import pages
from jags.accounts.rules import Role
from jags.retention.rules import Action, RecordKind, Rule, Trigger
from jags.retention.service import set_rule


def write(client, slug, name, text):
    path = f"/records/documents/{slug}/{name}"
    return pages.submit(client, path, text=text, version=pages.version(client.get(path)))


def test_what_is_written_is_read_by_everybody_where_they_look(client, app, work_on):
    reader = app.test_client()
    assert "Data protection officer" not in reader.get("/privacy").text
    pages.sign_in(client, work_on, Role.ADMINISTRATOR)
    assert "0 of 5" in pages.text_of(client.get("/records/documents"))
    assert write(client, "privacy", "officer", "Write to dpo@example.org.").status_code == 303
    assert write(client, "accessibility", "status", "Partly compliant.").status_code == 303
    assert "1 of 5" in pages.text_of(client.get("/records/documents"))
    assert "Write to dpo@example.org." in reader.get("/privacy").text
    shown = pages.text_of(reader.get("/accessibility"))
    assert "Partly compliant." in shown
    assert "What is not accessible yet" not in shown
    for address in ("/privacy", "/accessibility", "/complaints"):
        assert f'href="{address}"' in reader.get("/").text


def test_the_schedule_is_made_from_the_rules_in_force(client, work_on):
    assert "36 months" in pages.text_of(client.get("/how-long-we-keep"))
    with work_on() as work:
        set_rule(work, Rule(RecordKind.REQUEST, Trigger.ENDED, 48, Action.ERASE, "Records manager"))
    shown = pages.text_of(client.get("/how-long-we-keep"))
    assert "48 months" in shown
    assert "Records manager" in shown


def test_aids_are_for_the_business_unit_and_two_who_write_at_once_do_not_lose_a_text(client, work_on):
    assert client.get("/records/documents/impact").status_code == 303
    pages.sign_in(client, work_on, Role.COORDINATOR)
    shown = pages.text_of(client.get("/records/documents/impact"))
    assert "To complete" in shown
    assert "stopped before anything is kept" in shown
    path = "/records/documents/impact/need"
    old = pages.version(client.get(path))
    assert write(client, "impact", "need", "Because of the children.").status_code == 303
    assert write(client, "impact", "need", "Second words.").status_code == 303
    late = pages.submit(client, path, text="A third text that would be lost", version=old)
    assert late.status_code == 409
    assert "A third text that would be lost" in late.text
    stopped = pages.submit(client, path, text="Ring about 943 476 5919", version="2")
    assert stopped.status_code == 200
    for odd in ("nothing", "impact/nothing", "processing/retention", "retention/x"):
        assert client.get(f"/records/documents/{odd}").status_code == 404
