"""A message says what its template says, and nothing that somebody typed changes its shape."""

import dataclasses
from email import message_from_bytes, policy
from email.message import EmailMessage
from string import Template

import pytest

from jags.notifications.render import default_wording, render_message
from jags.notifications.rules import Envelope, MailKind, Wording
from jags.settings.rules import Partnership

BODY = "Dear ${recipient_name}\n\n${note}\n\n[Open the page](${link})\n\nRing ${phone}."
ENVELOPE = Envelope(name="Ash Reed", email="ash@example.org", params={"note": "All is well."})


def render(
    envelope=ENVELOPE, *, subject="About JAGS", body=BODY, partnership=None, link="https://x.test/l/1"
):
    message = render_message(
        envelope,
        wording=Wording(subject, body),
        link=link,
        message_id="<1@example.org>",
        partnership=partnership or Partnership(),
    )
    # As a recipient's program reads it off the wire.
    received = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert isinstance(received, EmailMessage)
    return received


def plain(message):
    return message.get_body(("plain",)).get_content()


def page(message):
    return message.get_body(("html",)).get_content()


def with_note(note):
    return dataclasses.replace(ENVELOPE, params={"note": note})


def test_a_message_has_both_parts_one_link_and_the_closing():
    message = render()
    assert plain(message).replace("\r\n", "\n") == (
        "Dear Ash Reed\n\nAll is well.\n\nOpen the page:\nhttps://x.test/l/1\n\nRing 01632 960100.\n\n"
        "Business Unit, Safeguarding Children Partnership\nTelephone 01632 960100\n\n"
        "If you are not sure that this message is from us, find us from our own website, "
        "partnership.example.org, and ring us.\n"
    )
    assert '<p><a href="https://x.test/l/1">Open the page</a></p>' in page(message)
    assert page(message).count("<a ") == 1


def test_headers_name_sender_recipient_and_that_a_machine_wrote_it():
    message = render()
    assert message["From"].addresses[0].addr_spec == "jags@partnership.example.org"
    assert message["From"].addresses[0].display_name == "Business Unit, Safeguarding Children Partnership"
    assert message["To"] == "Ash Reed <ash@example.org>"
    assert (message["Message-ID"], message["Auto-Submitted"]) == ("<1@example.org>", "auto-generated")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x00", "\x0b", "\u2028", "\x85"])
def test_a_line_break_in_name_or_subject_adds_no_header(end):
    envelope = dataclasses.replace(
        ENVELOPE, name=f"Ash{end}Bcc: eve@example.org", params={"note": f"x{end}Bcc: eve@example.org"}
    )
    message = render(envelope, subject="About ${note}")
    assert message["Bcc"] is None
    assert message["Subject"] == "About x Bcc: eve@example.org"
    assert [a.addr_spec for a in message["To"].addresses] == ["ash@example.org"]


@pytest.mark.parametrize("address", ["ash@example.org\r\nBcc: eve@example.org", "ash", "", "a@b@c"])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(ValueError, match="the address cannot be used"):
        render(dataclasses.replace(ENVELOPE, email=address))


def test_markup_in_values_is_shown_as_text():
    message = render(with_note('<script>alert("x")</script> & <a href="https://evil.test">here</a>'))
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &lt;a href=" in page(message)
    assert "<script" not in page(message)
    assert page(message).count("<a ") == 1


@pytest.mark.parametrize("typed", ["$link", "${link}", "${nothing}", "$", "$$", "{{ 7 * 7 }}", "{% raw %}"])
def test_template_syntax_in_values_stays_as_it_was_typed(typed):
    message = render(with_note(typed))
    assert f"\n{typed}\n" in plain(message).replace("\r\n", "\n")
    assert f"<p>{typed}</p>" in page(message)


def test_a_link_in_a_value_becomes_no_link_of_ours():
    message = render(with_note("[Open the page](https://evil.test)"))
    assert 'href="https://evil.test' not in page(message)


@pytest.mark.parametrize("words", ["Unit $5", "${phone", "A & B <i>"])
def test_words_of_the_partnership_are_no_template(words):
    message = render(partnership=dataclasses.replace(Partnership(), business_unit=words, website=words))
    assert f"{words}, Safeguarding Children Partnership\n" in plain(message).replace("\r\n", "\n")
    assert "<i>" not in page(message)


def test_a_paragraph_of_an_empty_value_is_left_out():
    assert "Reed\n\nOpen the page:" in plain(render(with_note(""))).replace("\r\n", "\n")


def test_a_missing_value_names_its_placeholder():
    with pytest.raises(KeyError, match="note"):
        render(dataclasses.replace(ENVELOPE, params={}))


def test_a_calendar_entry_travels_with_its_method():
    text = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:JAGS – ü\r\nEND:VCALENDAR\r\n"
    message = render(dataclasses.replace(ENVELOPE, calendar_method="REQUEST", calendar_text=text))
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert len(parts) == 1
    assert parts[0]["Content-Type"].params == {"method": "REQUEST", "charset": "utf-8"}
    assert parts[0].get_payload(decode=True).decode() == text


def test_letters_of_other_languages_arrive():
    message = render(dataclasses.replace(ENVELOPE, name="Zoë Łukasz"), subject="Für ${recipient_name}")
    assert message["Subject"] == "Für Zoë Łukasz"
    assert message["To"].addresses[0].display_name == "Zoë Łukasz"
    assert "Dear Zoë Łukasz" in plain(message)


@pytest.mark.parametrize("kind", MailKind)
def test_every_kind_has_a_template_with_well_formed_placeholders(kind):
    wording = default_wording(kind)
    subject, body = wording.subject, wording.body
    assert Template(subject).is_valid()
    assert Template(body).is_valid()
    assert "\n" not in subject
    # Until an address is confirmed, the name that somebody typed with it is not repeated to its owner.
    assert body.startswith(("Dear ${recipient_name}\n\n", "Hello\n\n"))
    assert body.count("](${link})") == body.count("${link}") <= 1


def test_who_gave_an_address_and_no_name_is_greeted_all_the_same():
    message = render(dataclasses.replace(ENVELOPE, name=""))
    assert plain(message).startswith("Dear colleague")
    assert message["To"] == "ash@example.org"
