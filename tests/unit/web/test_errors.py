"""What goes wrong unforeseen is logged by its place, never by its words or variables."""

import pytest
from flask import Flask

from jags.kernel.log import configure_log
from jags.web.errors import register_errors


def test_an_unforeseen_error_is_logged_without_its_words_and_variables(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_log()
    app = Flask("failing")
    register_errors(app)

    @app.get("/fails")
    def fails() -> str:
        typed = "words about a child"
        raise RuntimeError(typed.upper())

    response = app.test_client().get("/fails")

    log = "".join(capsys.readouterr())
    assert response.status_code == 500
    assert "unforeseen error" in log
    assert "RuntimeError" in log
    assert "test_errors.py" in log
    # The page itself cannot be drawn here, which is logged too.
    assert "error page cannot be drawn" in log
    assert "words about a child" not in (log + response.text).casefold()
