"""A key file that is missing, cut or no key is named in one sentence, and never shown."""

import base64

import pytest

from jags.adapters.keys import KeyDirectory, SingleKey, new_master_key
from jags.kernel.errors import SetupIncomplete


def test_one_file_is_a_key_of_its_own_name(tmp_path):
    path = tmp_path / "only.key"
    new_master_key(path)
    keys = KeyDirectory(path)
    assert keys.current_id() == "only"
    assert keys.get("only") == base64.b64decode(path.read_text())


def test_the_last_file_by_name_wraps_new_keys(tmp_path):
    for name in ("20270101", "20260101"):
        new_master_key(tmp_path / f"{name}.key")
    (tmp_path / "notes.txt").write_text("not a key")
    assert KeyDirectory(tmp_path).current_id() == "20270101"


def test_a_place_without_keys_says_how_to_make_one(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(
            SetupIncomplete, match=r"There is no master key at .*: make one with: jags keys new"
        ):
            KeyDirectory(path)


@pytest.mark.parametrize("content", [b"", b"c2hvcnQ=\n", b"\xff\xfe", b"not base64!"])
def test_a_file_that_is_no_key_is_named_without_its_content(tmp_path, content):
    path = tmp_path / "a.key"
    path.write_bytes(content)
    with pytest.raises(SetupIncomplete) as caught:
        KeyDirectory(path)
    assert str(path) in str(caught.value)
    assert "c2hvcnQ" not in str(caught.value)


def test_a_key_of_the_environment_is_the_only_one():
    key = SingleKey(base64.b64encode(b"k" * 32).decode())
    assert key.get(key.current_id()) == b"k" * 32
    with pytest.raises(SetupIncomplete, match="The master key 20270101 is needed: set JAGS_MASTER_KEY_FILE"):
        key.get("20270101")
