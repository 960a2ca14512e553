"""What people read instead of instants, enums and form internals."""

from datetime import UTC, date, datetime, time
from enum import StrEnum

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import DateField, FieldList, Form, FormField, StringField
from wtforms.validators import InputRequired

from jags.web.fields import DateBoxes
from jags.web.filters import clock, day, error_links, listing, moment, under
from jags.web.wording import tag_colour, words


class State(StrEnum):
    IN_TRIAGE = "in_triage"
    NEVER_WORDED = "never_worded"


class Contact(Form):
    name = StringField("Name", validators=[InputRequired("Enter a name")])


class Sample(Form):
    held_on = DateField(
        "Date", format="%d %m %Y", widget=DateBoxes(), validators=[InputRequired("Enter the date")]
    )
    contacts = FieldList(FormField(Contact), min_entries=2)


def test_an_instant_is_told_in_london_summer_time() -> None:
    assert moment(datetime(2026, 6, 2, 23, 30, tzinfo=UTC)) == "Wednesday 3 June 2026, 12:30am"


def test_a_date_has_no_leading_nought() -> None:
    assert day(date(2026, 3, 3)) == "3 March 2026"


@pytest.mark.parametrize(
    ("wall", "said"),
    [(time(0, 5), "12:05am"), (time(9), "9am"), (time(12), "12pm"), (time(14, 30), "2:30pm")],
)
def test_a_time_is_told_on_the_twelve_hour_clock(wall: time, said: str) -> None:
    assert clock(wall) == said


def test_a_state_is_told_in_its_own_words() -> None:
    assert words(State.IN_TRIAGE) == "Being considered"
    assert words("in_triage", "State") == "Being considered"
    assert tag_colour(State.IN_TRIAGE) == "orange"


def test_a_state_without_words_is_still_not_shown_as_an_enum() -> None:
    assert words(State.NEVER_WORDED) == "Never worded"
    assert tag_colour(State.NEVER_WORDED) == "grey"


@pytest.mark.parametrize(
    ("things", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_things_are_joined_as_in_speech(things: list[str], said: str) -> None:
    assert listing(things) == said


def test_each_error_links_to_the_first_input_that_it_speaks_of() -> None:
    form = Sample(MultiDict({"contacts-0-name": "", "contacts-1-name": "Asha"}))
    form.validate()
    form.form_errors.append("Choose two people")

    assert error_links(form) == [
        {"text": "Choose two people", "href": "#held_on-day"},
        {"text": "Enter the date", "href": "#held_on-day"},
        {"text": "Enter a name", "href": "#contacts-0-name"},
    ]


@pytest.mark.parametrize("sent", [[], ["3"], ["3", "4", "2026", "9"]])
def test_a_date_sent_in_odd_parts_is_drawn_as_three_boxes(sent: list[str]) -> None:
    form = Sample(MultiDict([("held_on", part) for part in sent] + [("contacts-0-name", "Asha")]))

    params = DateBoxes().map_gov_params(form.held_on, id="held_on", value="")

    assert [item["value"] or "" for item in params["items"]] == [*sent, "", "", ""][:3]


def test_each_cell_of_a_row_carries_the_title_of_its_column() -> None:
    row = '<th scope="row">JAGS</th> <td class="x">Now <b>or</b> never</td>\n<td class="x"> </td><td>End</td>'
    assert under(row, ["Request", "When & why", "Who", ""]) == (
        '<th scope="row">JAGS</th> '
        '<td class="x" data-label="When &amp; why"><div class="jags-cell">Now <b>or</b> never</div></td>\n'
        '<td class="x" data-label="Who" data-empty><div class="jags-cell"> </div></td>'
        '<td><div class="jags-cell">End</div></td>'
    )
