"""The pages of network meetings and training: arranged by the Business Unit, answered by who is invited."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from conftest import NOW
from factories.gatherings import meeting, training_event
from factories.pages import come_in, errors, heading, sign_in, submit, token, version
from factories.pool import facilitator, span
from jags.accounts.rules import Role
from jags.facilitators.queries import get_facilitator
from jags.facilitators.rules import BookingKind
from jags.facilitators.service import book
from jags.kernel.ids import new_id
from jags.practice.model import Gathering
from jags.practice.queries import agenda_of, get_gathering
from jags.venues.rules import VenueDetails
from jags.venues.service import add_venue

PLACE = "/facilitators/meetings"
WHEN = {
    "day": ["1", "12", "2026"],
    "start_time": "10am",
    "minutes": "120",
    "format": "in_person",
    "venue": "Harbour Hub",
}


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def sends(client, path, **fields):
    """Send a page's form with the version that it shows."""
    page = client.get(path)
    return client.post(
        path, data={"csrf_token": token(page), "version": version(page), **fields}, follow_redirects=True
    )


def test_a_network_meeting_is_planned_invited_to_and_recorded(client, work_on, clock):
    with work_on() as work:
        ann, ben = facilitator(work, "Ann", of="health"), facilitator(work, "Ben", trained_on=None)
        taken = span(NOW.date() + timedelta(days=7), 9, 12)
        book(work, ben, taken.starts_at, taken.ends_at, BookingKind.SESSION, new_id())
    sign_in(client, work_on, Role.COORDINATOR)
    assert "Nothing is planned" in words(client.get(PLACE))
    planned = submit(client, f"{PLACE}/new/network_meeting", **WHEN)
    path = planned.location.removesuffix("/invite")
    offered = words(client.get(planned.location))
    assert "Ann, Agency health" in offered
    assert "Ben, Agency agency-of-ben – not current on that day; away or booked then" in offered
    invited = sends(client, planned.location, people=[str(ann), str(ben)])
    assert "They are invited." in words(invited)
    assert "No answer yet something else is booked then" in words(invited)
    agenda = sends(client, f"{path}/agenda", topics="Endings\nEndings\nWho stays")
    assert "Endings Who stays" in words(agenda)
    noted = client.post(
        f"{path}/people/{ben}/apologies",
        data={"csrf_token": token(client.get(f"{path}/change"))},
        follow_redirects=True,
    )
    assert "The apologies are noted" in words(noted)
    clock.instant = NOW + timedelta(days=8)
    sign_in(client, work_on, Role.COORDINATOR)
    recorded = sends(client, f"{path}/attendance", attended=[str(ann)], apologies=[str(ben)])
    assert "It is recorded who was there." in words(recorded)
    assert "Tuesday 1 December 2026, 10am Network meeting Held 2 1 1" in words(client.get(PLACE))


def test_a_training_event_shows_its_cost_and_who_attends_is_trained(client, work_on, clock):
    with work_on() as work:
        ann = facilitator(work, "Ann", trained_on=None)
    sign_in(client, work_on, Role.COORDINATOR)
    planned = submit(
        client,
        f"{PLACE}/new/training",
        **WHEN,
        title="Refresher",
        provider="Wren Training",
        places="12",
        cost="£1,250",
        fund="Partnership fund",
    )
    path = planned.location.removesuffix("/invite")
    sends(client, planned.location, people=[str(ann)])
    page = words(client.get(path))
    for part in ("Given by Wren Training", "Places 12", "Cost £1,250", "Paid from Partnership fund"):
        assert part in page
    assert 'value="£1,250"' in client.get(f"{path}/change").get_data(as_text=True)
    clock.instant = NOW + timedelta(days=8)
    sign_in(client, work_on, Role.COORDINATOR)
    assert "Cost £1,250, £1,250 for each who was there" in words(
        sends(client, f"{path}/attendance", attended=[str(ann)])
    )
    with work_on() as work:
        assert [one.course for one in get_facilitator(work, ann).training] == ["Refresher"]


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    answer = submit(client, f"{PLACE}/new/training", **{**WHEN, "venue": ""}, title="Refresher", cost="a lot")
    assert errors(answer) == ["Enter the cost in pounds, such as 1250 or 80.50, up to 100,000."]
    answer = submit(
        client, f"{PLACE}/new/training", **{**WHEN, "venue": ""}, title="Refresher", places="many"
    )
    assert errors(answer) == ["Enter a whole number of places from 1 to 200, or leave it empty."]
    assert 'value="Refresher"' in answer.get_data(as_text=True)
    assert errors(submit(client, f"{PLACE}/new/network_meeting", **{**WHEN, "venue": ""})) == [
        "Enter where people meet."
    ]
    with work_on() as work:
        assert work.session.query(Gathering).count() == 0
        made = training_event(work, places=1)
        people = [str(facilitator(work, name)) for name in ("Ann", "Ben")]
        path = f"{PLACE}/{made.id}/invite"
    assert errors(sends(client, path)) == ["Select whom you invite."]
    assert errors(sends(client, path, people=people)) == [
        "All places are taken. Invite fewer people, or offer more places."
    ]
    assert errors(sends(client, path, people=[str(new_id())])) == [
        "Select from the answers that are offered."
    ]


def test_a_meeting_is_changed_and_called_off_after_one_question(client, work_on):
    with work_on() as work:
        made = meeting(work).id
    sign_in(client, work_on, Role.COORDINATOR)
    changed = sends(client, f"{PLACE}/{made}/change", **{**WHEN, "day": ["6", "4", "2027"]})
    assert "Tuesday 6 April 2027, 10am to 12pm (London time)" in words(changed)
    stale = client.post(
        f"{PLACE}/{made}/call-off",
        data={"csrf_token": token(client.get(f"{PLACE}/{made}/call-off")), "version": "1"},
    )
    assert stale.status_code == 409
    assert "Called off" in words(sends(client, f"{PLACE}/{made}/call-off"))


def test_a_facilitator_sees_own_invitations_and_answers(client, work_on):
    with work_on() as work:
        ann, ben = facilitator(work, "Ann"), facilitator(work, "Ben", of="health")
        made, other = meeting(work, ann, ben), meeting(work, ben, in_days=9)
        made_id, other_id = made.id, other.id
    come_in(client, work_on, ann)
    listed = words(client.get("/my-meetings"))
    assert "Tuesday 1 December 2026, 10am Network meeting No answer yet" in listed
    assert "3 December" not in listed
    assert client.get(f"/my-meetings/{other_id}").status_code == 404
    assert errors(submit(client, f"/my-meetings/{made_id}")) == ["Select whether you can come."]
    submit(client, f"/my-meetings/{made_id}", coming="yes")
    come_in(client, work_on, ben)
    page = words(client.get(f"/my-meetings/{made_id}"))
    assert "Harbour Hub" in page
    assert "Who is coming Name Agency Ann Agency agency-of-ann" in page
    answer = client.post(
        f"/my-meetings/{made_id}",
        data={"csrf_token": token(client.get(f"/my-meetings/{made_id}")), "coming": "no"},
        follow_redirects=True,
    )
    assert "you need not explain anything" in words(answer)
    assert "Sent apologies" in words(answer)


def test_whoever_is_booked_elsewhere_is_told_so(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
        taken = span(NOW.date() + timedelta(days=7), 9, 12)
        book(work, ann, taken.starts_at, taken.ends_at, BookingKind.SESSION, new_id())
        made = meeting(work, ann).id
    come_in(client, work_on, ann)
    assert errors(submit(client, f"/my-meetings/{made}", coming="yes")) == [
        "Something else is booked for you at that time. Ring us if it can be moved."
    ]


@pytest.mark.parametrize("path", ["list", "show", "invite", "attendance", "agenda", "mine", "my list"])
def test_pages_take_the_same_few_queries_for_one_and_for_many(client, work_on, path):
    with work_on() as work:
        ann = facilitator(work, "Ann")
        made = meeting(work, ann, facilitator(work, "Ben")).id
        facilitator(work, "Zoe")
    paths = {
        "list": PLACE,
        "show": f"{PLACE}/{made}",
        "mine": f"/my-meetings/{made}",
        "my list": "/my-meetings",
    }
    wanted = paths.get(path, f"{PLACE}/{made}/{path}")

    def enter():
        if path in {"mine", "my list"}:
            come_in(client, work_on, ann)
        else:
            sign_in(client, work_on, Role.COORDINATOR)

    def queries():
        statements = []

        def count(*arguments):
            statements.append(arguments[2])

        event.listen(Engine, "before_cursor_execute", count)
        try:
            assert client.get(wanted).status_code == 200
        finally:
            event.remove(Engine, "before_cursor_execute", count)
        return [one for one in statements if not one.startswith(("BEGIN", "PRAGMA"))]

    enter()
    one = queries()
    with work_on() as work:
        more = [facilitator(work, f"Person {n}") for n in range(12)]
        for n in range(4):
            meeting(work, ann, *more[:6], in_days=10 + n)
        from jags.practice.service import invite_to_gathering  # noqa: PLC0415 - For this test alone.

        invite_to_gathering(work, made, more[:6], version=get_gathering(work, made).version)
    many = queries()
    assert len(many) == len(one), many
    assert len(many) <= 8, many


def test_the_agenda_takes_up_themes_that_are_ticked(client, work_on, monkeypatch):
    from jags.practice import queries  # noqa: PLC0415 - For this test alone.
    from jags.practice.queries import Theme, Themes  # noqa: PLC0415 - The same.
    from jags.requests.rules import Reason  # noqa: PLC0415 - The same.

    monkeypatch.setattr(queries, "themes_of_sessions", lambda _work: Themes(14, (Theme(Reason.STUCK, 8),)))
    with work_on() as work:
        made = meeting(work).id
    sign_in(client, work_on, Role.COORDINATOR)
    page = client.get(f"{PLACE}/{made}/agenda")
    assert heading(page) == "Agenda"
    assert "What 14 sessions were asked for" in words(page)
    sends(client, f"{PLACE}/{made}/agenda", topics="Endings", themes=["It feels stuck"])
    with work_on() as work:
        assert agenda_of(work, get_gathering(work, made)) == ("Endings", "It feels stuck")


def test_a_room_that_is_taken_is_said_at_its_field_and_nothing_is_planned(client, work_on):
    with work_on() as work:
        room = add_venue(work, details=VenueDetails("Quay Room"), seats=12).id
        meeting(work, venue_id=room)
    sign_in(client, work_on, Role.COORDINATOR)
    again = submit(client, f"{PLACE}/new/network_meeting", **{**WHEN, "venue": ""}, venue_id=str(room))
    assert again.status_code == 409
    assert errors(again) == [
        "Quay Room is booked already, Tuesday 1 December 2026, 10am to 12pm. Choose another time or another place."
    ]
    assert f'value="{room}" selected' in again.get_data(as_text=True)
    with work_on() as work:
        made = work.session.query(Gathering).one().id
    changed = sends(
        client, f"{PLACE}/{made}/change", **{**WHEN, "venue": "", "start_time": "11am"}, venue_id=str(room)
    )
    assert "The change is saved." in words(changed)
    assert "Where Quay Room" in words(changed)
