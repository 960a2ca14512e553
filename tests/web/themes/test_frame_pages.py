"""The code frame from page to page, and drafts for facilitators."""

from factories.pages import errors, sign_in, submit, text_of, version
from jags.accounts.rules import Role
from jags.themes.queries.frame import frame_in_force
from jags.themes.rules import ThemeState
from jags.themes.rules.frame import theme_of


def theme(work_on, key):
    with work_on() as work:
        return theme_of(frame_in_force(work).themes, key)


def test_a_theme_goes_its_way_from_draft_to_use(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    new = {"group": "Turning 18", "words": "Who stays?", "phrases": "who stays\nstill there*"}
    assert errors(submit(client, "/code-frame/add", version="0", **new)) == [
        "Write why, so that whoever reads the history understands it."
    ]
    submit(client, "/code-frame/add", version="0", why="It comes again", **new)
    assert theme(work_on, "who-stays").wording.phrases == ("who stays", "still there*")
    page = client.get("/code-frame/who-stays")
    assert "Draft" in text_of(page)
    submit(client, "/code-frame/who-stays", version=version(page), state="shared", why="Ask")

    facilitator = client.application.test_client()
    sign_in(facilitator, work_on, Role.FACILITATOR, name="Robin Vale")
    assert "Who stays?" in text_of(facilitator.get("/draft-themes"))
    assert facilitator.get("/draft-themes/silos").status_code == 404
    submit(facilitator, "/draft-themes/who-stays", text="It fits <well>.")
    assert "You wrote: It fits <well>." in text_of(facilitator.get("/draft-themes")).replace(
        "&lt;", "<"
    ).replace("&gt;", ">")

    page = client.get("/code-frame/who-stays")
    assert "It fits &lt;well&gt;." in page.get_data(as_text=True)
    assert "Robin Vale" in text_of(page)
    submit(client, "/code-frame/who-stays", version=version(page), state="in_use", why="Agreed")
    assert theme(work_on, "who-stays").state is ThemeState.IN_USE
    assert "Version 3" in text_of(client.get("/code-frame"))
    rows = client.get("/code-frame.csv").get_data(as_text=True)
    assert 'Turning 18,Who stays?,,"who stays, still there*",In use' in rows


def test_themes_are_merged_split_and_worded_otherwise(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    one = {"group": "Recurrent in reviews", "words": "Apart", "why": "They are one"}
    assert errors(submit(client, "/code-frame/merge", version="0", keys=["silos"], **one)) == [
        "Select two or more themes that are in use."
    ]
    submit(client, "/code-frame/merge", version="0", keys=["silos", "divides"], **one)
    assert theme(work_on, "silos").became == ("apart",)
    assert "It became Apart" in text_of(client.get("/code-frame/silos"))
    assert errors(submit(client, "/code-frame/curiosity/split", version="1", why="Two")) == [
        "Enter at least two themes."
    ]
    parts = {"parts-0-words": "Alone", "parts-1-words": "Together"}
    submit(client, "/code-frame/curiosity/split", version="1", why="Two", **parts)
    assert theme(work_on, "curiosity").became == ("alone", "together")
    said = {"group": "Recurrent in reviews", "words": "Alone, and curious", "why": "Clearer"}
    submit(client, "/code-frame/alone/wording", version="2", **said)
    assert theme(work_on, "alone").wording.words == "Alone, and curious"
    history = text_of(client.get("/code-frame/history"))
    assert "Split: Professional curiosity → Alone, Together" in history
    assert "Worded otherwise: Alone, and curious" in history


def test_a_change_over_somebody_elses_is_refused_with_what_was_typed(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    new = {"group": "G", "words": "Mine", "why": "Because"}
    submit(client, "/code-frame/add", version="0", **new)
    answer = submit(client, "/code-frame/add", version="0", **{**new, "words": "Yours"})
    assert answer.status_code == 409
    assert "Yours" in text_of(answer)
    assert theme(work_on, "yours") is None


def test_what_is_not_there_is_not_found(client, work_on):
    sign_in(client, work_on, Role.ADMINISTRATOR)
    for path in ("/code-frame/nothing", "/code-frame/nothing/split", "/code-frame/nothing/wording"):
        assert client.get(path).status_code == 404
