"""The made-up year is loaded once and to its end; what an interrupted start left is thrown away."""

import fcntl
from pathlib import Path

import pytest

from jags.cli.demo.once import loaded_once


def interrupted(folder: Path, database: Path) -> None:
    with loaded_once(folder, database):
        database.write_text("half a year")
        Path(f"{database}-wal").write_text("more of it")
        raise KeyboardInterrupt


def test_an_interrupted_start_begins_anew_and_a_finished_one_never(tmp_path: Path) -> None:
    database = tmp_path / "jags.db"
    with pytest.raises(KeyboardInterrupt):
        interrupted(tmp_path, database)
    with loaded_once(tmp_path, database) as missing:
        assert missing
        assert [one.name for one in tmp_path.glob("jags.db*")] == []
        database.write_text("a year")
    with loaded_once(tmp_path, database) as missing:
        assert not missing
    assert database.read_text() == "a year"
    database.unlink()
    with loaded_once(tmp_path, database) as missing:
        assert missing


def test_a_database_that_lies_elsewhere_is_left_alone(tmp_path: Path) -> None:
    elsewhere = tmp_path / "jags.db"
    elsewhere.write_text("somebody's own")
    with loaded_once(tmp_path, None) as missing:
        assert missing
    assert elsewhere.read_text() == "somebody's own"


def test_two_starts_do_not_load_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(SystemExit), loaded_once(tmp_path, None):
            pass
    assert "Another start is just loading the made-up year" in capsys.readouterr().err
