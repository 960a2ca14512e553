"""The `jags` command on a fresh database of either kind."""

import pytest
from click.testing import CliRunner

from jags.cli.context import application
from jags.cli.main import main
from jags.extensions import db


@pytest.fixture
def settings(store):
    """What the environment of a command holds; a test may change it before it runs one."""
    config = store.app.config["JAGS"]
    return {
        "JAGS_MODE": "test",
        "JAGS_BASE_URL": "http://localhost",
        "JAGS_SECRET_KEY": config.secret_key,
        "JAGS_MASTER_KEY": config.master_key,
        "JAGS_JOBS_KEY": config.jobs_key,
        "JAGS_DATABASE_URL": store.url,
        "JAGS_INSTANCE_DIR": config.instance_dir,
    }


@pytest.fixture
def jags(settings, monkeypatch):
    """Run a command as in a shell: `jags("audit", "verify")` gives its exit status and what it said."""

    def run(*words):
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        application.cache_clear()
        result = CliRunner().invoke(main, list(words), catch_exceptions=False)
        if application.cache_info().currsize:
            with application().app_context():
                db.engine.dispose()
        application.cache_clear()
        return result

    return run
