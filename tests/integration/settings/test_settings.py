"""A partnership changes its words, numbers and lists, and nothing that would break or lower a promise."""

import json

import pytest
from sqlalchemy import select

from jags.audit.model import AuditEvent
from jags.kernel.errors import Invalid
from jags.settings.model import Setting
from jags.settings.queries import partnership
from jags.settings.rules import Partnership
from jags.settings.service import change_setting

_REMINDED_TOO_EARLY = "feedback_reminder_days must be fewer than feedback_open_days, so that the reminder leaves after the invitation"


def test_without_a_change_the_defaults_are_in_force(work_on):
    with work_on(write=False) as work:
        assert partnership(work) == Partnership()


def test_a_change_is_in_force_at_once_and_later_with_its_event(work_on):
    with work_on() as work:
        assert partnership(work).phone == "01632 960100"
        assert change_setting(work, "phone", "01632 960199").phone == "01632 960199"
        assert partnership(work).phone == "01632 960199"
        change_setting(work, "phone", "01632 960188")
    with work_on(write=False) as work:
        assert partnership(work).phone == "01632 960188"
        events = work.session.execute(
            select(AuditEvent.tag, AuditEvent.payload).order_by(AuditEvent.seq)
        ).all()
    assert [(tag, json.loads(payload)) for tag, payload in events] == [
        ("setting:changed", {"key": "phone", "version": 1}),
        ("setting:changed", {"key": "phone", "version": 2}),
    ]


@pytest.mark.parametrize(
    ("key", "value", "read"),
    [
        ("localities", {"North": ["N"], "South": []}, {"North": ("N",), "South": ()}),
        ("routes", {"other": "Something else"}, {"other": "Something else"}),
        ("triage_days", 0, 0),
        ("employer_services_are_different", False, False),
        ("feedback_least_inside", 8, 8),
        ("email", "jags@other.example.org", "jags@other.example.org"),
        ("business_unit", "Zoë’s Unit", "Zoë’s Unit"),
    ],
)
def test_each_kind_of_value_is_read_as_it_was_set(work_on, key, value, read):
    with work_on() as work:
        change_setting(work, key, value)
    with work_on(write=False) as work:
        assert getattr(partnership(work), key) == read


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("colour", "blue", "There is no setting called colour."),
        ("triage_days", "five", "triage_days must be a whole number."),
        ("triage_days", True, "triage_days must be a whole number."),
        ("triage_days", 2.5, "triage_days must be a whole number."),
        ("triage_days", -1, "triage_days must be at least 0."),
        ("link_days", 0, "link_days must be at least 1."),
        ("feedback_least_inside", 4, "feedback_least_inside must be at least 5."),
        ("feedback_least_outside", 9, "feedback_least_outside must be at least 10."),
        (
            "feedback_reminder_days",
            10,
            f"{_REMINDED_TOO_EARLY} (they are 10 and 10 then).",
        ),
        (
            "feedback_open_days",
            5,
            f"{_REMINDED_TOO_EARLY} (they are 5 and 5 then).",
        ),
        ("employer_services_are_different", 1, "employer_services_are_different must be true or false."),
        ("phone", 1632960100, "phone must be text."),
        ("phone", " ", "phone must be one line of text."),
        ("business_unit", "Unit\r\nBcc: eve@example.org", "business_unit must be one line of text."),
        ("email", "the unit", "Enter an e-mail address in the correct format, like name@example.org."),
        ("routes", ["other"], "routes must be an object."),
        ("routes", {"other": 1}, "Each entry of routes needs a code and words."),
        ("routes", {"other": ""}, "Each entry of routes needs a code and words."),
        ("localities", {"": []}, "Each entry of localities needs a name."),
        ("localities", {"North": "N"}, "Each locality needs a list of other spellings, which may be empty."),
        ("localities", {"North": [1]}, "Each locality needs a list of other spellings, which may be empty."),
    ],
)
def test_a_value_that_cannot_be_right_is_refused_with_a_sentence(work_on, key, value, message):
    with work_on() as work:
        with pytest.raises(Invalid) as caught:
            change_setting(work, key, value)
        assert (str(caught.value), caught.value.field) == (message, key)
        assert partnership(work) == Partnership()


def test_a_setting_of_another_version_of_the_software_is_passed_over(work_on):
    with work_on() as work:
        work.session.add(Setting(key="gone", value='"x"', changed_at=work.now))
    with work_on(write=False) as work:
        assert partnership(work) == Partnership()
