"""What the guard finds and lets through: one example for each rule."""

from datetime import date

import pytest

from jags.kernel.identifiers import Finding, Kind, NamesSomebody, find_identifiers, refuse_identifiers

TODAY = date(2026, 11, 24)


def found(text, today=TODAY):
    return [(one.kind, text[one.start : one.end]) for one in find_identifiers(text, today=today)]


@pytest.mark.parametrize(
    "number",
    [
        "9434765919",
        "943 476 5919",
        "943-476-5919",
        "943.476.5919",
        "943 – 476 – 5919",
        "943\u00a0476\u00a05919",
        "94347 65919",
        "9434 765 919",
    ],
)
def test_an_nhs_number_is_found_in_any_usual_spacing(number):
    assert found(f"The letter says {number}, I think.") == [(Kind.NHS_NUMBER, number)]


def test_an_nhs_number_in_pairs_counts_unless_something_is_counted():
    assert found("her number 94 34 76 59 19") == [(Kind.NHS_NUMBER, "94 34 76 59 19")]
    assert found("NHS 94 34 76 59 19") == [(Kind.NHS_NUMBER, "94 34 76 59 19")]
    assert found("scores 94 34 76 59 19") == []


def test_digits_of_another_alphabet_are_read():
    assert found("９４３ ４７６ ５９１９") == [(Kind.NHS_NUMBER, "９４３ ４７６ ５９１９")]
    assert found("dob ١٢/٠٣/٢٠٠٨") == [(Kind.BIRTH_DATE, "١٢/٠٣/٢٠٠٨")]


@pytest.mark.parametrize(
    "text",
    [
        "Case 9434765918 has the wrong check digit",
        "Eleven digits are none: 94347659190",
        "Ring 01632 960 123 or 07700 900 123",
        # The last ten digits of these would pass the check.
        "Ring +44 943 476 5919",
        "Ring 0044 943 476 5919",
        "Extension 01632 943 476 5919",
        "Model XK9434765919",
        "JAGS-2026-0042",
        "9434765919kg",
    ],
)
def test_other_long_numbers_pass(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "day",
    [
        "12/03/2008", "12.3.08", "12-03-2008", "12 / 03 / 2008", "12 03 2008", "2008-03-12", "12 March 2008", "3rd of March 2008",
        "12 Mar 08", "12-Mar-08", "12Mar2008", "March 12th, 2008", "the twelfth of March 2008".removeprefix("the "), "12 March, 2008",
        "12 Mar ’08", "03/25/2008",
    ],
)  # fmt: skip
def test_a_date_that_makes_somebody_young_is_found_in_every_usual_spelling(day):
    assert found(f"K ({day}) lives with nan") == [(Kind.BIRTH_DATE, day)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Mum, dob 17/08/1986", "17/08/1986"),
        ("born 2 November 2026 at home", "2 November 2026"),
        ("Her birthday is 14 June", "14 June"),
        ("turns 18 on 9 February 2027", "9 February 2027"),
        ("DOB 120308", "120308"),
        ("dob 3 3 2010", "3 3 2010"),
        ("birthday 25/12", "25/12"),
        ("30/06/1979 (his date of birth)", "30/06/1979"),
        ("On 18 July 2001 she was born", "18 July 2001"),
        ("b. 6 June 1999", "6 June 1999"),
    ],
)
def test_beside_a_word_of_birth_any_date_is_found(text, day):
    assert found(text) == [(Kind.BIRTH_DATE, day)]


@pytest.mark.parametrize(
    "text",
    [
        "an appointment on 3 March 2026",
        "the hearing is on 22/02/2027",
        "He moved on 12 March 2016",
        "moved in with her aunt 12/08/2022",
        "Since 1 September 2021 she is at home",
        "Report dated 03/02/2019",
        "12/06/2019: review",
        "Excluded 11 May 2020, 4 October 2020 and 30 January 2021",
        "between 12 March 2018 and 4 June 2019",
        "On Wednesday 12 March 2014 they fled",
        "seen 12/03/2014 at 2pm",
        "17 (18 in March)",
        "born in March 2008",
        "12/03/1979",
        "12/13/14",
        "32/01/2010",
        "The baby was born before we met on 3 March 2026",
        "12 March",
        "section 3.1.12",
        "0/0/2010",
        "IP 10.1.12.5",
    ],
)
def test_days_on_which_something_happens_and_other_numbers_pass(text):
    assert found(text) == []


def test_the_age_that_counts_is_from_two_to_twenty_five_and_today_is_given():
    assert found("K, 24/11/2024", today=date(2026, 11, 24)) == [(Kind.BIRTH_DATE, "24/11/2024")]
    assert found("K, 25/11/2024", today=date(2026, 11, 24)) == []
    assert found("K, 25/11/2000", today=date(2026, 11, 24)) == [(Kind.BIRTH_DATE, "25/11/2000")]
    assert found("K, 24/11/2000", today=date(2026, 11, 24)) == []


def test_two_digits_are_the_newest_year_that_is_not_to_come():
    assert found("K, 01/01/26", today=date(2030, 6, 1)) == [(Kind.BIRTH_DATE, "01/01/26")]
    assert found("K, 01/01/26", today=date(2025, 6, 1)) == []


@pytest.mark.parametrize(
    "code", ["NR3 1AB", "nr3 1ab", "NR31AB", "NR3-1AB", "W1A 0AX", "EC1A 1BB", "M1 1AE", "GIR 0AA", "BT9 6GX"]
)
def test_a_postcode_is_found(code):
    assert found(f"he lives at {code} now") == [(Kind.POSTCODE, code)]


@pytest.mark.parametrize(
    "text",
    [
        "room B12 3AB",
        "Ward S4 2TH",
        "ref LS12 4QP",
        "NR3 is our area",
        "QQ1 1AB",
        "A14 3AB",
        "NR3 1CI",
        "s4 2nd half",
        "at N1 3rd time",
        "M1A 1AA",
    ],
)
def test_what_is_no_postcode_passes(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "address",
    [
        "14 Mill Lane", "14a Mill Lane", "14–16 Mill Lane", "14, Mill Lane", "Flat 3, 20 High Street", "Flat 12B, Wellington Court", "9 the street",
        "40 mill road", "108 Long Row", "Rose Cottage, Back Lane", "12 Church Hill Close",
    ],
)  # fmt: skip
def test_a_street_address_is_found(address):
    assert found(f"They live at {address}, with nan.") == [(Kind.ADDRESS, address)]


@pytest.mark.parametrize(
    "text",
    [
        "2 boys on the lane", "3 times in the street", "a 10 minute drive", "They live on a busy road", "14 Mill Lane Surgery", "bus 14 Mill Lane",
        "the 25 Station Road bus", "Year 6 Park Lane", "his third close call", "Mill Lane", "£14 Mill Lane",
    ],
)  # fmt: skip
def test_what_is_no_address_passes(text):
    assert found(text) == []


def test_everything_in_a_text_is_found_in_its_order():
    text = "14 Mill Lane, NR3 1AB. NHS 943 476 5919, dob 12/03/2008"
    assert found(text) == [
        (Kind.ADDRESS, "14 Mill Lane"),
        (Kind.POSTCODE, "NR3 1AB"),
        (Kind.NHS_NUMBER, "943 476 5919"),
        (Kind.BIRTH_DATE, "12/03/2008"),
    ]


@pytest.mark.parametrize(
    "text",
    ["", "\x00", "\u202e12 March\u202c", "\ud800", "\U0001f600" * 9, "０" * 30, "born ", "[[", "٣" * 50],
)
def test_odd_characters_are_no_error(text):
    assert found(text) == []


def test_hidden_characters_hide_nothing():
    assert found("dob\u202e12/03/2008") == [(Kind.BIRTH_DATE, "12/03/2008")]
    assert found("943\u200b476\u200b5919") == [(Kind.NHS_NUMBER, "943\u200b476\u200b5919")]


def test_the_refusal_says_what_was_found_and_what_is_enough():
    with pytest.raises(NamesSomebody) as caught:
        refuse_identifiers("It is 943 476 5919.", today=TODAY, field="hopes")
    assert str(caught.value) == (
        "This looks like an NHS number: 943 476 5919. Please take it out; initials are enough for us."
    )
    assert (caught.value.field, caught.value.findings) == ("hopes", (Finding(Kind.NHS_NUMBER, 6, 18),))


def test_the_refusal_joins_what_is_of_several_kinds():
    with pytest.raises(NamesSomebody) as caught:
        refuse_identifiers("A, dob 1/2/2010; B, dob 3/4/2012; NR3 1AB; 14 Mill Lane", today=TODAY)
    assert str(caught.value) == (
        "This looks like a date of birth: 1/2/2010 and 3/4/2012, a postcode: NR3 1AB and an address: 14 Mill Lane. "
        "Please take them out; an age and the locality are enough for us."
    )


def test_what_is_fine_in_a_field_is_not_refused():
    refuse_identifiers("14 Mill Lane, NR3 1AB", today=TODAY, fine={Kind.POSTCODE, Kind.ADDRESS})
    with pytest.raises(NamesSomebody):
        refuse_identifiers("14 Mill Lane, NR3 1AB", today=TODAY, fine={Kind.POSTCODE})
