"""Reading for themes from page to page: suggestions that say why, what was said kept, and what differs talked through."""

import re

from factories.pages import errors, heading, sign_in, submit, text_of, version
from factories.people import account
from factories.reading import add_comment
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.themes.model import ReadingText
from jags.themes.queries.texts import get_text, keys_of
from jags.themes.service.reading import read_text, take_in_texts


def texts(work_on, *written):
    with work_on() as work:
        for text in written:
            add_comment(work, text)
        take_in_texts(work)
        return sorted(row.id for row in work.session.query(ReadingText))


def said(work_on, text_id, *keys):
    """Let another reader find these themes."""
    with work_on() as work:
        work.as_actor(actor_of(account(work, Role.OBSERVER, name="Other Reader")))
        read_text(work, text_id, set(keys), none_of_them=not keys, version=0)


def ticked(page):
    return re.findall(r'name="themes"[^>]*value="([^"]+)"[^>]* checked', page.get_data(as_text=True))


def test_a_reader_goes_from_text_to_text(client, work_on):
    first, second = texts(work_on, "Housing was not there <b>", "We trusted each other")
    sign_in(client, work_on, Role.OBSERVER)
    assert "2 texts wait for your reading." in text_of(client.get("/themes"))
    address = client.get("/themes/next").location
    assert address == f"/themes/texts/{first}"
    page = client.get(address)
    assert ticked(page) == []
    assert errors(submit(client, address)) == ["Select the themes of this text, or say that it has none."]
    again = submit(client, address, themes=["silos"], none="y")
    assert errors(again) == ["Take the themes out, or the answer that it has none."]
    assert ticked(again) == ["silos"]
    following = submit(client, address, themes=["silos"], version="0").location
    assert client.get(following).location == f"/themes/texts/{second}"
    assert ticked(client.get(address)) == ["silos"]
    stop = submit(client, f"/themes/texts/{second}", none="y", go="stop", version="0")
    assert stop.location == "/themes"
    assert "Nothing waits for you to read." in text_of(client.get("/themes"))
    with work_on() as work:
        assert [keys_of(get_text(work, one).readings[0]) for one in (first, second)] == [
            {"silos"},
            frozenset(),
        ]


def test_a_suggestion_marks_its_words_and_ticks_nothing(client, work_on):
    (text_id,) = texts(work_on, "The housing was <late>")
    sign_in(client, work_on, Role.OBSERVER)
    page = client.get(f"/themes/texts/{text_id}")
    shown = page.get_data(as_text=True)
    assert "The <mark>housing was</mark> &lt;late&gt;" in shown
    assert "Suggested by “housing was”" in text_of(page)
    assert ticked(page) == []


def test_nobody_sees_what_the_other_says_before_both_have_read(client, work_on):
    (text_id,) = texts(work_on, "Text")
    said(work_on, text_id, "silos")
    sign_in(client, work_on, Role.OBSERVER)
    assert client.get(f"/themes/texts/{text_id}/agree").location == f"/themes/texts/{text_id}"
    assert ticked(client.get(f"/themes/texts/{text_id}")) == []
    submit(client, f"/themes/texts/{text_id}", themes=["divides"], version="0")
    assert client.get(f"/themes/texts/{text_id}").location == f"/themes/texts/{text_id}/agree"


def test_what_differs_is_talked_through(client, work_on):
    (text_id,) = texts(work_on, "Text")
    said(work_on, text_id, "silos", "divides")
    sign_in(client, work_on, Role.OBSERVER)
    submit(client, f"/themes/texts/{text_id}", themes=["divides"], version="0")
    assert "A comment Working in silos Divides in the network" in text_of(client.get("/themes/disagreements"))
    agree = f"/themes/texts/{text_id}/agree"
    page = client.get(agree)
    assert ticked(page) == ["divides"]
    assert "You found Divides in the network" in text_of(page)
    assert re.search(r"Reader \d found Working in silos, Divides in the network", text_of(page))
    done = submit(client, agree, themes=["divides", "silos"], version=version(page))
    assert done.location == "/themes/disagreements"
    assert "Nothing differs." in text_of(client.get("/themes/disagreements"))
    assert ticked(client.get(agree)) == ["silos", "divides"]
    assert "Over all themes they said the same in 97 %" in text_of(client.get("/themes/agreement"))


def test_somebody_who_is_too_late_is_told_so(client, work_on):
    (text_id,) = texts(work_on, "Text")
    sign_in(client, work_on, Role.OBSERVER)
    for _ in range(2):
        said(work_on, text_id, "silos")
    # Both said the same, so that it is agreed already.
    answer = submit(client, f"/themes/texts/{text_id}/agree", themes=["silos"], version="0")
    assert answer.status_code == 409
    late = submit(client, f"/themes/texts/{text_id}", page="/themes", themes=["silos"], version="0")
    assert late.status_code == 409
    assert "Two people have read this text." in text_of(late)


def test_new_texts_are_looked_for_at_once(client, work_on):
    with work_on() as work:
        add_comment(work, "New")
    sign_in(client, work_on, Role.COORDINATOR)
    submit(client, "/themes")
    assert "1 new text." in text_of(client.get("/themes"))
    assert heading(client.get("/themes")) == "Themes for learning"
