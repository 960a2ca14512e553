"""Draw the pictures of the documentation: start the demonstration, walk through it in Chromium, and keep what is seen."""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Page

from servers.browser import DESK_WIDTH, PHONE_WIDTH, chromium, new_context
from servers.processes import bound_to_parent, free_port

try:
    from PIL import Image
except ImportError:
    # Pictures are then larger and otherwise the same, so the project does not ask for it.
    Image = None

PROJECT = Path(__file__).resolve().parent.parent
PICTURES = PROJECT / "docs" / "screenshots"
LINK = re.compile(r"http://\S+")
START_SECONDS = 60
COLOURS = 64
# As high as the page is.
ALL = -1
STOP_SECONDS = 15


def main() -> None:
    """Draw every picture into docs/screenshots; the ones that stand there are replaced."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="jags-pictures-") as folder:
        instance = Path(folder)
        print("Loading the made-up year, which takes about a minute")
        with demonstration(instance) as ways, chromium() as browser:
            desk, phone = visitor(browser, ways, DESK_WIDTH), visitor(browser, ways, PHONE_WIDTH)
            asking(phone)
            business_unit(desk, ways)
            by_mail(phone, instance / "outbox")
            facilitator(visitor(browser, ways, DESK_WIDTH), ways)


@contextmanager
def demonstration(instance: Path) -> Iterator[dict[str, str]]:
    """Run the demonstration on a free port; gives its address and the ways in that it prints, by their words."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "jags.cli",
        "demo",
        "run",
        "--port",
        str(port),
        "--instance",
        str(instance),
    ]
    with subprocess.Popen(
        bound_to_parent(command, signal_name="TERM"),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        ways = {"address": f"http://localhost:{port}"}
        words = ""
        for line in process.stdout or ():
            if line.startswith("    http") and words:
                ways[words] = line.strip()
            elif line.startswith("Stop with"):
                break
            words = line.strip()
        try:
            wait_for(ways["address"], process)
            yield ways
        finally:
            process.terminate()
            process.communicate(timeout=STOP_SECONDS)


def visitor(browser: Browser, ways: dict[str, str], width: int) -> Page:
    """Open a browser of its own for somebody."""
    context = new_context(browser, base_url=ways["address"], width=width)
    context.set_default_timeout(60_000)
    return context.new_page()


def asking(phone: Page) -> None:
    """A practitioner on a phone, from the first page to the check of the answers."""
    phone.goto("/")
    draw(phone, "practitioner-start-phone")
    phone.get_by_role("button", name="Ask for a JAGS").click()
    for question in ("danger", "disagreement", "tasks"):
        phone.locator(f"input[name={question}][value=no]").check()
    go_on(phone)
    for label, text in {
        "Your name": "Odette Farr",
        "Your role": "Pastoral lead",
        "Your agency": "Secondary School",
        "Your work e-mail address": "odette.farr@school.example.org",
        "Telephone number": "01632 960173",
    }.items():
        phone.get_by_label(label).fill(text)
    go_on(phone)
    phone.get_by_label("Initials or a made-up name").fill("Fern")
    for answer in ("16 to 17", "No", "East", "This authority", "Looked after"):
        phone.get_by_label(answer, exact=True).first.check()
    draw(phone, "practitioner-question-phone")
    go_on(phone)
    phone.get_by_label("It feels stuck").check()
    phone.get_by_label("Approaching 18").check()
    phone.get_by_label("What should thinking together help with?").fill(
        "Each of us sees a different young person. We would like to slow down and listen to each other."
    )
    go_on(phone)
    phone.get_by_label("Agency 1").fill("Children's Social Care")
    phone.get_by_label("Agency 2").fill("Mental Health Trust")
    phone.get_by_label("I am the lead professional").check()
    go_on(phone)
    phone.get_by_label("Yes", exact=True).check()
    go_on(phone)
    phone.get_by_label("A worker is leaving").check()
    go_on(phone)
    draw(phone, "practitioner-check-phone")
    phone.get_by_role("button", name="Send this request").click()
    draw(phone, "practitioner-received-phone")


def business_unit(desk: Page, ways: dict[str, str]) -> None:
    """The Business Unit: what needs a decision, one request, the pairs for it, a session, the evaluation."""
    sign_in(desk, ways, "Business Unit")
    draw(desk, "home")
    desk.get_by_role("link", name="Requests", exact=True).click()
    draw(desk, "requests")
    open_first(desk, "accepted")
    draw(desk, "request", height=1300)
    desk.get_by_role("button", name="See who could do it").click()
    draw(desk, "pairs", height=1500)
    open_first(desk, "scheduled")
    desk.get_by_role("link", name="See the session and who is invited").click()
    draw(desk, "session")
    desk.get_by_role("link", name="Facilitators", exact=True).click()
    draw(desk, "facilitators")
    desk.goto("/evaluation")
    draw(desk, "evaluation", height=ALL)


def by_mail(phone: Page, outbox: Path) -> None:
    """People who came by the link of a mail: a facilitator's first look, a participant, feedback."""
    for subject, name in (
        ("Could you facilitate", "offer-phone"),
        ("Invitation", "invitation-phone"),
        ("How was the JAGS", "feedback-phone"),
        ("Your request for a JAGS is accepted", "status-phone"),
    ):
        phone.goto(newest_link(outbox, subject))
        draw(phone, name)


def facilitator(desk: Page, ways: dict[str, str]) -> None:
    """A facilitator: own sessions and time."""
    sign_in(desk, ways, "a facilitator with a session")
    desk.goto("/my-sessions")
    draw(desk, "my-sessions")
    desk.goto("/my-availability")
    draw(desk, "my-availability")


def open_first(desk: Page, state: str) -> None:
    """Open the first request in a state."""
    desk.goto(f"/requests?state={state}")
    desk.get_by_role("table").get_by_role("link").first.click()


def sign_in(page: Page, ways: dict[str, str], role: str) -> None:
    """Use the way in of a role."""
    page.goto(next(link for words, link in ways.items() if words.startswith(role)))
    page.get_by_role("button", name="Sign in").click()


def go_on(page: Page) -> None:
    """Go to the next page of the form."""
    page.get_by_role("button", name="Continue").last.click()


def newest_link(outbox: Path, subject: str) -> str:
    """Return the link of the mail that was written last about something."""
    mails = sorted(outbox.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for file in mails:
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        part = mail.get_body(("plain",))
        links = LINK.findall(part.get_content()) if part else []
        if str(mail["Subject"]).startswith(subject) and links:
            return links[0]
    raise LookupError(f"There is no mail about: {subject}")


def draw(page: Page, name: str, *, height: int = 0) -> None:
    """Keep what a screen of this height shows from the top, or one of the usual height; ALL keeps the whole page."""
    page.wait_for_load_state()
    usual = page.viewport_size
    if usual and height > 0:
        page.set_viewport_size({"width": usual["width"], "height": height})
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    file = PICTURES / f"{name}.png"
    page.screenshot(path=file, full_page=height == ALL, animations="disabled", caret="hide")
    if usual:
        page.set_viewport_size(usual)
    if Image is not None:
        # Pages have few colours: a palette shows them in a third of the bytes.
        Image.open(file).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.relative_to(PROJECT)}, {file.stat().st_size // 1024} KiB")


def wait_for(address: str, process: subprocess.Popen[str]) -> None:
    """Return once the server answers; raises `RuntimeError` when it ended or stays silent."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            # It is this machine's own server.
            with urlopen(f"{address}/healthz", timeout=5):  # noqa: S310
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("The demonstration did not start.")


if __name__ == "__main__":
    main()
