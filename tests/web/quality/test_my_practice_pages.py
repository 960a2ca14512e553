"""A facilitator's own page, and what they take with them."""

from factories.pages import come_in, errors, submit, text_of
from factories.pool import facilitator


def test_the_log_is_written_changed_exported_and_deleted(client, work_on):
    with work_on() as work:
        person_id = facilitator(work, "Ash Reed")
    come_in(client, work_on, person_id)
    day = {"on": ["23", "11", "2026"]}
    page = text_of(client.get("/my-practice"))
    assert "Too few to say yet." in page

    assert errors(submit(client, "/my-practice/log/new", **day)) == ["Write what you would like to remember."]
    submit(client, "/my-practice/log/new", text="Silence & waiting\nhelp", **day)

    shown = client.get("/my-practice").get_data(as_text=True)
    assert "Silence &amp; waiting<br>help" in shown
    taken = client.get("/my-practice/export")
    assert taken.headers["Content-Disposition"] == 'attachment; filename="my-practice.txt"'
    assert "23 November 2026\nSilence & waiting\nhelp" in taken.get_data(as_text=True)
    path = shown.split('/delete"')[0].rpartition('action="')[2]
    submit(client, path, page=path, text="Changed", version="1", **day)
    assert "Changed" in text_of(client.get("/my-practice"))
    submit(client, f"{path}/delete", page="/my-practice")
    assert "What you write appears here" in text_of(client.get("/my-practice"))
