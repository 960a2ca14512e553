"""An edited wording can be sent, says what its kind is for, and keeps its one link."""

import pytest

from jags.kernel.errors import Invalid
from jags.notifications.render import default_wording
from jags.notifications.rules import (
    PURPOSES,
    MailKind,
    allowed_placeholders,
    check_wording,
    example_values,
)

QUESTION = default_wording(MailKind.REQUEST_QUESTION)
OWN = "Hello ${recipient_name}\n\nAbout ${reference}: ${question}\n\n[Answer here](${link})\n\nCosts nothing ($$0)."


def refused(subject="A question (${reference})", body=OWN, default=QUESTION):
    with pytest.raises(Invalid) as error:
        check_wording(default, subject=subject, body=body)
    return error.value.field, str(error.value)


@pytest.mark.parametrize("kind", MailKind)
def test_every_kind_is_told_has_an_example_for_each_name_and_passes_its_own_check(kind):
    default = default_wording(kind)
    assert PURPOSES[kind].title
    assert PURPOSES[kind].when.endswith(".")
    assert all(example_values(allowed_placeholders(default)).values())
    check_wording(default, subject=default.subject, body=default.body)


def test_other_words_with_the_same_names_are_taken():
    check_wording(QUESTION, subject="For ${recipient_name}", body=OWN)


def test_what_the_kind_is_for_stays():
    assert refused(body=OWN.replace("${question}", "please ring")) == (
        "body",
        "Put ${question} back: without it the e-mail does not say what it is for.",
    )
    # The reference may stand in the subject alone.
    check_wording(QUESTION, subject="About ${reference}", body=OWN.replace("${reference}", "it"))


def test_a_name_that_is_not_there_is_named_with_those_that_are():
    field, words = refused(body=OWN.replace("${recipient_name}", "${name}"))
    assert field == "body"
    assert words.startswith(
        "There is no ${name} here. Use one of: ${question}, ${reference}, ${recipient_name},"
    )
    assert refused(subject="${link}")[0] == "subject"


def test_nobody_is_named_before_an_address_is_confirmed():
    default = default_wording(MailKind.CONFIRM_REQUEST)
    field, words = refused(body=default.body.replace("Hello", "Dear ${recipient_name}"), default=default)
    assert (field, words[:34]) == ("body", "There is no ${recipient_name} here")


@pytest.mark.parametrize("stray", ["5 $ each", "${", "${a b}"])
def test_a_stray_dollar_sign_is_explained(stray):
    field, words = refused(body=f"{OWN}\n\n{stray}")
    assert field == "body"
    assert "twice ($$)" in words


@pytest.mark.parametrize(
    "body",
    [
        OWN.replace("\n\n[Answer here](${link})", ""),
        OWN.replace("[Answer here](${link})", "Go to ${link} to answer"),
        f"{OWN}\n\n[Again](${{link}})",
        f"{OWN}\n\n[Elsewhere](https://example.org)",
        f"{OWN}\n\nhttps://example.org",
    ],
)
def test_there_is_one_link_and_no_other(body):
    field, words = refused(body=body)
    assert field == "body"
    assert "[Words to click](${link})" in words


def test_a_mail_without_a_link_gets_none():
    default = default_wording(MailKind.PAUSE_NOTE)
    assert refused(body="${note}\n\n[Look](${link})", default=default)[0] == "body"
    check_wording(default, subject="About ${reference}", body="${note}")


@pytest.mark.parametrize("subject", ["", "  ", "x" * 151, "two\nlines"])
def test_a_subject_is_one_line(subject):
    assert refused(subject=subject)[0] == "subject"


@pytest.mark.parametrize("body", ["", " \n ", f"{OWN}{'x' * 5000}"])
def test_a_text_is_there_and_not_endless(body):
    assert refused(body=body)[0] == "body"
