"""What stands against an agreement is on the first page and on the page of its request, with what to do."""

import html
import re

from factories.pages import sign_in, submit
from factories.pool import involved
from factories.sessions import agree
from jags.accounts.rules import Role
from jags.requests.model import Request
from jags.requests.rules import Tie
from jags.requests.service.answers import new_member

SAID = "Ann: has the same name as somebody in this request"


def read(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def test_a_doubt_that_came_up_later_is_shown_and_cleared_from_the_page_of_the_request(client, work_on):
    made = agree(work_on, names=("Ann", "Ben"))
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/requests/{made.request_id}"
    assert "look at again" not in read(client.get("/home"))
    assert "Look at the facilitators again" not in read(client.get(path))
    with work_on() as work:
        request = work.session.get_one(Request, made.request_id)
        request.network.append(new_member(work, request, involved("Ann"), tie=Tie.NETWORK, position=9))
    home = read(client.get("/home"))
    assert "Facilitators to look at again (1)" in home
    assert SAID in home
    page = client.get(path)
    assert f"{SAID} Clear it with a reason" in read(page)
    assert "or note that somebody steps back" in read(page)
    (clear,) = re.findall(r'href="([^"]+/doubt)"', page.text)
    shown = re.search(r'name="shown"[^>]* value="([^"]+)"', client.get(clear).text)[1]
    answer = submit(client, clear, reason="Two people of one name.", shown=shown)
    assert answer.location == path
    assert "Ann can hold this JAGS, as far as this is concerned." in read(client.get(path))
    assert "Look at the facilitators again" not in read(client.get(path))
    assert client.get(clear).status_code == 404
