"""Each command does its work, and says in one line on standard error what is wrong when it cannot."""

import json
import stat

import pytest
from sqlalchemy import inspect, select, text

from jags.accounts.model import Account
from jags.accounts.queries import contact_of
from jags.accounts.rules import AccountState, Role
from jags.adapters.keys import new_jobs_key, new_master_key, read_key
from jags.audit.model import AuditEvent
from jags.extensions import db
from jags.kernel.errors import SetupIncomplete
from jags.notifications.model import OutboxMessage
from jags.schema import METADATA
from jags.settings.queries import partnership
from jags.settings.rules import Partnership


def refusal(result):
    """Return the one line of a command that refused."""
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    return result.stderr.strip()


def test_invite_makes_the_first_account_and_queues_its_mail(jags, work_on):
    result = jags("accounts", "invite", "wren@example.org", "--role", "administrator", "--name", "Wren Young")
    assert (result.exit_code, result.stdout) == (0, "The invitation is on its way.\n")
    with work_on(write=False) as work:
        account = work.session.scalars(select(Account)).one()
        assert (account.state, [held.role for held in account.roles]) == (
            AccountState.INVITED,
            [Role.ADMINISTRATOR],
        )
        assert contact_of(work, account.person).name == "Wren Young"
        assert len(work.session.scalars(select(OutboxMessage)).all()) == 1
        assert set(work.session.scalars(select(AuditEvent.actor_ref))) == {"system:cli:accounts"}


def test_invite_refuses_an_address_that_is_none(jags, work_on):
    assert refusal(jags("accounts", "invite", "wren", "--role", "coordinator")).startswith("Enter an e-mail")
    with work_on(write=False) as work:
        assert work.session.scalars(select(Account)).all() == []


def test_verify_tells_a_whole_trail_from_a_broken_one(jags, work_on):
    jags("accounts", "invite", "wren@example.org", "--role", "coordinator")
    whole = jags("audit", "verify")
    said, _, noted = whole.stdout.strip().rpartition(" ")
    assert (whole.exit_code, said) == (0, "The audit trail is whole. Its last event:")
    assert jags("audit", "verify", "--expect", noted).exit_code == 0
    assert jags("audit", "verify", "--expect", noted[:-1] + "x").exit_code == 1
    with work_on() as work:
        work.session.execute(text("UPDATE audit_head SET seq = seq + 1"))
    broken = jags("audit", "verify")
    assert broken.exit_code == 1
    assert broken.stdout.count("\n") == 1
    assert "the end was cut or added to" in broken.stdout


def test_settings_are_shown_as_they_are_in_force(jags):
    jags("settings", "set", "business_unit", "Zoë’s Unit")
    shown = json.loads(jags("settings", "show").stdout)
    assert (shown["business_unit"], shown["triage_days"]) == ("Zoë’s Unit", Partnership().triage_days)


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("phone", "01632 960199", "01632 960199"),
        ("phone", "999", "999"),
        ("phone", '"999"', "999"),
        ("name", "true", "true"),
        ("triage_days", "7", 7),
        ("employer_services_are_different", "false", False),
        ("localities", '{"North": ["N"]}', {"North": ("N",)}),
    ],
)
def test_a_setting_is_set_as_it_was_typed(jags, work_on, key, typed, value):
    result = jags("settings", "set", key, typed)
    assert (result.exit_code, result.stdout) == (0, f"{key} is set.\n")
    with work_on(write=False) as work:
        assert getattr(partnership(work), key) == value


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        ("colour", "blue", "There is no setting called colour."),
        ("triage_days", "soon", "triage_days must be a whole number."),
        ("feedback_least_inside", "1", "feedback_least_inside must be at least 5."),
        ("localities", "{North", "localities must be an object."),
    ],
)
def test_a_setting_that_cannot_be_right_is_refused(jags, key, typed, sentence):
    assert refusal(jags("settings", "set", key, typed)) == sentence


def test_the_database_goes_down_and_comes_back(jags, app):
    assert jags("database", "downgrade", "base").exit_code == 0
    with app.app_context():
        assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
    for _ in range(2):
        result = jags("database", "upgrade")
        assert (result.exit_code, result.stdout) == (0, "The database is at the newest version.\n")
    with app.app_context():
        assert set(inspect(db.engine).get_table_names()) == {*METADATA.tables, "alembic_version"}
    assert jags("audit", "verify").exit_code == 0


def test_a_command_whose_settings_are_missing_names_the_first(jags, settings):
    settings["JAGS_MODE"] = "production"
    assert refusal(jags("audit", "verify")).startswith("Set JAGS_BASE_URL ")
    settings["JAGS_SECRET_KEY"] = ""
    assert refusal(jags("audit", "verify")).startswith("Set JAGS_SECRET_KEY ")


@pytest.mark.parametrize("key", ["short", "not base64 at all!", "A" * 44])
def test_a_key_that_is_none_is_named(jags, settings, key):
    settings["JAGS_MASTER_KEY"] = key
    assert refusal(jags("audit", "verify")).startswith("JAGS_MASTER_KEY must be 32 random bytes in base64")


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_what_delivers_mail_says_what_it_misses(jags, settings, command):
    assert refusal(jags(command)).startswith("Set JAGS_MAIL_SERVER ")
    settings["JAGS_JOBS_KEY"] = ""
    assert refusal(jags(command)).startswith("Set JAGS_JOBS_KEY_FILE ")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])  # noqa: S104 - It must be refused.
def test_the_demonstration_listens_on_this_machine_only(jags, settings, host):
    settings["JAGS_MODE"] = "demo"
    assert refusal(jags("serve", "--host", host)).endswith("it listens on 127.0.0.1 only.")


def test_a_new_master_key_is_readable_by_its_owner_only(jags, tmp_path):
    result = jags("keys", "new", str(tmp_path / "keys"))
    (made,) = (tmp_path / "keys").iterdir()
    assert (result.exit_code, made.suffix, len(read_key(made))) == (0, ".key", 32)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert made.read_text().strip() not in result.output


def test_a_jobs_key_is_never_written_over(jags, tmp_path):
    path = tmp_path / "jobs.key"
    assert jags("keys", "new-jobs", str(path)).exit_code == 0
    first = path.read_bytes()
    assert refusal(jags("keys", "new-jobs", str(path))) == f"{path} is there already and is not written over."
    assert path.read_bytes() == first


@pytest.mark.parametrize("make", [new_master_key, new_jobs_key])
def test_no_key_is_ever_written_over(tmp_path, make):
    path = tmp_path / "a.key"
    path.write_text("something that somebody needs")
    with pytest.raises(SetupIncomplete, match="is not written over"):
        make(path)
    assert path.read_text() == "something that somebody needs"
