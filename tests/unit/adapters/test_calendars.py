"""Calendars are fetched from outside only, within limits of time and size, and nothing but busy times comes back."""

import json
import subprocess
import threading
import time
from datetime import UTC, datetime

import pytest

from jags.adapters.calendar_fetching import HttpsFetcher
from jags.adapters.calendars import FetchedCalendars, MadeUpCalendars, SeparateCalendars, answer_to
from jags.facilitators.rules import Span
from jags.facilitators.rules.calendar import CalendarNotRead, CalendarProblem, Reading
from servers.https import NAME, HttpsServer, answer

ADDRESS = f"https://{NAME}/me.ics?key=secret"
STARTS, ENDS = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC)
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Hospital\r\nDTSTART:20270302T100000Z\r\n"
    b"DTEND:20270302T110000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
BUSY = Reading((Span(datetime(2027, 3, 2, 10, tzinfo=UTC), datetime(2027, 3, 2, 11, tzinfo=UTC)),))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with HttpsServer(tmp_path_factory.mktemp("https")) as started:
        yield started


@pytest.fixture(autouse=True)
def empty(server):
    server.pages.clear()
    server.asked.clear()


def fetcher(server, addresses=("127.0.0.1",), **details):
    return HttpsFetcher(
        **{
            "look_up": lambda _host: addresses,
            "trusted": server.trusted,
            "loopback_port": server.port,
            **details,
        }
    )


def problem_of(fetcher, address=ADDRESS):
    with pytest.raises(CalendarNotRead) as found:
        fetcher.fetch(address)
    return found.value.problem


def test_a_calendar_is_fetched_by_its_name_from_the_address_that_was_checked(server):
    server.pages["/me.ics?key=secret"] = answer(200, CALENDAR)
    assert fetcher(server).fetch(ADDRESS) == CALENDAR
    assert server.asked == [("/me.ics?key=secret", NAME)]


def test_a_redirect_is_followed_and_a_circle_is_left(server):
    server.pages["/me.ics?key=secret"] = answer(302, Location="/other.ics")
    server.pages["/other.ics"] = answer(200, CALENDAR)
    server.pages["/round"] = answer(301, Location="/round")
    assert fetcher(server).fetch(ADDRESS) == CALENDAR
    assert problem_of(fetcher(server), f"https://{NAME}/round") is CalendarProblem.NOT_FOUND
    assert [path for path, _host in server.asked].count("/round") == 4


@pytest.mark.parametrize(
    "where",
    [
        f"http://{NAME}/other.ics",
        "https://127.0.0.1/other.ics",
        "https://localhost/other.ics",
        f"https://{NAME}:8443/other.ics",
        "file:///etc/passwd",
    ],
)
def test_a_redirect_without_encryption_or_inside_is_not_followed(server, where):
    server.pages["/me.ics?key=secret"] = answer(302, Location=where)
    assert problem_of(fetcher(server)) is CalendarProblem.INSIDE
    assert len(server.asked) == 1


def test_a_redirect_to_a_name_that_leads_inside_is_not_followed(server):
    server.pages["/me.ics?key=secret"] = answer(302, Location="https://inner.example.org/")
    names = {NAME: ["127.0.0.1"], "inner.example.org": ["10.0.0.7"]}
    assert problem_of(fetcher(server, look_up=names.__getitem__)) is CalendarProblem.INSIDE


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["::1"], ["10.1.2.3"], ["::ffff:127.0.0.1"], ["93.184.216.34", "192.168.0.1"]],
)
def test_a_name_of_which_one_address_lies_inside_is_not_asked(server, addresses):
    server.pages["/me.ics?key=secret"] = answer(200, CALENDAR)
    # As in production: without the allowance for this machine, which tests alone have.
    assert problem_of(fetcher(server, addresses, loopback_port=None)) is CalendarProblem.INSIDE
    assert server.asked == []


def test_a_name_that_changes_its_address_after_the_check_gains_nothing(server):
    answers = iter([["127.0.0.1"], ["10.0.0.7"]])
    server.pages["/me.ics?key=secret"] = answer(200, CALENDAR)
    assert fetcher(server, look_up=lambda _host: next(answers)).fetch(ADDRESS) == CALENDAR
    # It was looked up once: the second answer still waits.
    assert next(answers) == ["10.0.0.7"]


def test_a_server_that_cannot_prove_its_name_is_not_read(server):
    server.pages["/"] = answer(200, CALENDAR)
    assert problem_of(fetcher(server), "https://other.example.org/") is CalendarProblem.CERTIFICATE
    assert problem_of(fetcher(server, trusted=None)) is CalendarProblem.CERTIFICATE
    assert server.asked == []


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (401, CalendarProblem.NOT_ALLOWED),
        (403, CalendarProblem.NOT_ALLOWED),
        (404, CalendarProblem.NOT_FOUND),
        (410, CalendarProblem.NOT_FOUND),
        (500, CalendarProblem.NO_ANSWER),
    ],
)
def test_other_answers_are_told_by_a_word(server, status, problem):
    server.pages["/me.ics?key=secret"] = answer(status, b"sorry")
    assert problem_of(fetcher(server)) is problem


def test_no_more_is_taken_than_the_limit_whether_its_length_is_told_or_not(server):
    def without_length(handler):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"x" * 101)

    server.pages["/me.ics?key=secret"] = answer(200, b"x" * 101)
    server.pages["/long"] = without_length
    assert problem_of(fetcher(server, bytes_most=100)) is CalendarProblem.TOO_LARGE
    limited = fetcher(server, bytes_most=100)
    assert problem_of(limited, f"https://{NAME}/long") is CalendarProblem.TOO_LARGE
    assert len(fetcher(server, bytes_most=101).fetch(ADDRESS)) == 101


def test_a_server_that_drips_or_hangs_is_left_in_time(server):
    def drips(handler):
        handler.send_response(200)
        handler.end_headers()
        while not left.is_set():
            handler.wfile.write(b"x")
            handler.wfile.flush()
            left.wait(0.02)

    left = threading.Event()
    server.pages["/me.ics?key=secret"] = drips
    server.pages["/hangs"] = lambda _handler: left.wait(60)
    before = time.monotonic()
    assert problem_of(fetcher(server, seconds_most=0.1)) is CalendarProblem.TOO_SLOW
    assert problem_of(fetcher(server, seconds_most=0.1), f"https://{NAME}/hangs") is CalendarProblem.TOO_SLOW
    # Either would go on for a minute and more.
    assert time.monotonic() - before < 30
    left.set()


def test_a_name_that_is_not_found_and_a_port_that_is_closed_are_told(server):
    def nobody(_host):
        raise OSError

    assert problem_of(fetcher(server, look_up=nobody)) is CalendarProblem.NO_ANSWER
    assert problem_of(fetcher(server, look_up=lambda _host: [])) is CalendarProblem.NO_ANSWER
    assert problem_of(fetcher(server, loopback_port=1)) is CalendarProblem.NO_ANSWER


def test_only_busy_times_come_back_from_the_process_of_its_own(server):
    calendars = FetchedCalendars(fetcher(server))
    server.pages["/me.ics?key=secret"] = answer(200, CALENDAR)
    asked = json.dumps([ADDRESS, STARTS.isoformat(), ENDS.isoformat()])
    assert calendars.read(ADDRESS, starts_at=STARTS, ends_at=ENDS) == BUSY
    assert json.loads(answer_to(asked, calendars)) == {
        "busy": [["2027-03-02T10:00:00+00:00", "2027-03-02T11:00:00+00:00"]],
        "left_out": 0,
    }
    server.pages["/me.ics?key=secret"] = answer(200, b"<html>Hospital</html>")
    assert json.loads(answer_to(asked, calendars)) == {"problem": "not_a_calendar"}


def test_the_process_of_its_own_has_no_key_in_its_environment(monkeypatch):
    given = {}

    def run(_command, **details):
        given.update(details)
        return subprocess.CompletedProcess([], 0, b'{"busy": [], "left_out": 0}')

    monkeypatch.setenv("JAGS_MASTER_KEY", "secret")
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/trusted.pem")
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    monkeypatch.setattr(subprocess, "run", run)
    assert SeparateCalendars().read(ADDRESS, starts_at=STARTS, ends_at=ENDS) == Reading()
    assert given["env"] == {"SSL_CERT_FILE": "/etc/trusted.pem"}


def test_the_process_of_its_own_refuses_this_machine_and_is_ended_in_time():
    for address, seconds, problem in (
        # Nothing is looked up: the address itself is refused.
        ("https://127.0.0.1/me.ics", 20, CalendarProblem.INSIDE),
        ("https://127.0.0.1/me.ics", 0.01, CalendarProblem.TOO_SLOW),
    ):
        with pytest.raises(CalendarNotRead) as found:
            SeparateCalendars(seconds_most=seconds).read(address, starts_at=STARTS, ends_at=ENDS)
        assert found.value.problem is problem


def test_made_up_calendars_are_busy_on_tuesday_mornings_and_every_other_thursday():
    reading = MadeUpCalendars().read(
        "https://example.org/",
        starts_at=datetime(2027, 3, 22, tzinfo=UTC),
        ends_at=datetime(2027, 4, 5, tzinfo=UTC),
    )
    # The clocks go forward on 28 March.
    assert [f"{one.starts_at:%a %H}-{one.ends_at:%H}" for one in reading.busy] == [
        "Tue 09-12",
        "Tue 08-11",
        "Thu 08-16",
    ]


def test_made_up_calendars_fail_as_real_ones_do_on_a_server_that_never_is():
    with pytest.raises(CalendarNotRead) as found:
        MadeUpCalendars().read("https://calendar.invalid/me.ics", starts_at=STARTS, ends_at=ENDS)
    assert found.value.problem is CalendarProblem.NO_ANSWER
