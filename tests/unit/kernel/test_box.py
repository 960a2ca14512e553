"""A box opens with its own key and its own purpose, and with nothing else."""

import pytest

from jags.kernel.box import OVERHEAD, new_pair, open_with, public_of, seal_to
from jags.kernel.sealing import SealBroken


def test_a_box_opens_with_its_private_key():
    private, public = new_pair()
    assert public_of(private) == public
    assert open_with(private, "round 1", seal_to(public, "round 1", b"an answer")) == b"an answer"


def test_boxes_of_one_text_differ_and_have_one_length():
    _private, public = new_pair()
    first, second = seal_to(public, "x", b"same"), seal_to(public, "x", b"same")
    assert first != second
    assert len(first) == len(second) == len(b"same") + OVERHEAD


@pytest.mark.parametrize("spoilt", ["key", "info", "byte", "cut", "empty"])
def test_a_box_does_not_open_otherwise(spoilt):
    private, public = new_pair()
    sealed = seal_to(public, "round 1", b"an answer")
    key = new_pair()[0] if spoilt == "key" else private
    info = "round 2" if spoilt == "info" else "round 1"
    box = {"byte": sealed[:-1] + bytes([sealed[-1] ^ 1]), "cut": sealed[:20], "empty": b""}.get(
        spoilt, sealed
    )
    with pytest.raises(SealBroken):
        open_with(key, info, box)
