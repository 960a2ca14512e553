"""ASVS 6.2: passwords are judged by length and by how hard they are to guess, taken as they are typed, and changed with the present one."""

import re
from datetime import timedelta

import pytest

from factories import pages
from factories.second_steps import ADDRESS, PASSWORD, give_password, make_member, sign_in
from jags.accounts.model import Account
from jags.accounts.rules import Contact
from jags.accounts.service.passwords import check_password, fits
from jags.kernel.errors import Invalid
from jags.settings.service import change_setting

NEW = "amber lighthouse crumpet"
PAGE = "/my-account/password"
WREN = Contact(name="Wren Young", email="wren.young@example.org")
NOT_PRESENT = "This is not your present password. Check it and try again."


@pytest.fixture
def wren(work_on):
    return make_member(work_on)


def change(client, present, new=NEW, again=None):
    return pages.submit(client, PAGE, present=present, password=new, again=again or new)


def stored(work_on, account_id):
    with work_on(write=False) as work:
        return work.session.get_one(Account, account_id).password_hash


@pytest.mark.parametrize(
    "password",
    [
        "violet anchor teapot",
        # No rule about what it is made of: small letters, spaces, other alphabets, figures, signs.
        "чайник якорь фиалка",
        "  leading and trailing  ",
        "🫖⚓🪻 kettle meadow oar",
        "7#Kq)2w_vLp0Zz~e",
        # As long as a manager makes them.
        "q8T" + "kettle meadow " * 14,
    ],
)
def test_what_is_hard_to_guess_is_taken_whatever_it_is_made_of(password):
    check_password(password, WREN)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("violet ankl", "at least 12"),
        ("x" * 201, "at most 200"),
        ("password12345678", "first that somebody would try"),
        ("qwertyuiop1234", "first that somebody would try"),
        ("wren and the kettle", "your name"),
        ("aaaabbbbaaaabbbb", "simple pattern"),
    ],
)
def test_what_is_short_common_or_about_oneself_is_refused(password, said):
    with pytest.raises(Invalid, match=said) as refused:
        check_password(password, WREN)
    assert refused.value.field == "password"


def test_words_of_the_house_are_guessed_first(client, wren, work_on):
    with work_on() as work:
        change_setting(work, "name", "Brackenshire Safeguarding")
    sign_in(client)
    # Without the words of the house it would do.
    check_password("brackenshire jags", WREN)
    refused = change(client, PASSWORD, "brackenshire jags")
    assert "first that somebody would try" in pages.errors(refused)[0]
    assert fits(stored(work_on, wren), PASSWORD)


def test_it_is_taken_as_it_is_typed_and_whole(client, wren, work_on):
    sign_in(client)
    new = " Amber  lighthouse\tcrumpet " + "x" * 100
    assert change(client, PASSWORD, new).status_code == 303
    found = stored(work_on, wren)
    assert fits(found, new)
    assert not fits(found, new.strip())
    assert not fits(found, new[:-1])
    assert not fits(found, new.casefold())


def test_it_is_changed_with_the_present_one_alone(client, wren, work_on):
    sign_in(client)
    assert pages.errors(change(client, "violet anchor teapots")) == [NOT_PRESENT]
    assert pages.errors(change(client, "")) == ["Enter your present password."]
    assert fits(stored(work_on, wren), PASSWORD)
    assert change(client, PASSWORD).status_code == 303
    assert fits(stored(work_on, wren), NEW)


def test_guesses_of_the_present_one_are_counted_and_the_right_one_is_not(client, wren, clock, work_on):
    sign_in(client)
    for _ in range(12):
        # What will not do as a new one costs nothing.
        assert "at least 12" in pages.errors(change(client, PASSWORD, "short"))[0]
    for _ in range(10):
        assert pages.errors(change(client, "a guess")) == [NOT_PRESENT]
    assert pages.errors(change(client, PASSWORD)) == [NOT_PRESENT]
    clock.instant += timedelta(minutes=5, seconds=1)
    assert change(client, PASSWORD).status_code == 303
    assert fits(stored(work_on, wren), NEW)


def test_fields_are_masked_and_a_manager_can_fill_them(client, wren):
    page = client.get("/sign-in").text
    sign_in(client)
    own = client.get(PAGE).text
    fields = re.findall(r'<input[^>]*type="password"[^>]*>', page + own)
    assert len(fields) == 4
    assert [re.search(r'autocomplete="([^"]+)"', one)[1] for one in fields] == [
        "current-password",
        "current-password",
        "new-password",
        "new-password",
    ]
    assert "onpaste" not in page + own
    assert give_password(client, email=ADDRESS).status_code == 303
