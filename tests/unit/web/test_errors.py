"""What goes wrong unforeseen is logged by its place, never by its words or variables."""

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from jags.web.errors import register_errors


def test_an_unforeseen_error_is_logged_without_its_words_and_variables(
    capsys: pytest.CaptureFixture[str],
) -> None:
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


@pytest.mark.parametrize(("code", "status"), [("40P01", 409), ("40001", 409), ("57P01", 503)])
def test_a_transaction_that_gives_way_to_another_is_told_to_look_again_and_not_that_we_are_away(
    code, status
) -> None:
    app = Flask("giving way")
    register_errors(app)

    @app.post("/gives-way")
    def gives_way() -> str:
        reason = RuntimeError("deadlock detected")
        reason.sqlstate = code  # type: ignore[attr-defined] # As the driver's own errors have it.
        raise OperationalError("INSERT", {}, reason)

    assert app.test_client().post("/gives-way").status_code == status
