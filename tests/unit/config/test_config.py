"""Each setting that is missing or wrong is named in one sentence."""

import pytest

from config import Config, ConfigurationError

PRODUCTION = {
    "JAGS_SECRET_KEY": "k" * 32,
    "JAGS_BASE_URL": "https://jags.example.org",
    "JAGS_MASTER_KEY_FILE": "/etc/jags/keys",
    "JAGS_JOBS_KEY_FILE": "/etc/jags/jobs.key",
    "JAGS_MAIL_SERVER": "mail.example.org",
}


def without(name):
    return {key: value for key, value in PRODUCTION.items() if key != name}


def test_production_is_the_default_and_starts_with_what_it_needs():
    config = Config.from_environment(PRODUCTION)
    config.check_delivery()
    assert (config.mode, config.secure, config.host) == ("production", True, "jags.example.org")


@pytest.mark.parametrize("name", ["JAGS_SECRET_KEY", "JAGS_BASE_URL", "JAGS_MASTER_KEY_FILE"])
def test_production_does_not_start_without(name):
    with pytest.raises(ConfigurationError, match=rf"^Set {name} ") as caught:
        Config.from_environment(without(name))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["JAGS_JOBS_KEY_FILE", "JAGS_MAIL_SERVER"])
def test_delivery_does_not_start_without(name):
    config = Config.from_environment(without(name))
    with pytest.raises(ConfigurationError, match=rf"^Set {name} "):
        config.check_delivery()


def test_demonstration_needs_no_mail_server():
    config = Config.from_environment({**without("JAGS_MAIL_SERVER"), "JAGS_MODE": "demo"})
    config.check_delivery()
    assert config.demo


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JAGS_CLOCK_OFFSET", "1d"),
        ("JAGS_SECRET_KEY", "short"),
        ("JAGS_BASE_URL", "http://jags.example.org"),
        ("JAGS_MODE", "prod"),
        ("JAGS_MAIL_TLS", "ssl"),
        # In the clear to another machine.
        ("JAGS_MAIL_TLS", "none"),
        ("JAGS_MAIL_PORT", "smtp"),
        ("JAGS_MAIL_PORT", "-1"),
        ("JAGS_MAIL_PORT", "1e9"),
        ("JAGS_PROXY_HOPS", "1.5"),
        ("JAGS_PASSWORD_MEMORY_MIB", "18"),
        ("JAGS_PASSWORD_PASSES", "1"),
        ("JAGS_TICK_SECONDS", "0"),
        ("JAGS_TICK_SECONDS", "nan"),
        ("JAGS_TICK_SECONDS", "inf"),
        ("JAGS_TICK_SECONDS", "soon"),
        ("JAGS_DATABASE_URL", "mysql://root@localhost/jags"),
        ("JAGS_DATABASE_URL", "sqlite://"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name, value):
    with pytest.raises(ConfigurationError, match=rf"^(Set )?{name} "):
        Config.from_environment({**PRODUCTION, name: value})


@pytest.mark.parametrize("server", ["localhost", "127.0.0.1", "::1"])
def test_mail_is_handed_in_the_clear_to_this_machine_alone(server):
    config = Config.from_environment({**PRODUCTION, "JAGS_MAIL_SERVER": server, "JAGS_MAIL_TLS": "none"})
    assert config.mail_tls == "none"


def test_clock_moves_outside_production_only():
    config = Config.from_environment({**PRODUCTION, "JAGS_MODE": "test", "JAGS_CLOCK_OFFSET": "15d"})
    assert config.clock_offset == "15d"


@pytest.mark.parametrize("scheme", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_each_spelling_of_postgresql_means_one_driver(scheme):
    config = Config.from_environment({**PRODUCTION, "JAGS_DATABASE_URL": f"{scheme}jags@db/jags"})
    assert config.database_url == "postgresql+psycopg://jags@db/jags"


def test_database_lies_in_the_instance_folder_unless_said_otherwise():
    config = Config.from_environment({**PRODUCTION, "JAGS_INSTANCE_DIR": "/var/lib/jags"})
    assert config.database_url == "sqlite:////var/lib/jags/jags.db"
