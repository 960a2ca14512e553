"""Figures on labelled texts: what counts as found, missed and a false alarm."""

from datetime import date

import pytest

from jags.kernel.errors import Invalid
from jags.kernel.identifiers import Kind
from jags.kernel.identifiers.measuring import measure, read_labelled

TODAY = date(2026, 11, 24)


def test_labels_are_taken_out_of_the_text_and_their_places_kept():
    (one,) = read_labelled(
        ["# a remark", "", r"dob [[birth_date|12/03/2008]],\nNHS [[nhs_number|943 476 5919]]"], today=TODAY
    )
    assert one.text == "dob 12/03/2008,\nNHS 943 476 5919"
    assert [(m.kind, one.text[m.start : m.end]) for m in one.marked] == [
        (Kind.BIRTH_DATE, "12/03/2008"),
        (Kind.NHS_NUMBER, "943 476 5919"),
    ]
    assert one.today == TODAY


def test_a_file_says_on_which_day_it_is_read():
    (one,) = read_labelled(["# today: 2031-01-02", "Hello"], today=TODAY)
    assert one.today == date(2031, 1, 2)


def test_a_label_of_no_kind_is_refused():
    with pytest.raises(Invalid, match="There is no kind 'dob'; the kinds are nhs_number, birth_date"):
        read_labelled(["[[dob|12/03/2008]]"], today=TODAY)


def test_found_missed_and_false_alarms_are_counted_by_kind_and_together():
    texts = read_labelled(
        [
            "[[birth_date|12/03/2008]] and [[birth_date|springtime]]",
            "dob 12/03/2008 is not marked here",
            "nothing at all",
            "[[postcode|NR3 1AB]] beside 14 Mill Lane",
        ],
        today=TODAY,
    )
    measured = measure(texts)
    births, addresses = measured.kinds[Kind.BIRTH_DATE], measured.kinds[Kind.ADDRESS]
    assert (births.there, births.found, births.without, births.texts_alarmed) == (2, 1, 3, 1)
    assert [words for _text, words in births.missed] == ["springtime"]
    assert (addresses.there, addresses.without, addresses.texts_alarmed) == (0, 4, 1)
    assert (measured.stops.there, measured.stops.found) == (3, 2)
    # Beside a postcode an address that is not marked is an alarm, in a text that is not without anything.
    assert (measured.stops.without, measured.stops.texts_alarmed, len(measured.stops.alarms)) == (2, 1, 2)
