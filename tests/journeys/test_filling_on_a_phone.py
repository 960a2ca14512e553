"""A request between two visits: how much is typed and chosen, and pages that save themselves while it is."""

import re
import sys

import pytest
from playwright.sync_api import Page, expect

from journeys.partnership import Partnership
from journeys.visitors import Visitors

# A word is five characters; a tired person types thirty a minute on a phone, and takes two seconds for a choice.
CHARACTERS_A_MINUTE = 30 * 5
SECONDS_A_CHOICE = 2
FIVE_MINUTES = 5 * 60

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Typist:
    """Fills a form and counts what it takes."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.characters = 0
        self.choices = 0

    def write(self, label: str, text: str) -> None:
        """Type a text."""
        self.page.get_by_label(label, exact=True).fill(text)
        self.characters += len(text)

    def choose(self, question: str, *answers: str) -> None:
        """Choose one answer, or tick several."""
        for answer in answers:
            self.page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()
        self.choices += len(answers)

    def go_on(self) -> None:
        """Press Continue, which is a choice too."""
        self.page.get_by_role("button", name="Continue").last.click()
        self.choices += 1

    @property
    def seconds(self) -> float:
        """What it takes, in seconds."""
        return self.characters / CHARACTERS_A_MINUTE * 60 + self.choices * SECONDS_A_CHOICE


def test_a_request_takes_less_than_five_minutes_of_typing(
    partnership: Partnership, visitors: Visitors, capsys: pytest.CaptureFixture[str]
) -> None:
    partnership.serve()
    phone = visitors.on_a_phone()
    phone.goto("/")
    phone.get_by_role("button", name="Ask for a JAGS").click()
    typist = Typist(phone)
    _before_the_form(typist)
    typist.write("Your name", "Odette Farr")
    typist.write("Your role", "Pastoral lead")
    typist.write("Your agency", "Secondary School")
    typist.write("Your work e-mail address", "odette.farr@school.example.org")
    typist.write("Telephone number", "01632960173")
    typist.go_on()
    typist.write("Initials or a made-up name", "K")
    typist.choose("How old are the children", "16 to 17")
    typist.choose("Is it about brothers and sisters?", "No")
    typist.choose("Where do they live?", "East")
    typist.choose("Which authority is responsible?", "This authority")
    typist.choose("Current plan or status", "Child in need (section 17)", "Exploitation plan")
    typist.go_on()
    typist.choose(
        "Why are you asking for a JAGS?", "It feels stuck", "We see things differently", "Approaching 18"
    )
    typist.write(
        "What should thinking together help with?",
        "Everybody is worried about K and nobody agrees on what the worry is. Each of us does a lot alone. We want to "
        "slow down, hear what each of us sees, and think about who stays alongside K after 18.",
    )
    typist.go_on()
    for place, name in enumerate(("Police", "Children's Social Care", "CAMHS"), 1):
        typist.write(f"Agency {place}", name)
    typist.choose("Does the lead professional know", "Yes")
    typist.write("Name", "Tobias Lund")
    typist.write("Role", "Social worker")
    typist.go_on()
    typist.choose("Does transitional safeguarding feature?", "Yes")
    typist.go_on()
    typist.choose("Does a date matter?", "Turns 18 within 6 months")
    typist.choose("How did you hear of JAGS?", "A colleague")
    typist.go_on()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Check your answers")
    typist.page.get_by_role("button", name="Send this request").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your request is received")
    with capsys.disabled():
        sys.stdout.write(
            f"\n{typist.characters} characters and {typist.choices} choices: {typist.seconds:.0f} seconds "
            f"at 30 words a minute and {SECONDS_A_CHOICE} seconds a choice.\n"
        )
    assert typist.seconds < FIVE_MINUTES
    assert visitors.problems == []


def test_a_page_saves_itself_and_loses_nothing_without_a_connection(
    partnership: Partnership, visitors: Visitors
) -> None:
    partnership.serve()
    phone = visitors.on_a_phone()
    phone.goto("/ask")
    _before_the_form(Typist(phone))
    # A status is read out by a screen reader when it changes.
    said = phone.get_by_role("status")
    phone.get_by_label("Your name").fill("Odette Farr")
    expect(said).to_have_text(re.compile(r"^Saved at \d{1,2}(:\d\d)?[ap]m$"))
    phone.get_by_label("Your work e-mail address").fill("odette at school")
    expect(said).to_have_text(re.compile("but not yet: Your work e-mail address.$"))

    phone.context.set_offline(True)
    phone.get_by_label("Your role").fill("Pastoral lead")
    expect(said).to_have_text(re.compile("^Not saved yet: there is no connection."))
    phone.context.set_offline(False)
    expect(said).to_have_text(re.compile("^Saved at"))
    # The browser itself notes that it was offline; that is no fault of the page.
    visitors.problems = [found for found in visitors.problems if "ERR_INTERNET_DISCONNECTED" not in found]

    second = phone.context.new_page()
    second.goto(phone.url)
    expect(second.get_by_label("Your name")).to_have_value("Odette Farr")
    expect(second.get_by_label("Your role")).to_have_value("Pastoral lead")
    second.get_by_label("Your team").fill("Year 11")
    expect(second.get_by_role("status")).to_have_text(re.compile("^Saved at"))
    phone.get_by_label("Your team").fill("Year 10")
    expect(said).to_have_text(re.compile("answered in another window"))
    visitors.problems = [found for found in visitors.problems if "409" not in found]
    expect(phone.get_by_label("Your team")).to_have_value("Year 10")
    second.reload()
    expect(second.get_by_label("Your team")).to_have_value("Year 11")
    assert visitors.problems == []


def test_what_follows_from_an_answer_shows_only_then(partnership: Partnership, visitors: Visitors) -> None:
    partnership.serve()
    phone = visitors.on_a_phone()
    phone.goto("/ask")
    _before_the_form(Typist(phone))
    draft = phone.url.rpartition("/")[0]
    phone.goto(f"{draft}/why")
    other = phone.get_by_label("If something else, what is it?")
    expect(other).to_be_hidden()
    phone.get_by_role("checkbox", name="Something else").check()
    expect(other).to_be_visible()
    phone.goto(f"{draft}/who-is-involved")
    expect(phone.get_by_label("Name", exact=True)).to_be_hidden()
    phone.get_by_role("radio", name="Not yet").check()
    expect(phone.get_by_label("Name", exact=True)).to_be_visible()
    phone.get_by_role("radio", name="I am the lead professional").check()
    expect(phone.get_by_label("Name", exact=True)).to_be_hidden()
    without = visitors.on_a_phone(scripts=False)
    without.context.add_cookies(phone.context.cookies())
    without.goto(f"{draft}/why")
    expect(without.get_by_label("If something else, what is it?")).to_be_visible()
    assert visitors.problems == []


def test_the_flyer_fits_one_sheet(partnership: Partnership, visitors: Visitors) -> None:
    partnership.serve()
    desk = visitors.at_a_desk()
    desk.goto("/flyer")
    code = desk.get_by_role("img", name="A code for your phone’s camera that leads to")
    expect(code).to_be_visible()
    paper = desk.pdf(format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "12mm"))
    assert re.findall(rb"/Type /Pages\s+/Count (\d+)", paper) == [b"1"]
    assert visitors.problems == []


def _before_the_form(typist: Typist) -> None:
    for question in ("Is somebody in danger", "Is it mainly a disagreement", "Is what you need mainly tasks"):
        typist.choose(question, "No")
    typist.go_on()
    expect(typist.page.get_by_role("heading", level=1)).to_have_text("About you")
