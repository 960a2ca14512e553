"""What somebody around the child is called when no name was given."""

from jags.requests.rules import NetworkContact


def test_an_address_is_no_name() -> None:
    pasted = NetworkContact(name="Sam@example.org", email="sam@example.org")
    assert (pasted.called, pasted.shown("Harbour Trust")) == ("", "Somebody of Harbour Trust")
    assert NetworkContact(email="sam@example.org").shown("") == "Name not given"
    assert NetworkContact(name="Sam Hart", email="sam@example.org").shown("Harbour Trust") == "Sam Hart"
