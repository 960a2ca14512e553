"""The interface for programs does what its OpenAPI document says, whatever is sent: tried by schemathesis."""

import os

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode

from conftest import WorkOn
from factories.released_reports import QUARTER, add_requests, person, released
from jags.accounts.rules import Role
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.service import make_key
from jags.web import guesses

SQLITE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
EXAMPLES = 100 if os.environ.get("JAGS_SOAK") == "1" else 15
OPERATIONS = {
    f"GET /api/v1/{path}.{kind}"
    for path in ("figures", "reports", "reports/{reference}/figures")
    for kind in ("csv", "json")
}


@SQLITE
def test_every_answer_is_one_that_the_document_describes(
    app: Flask, work_on: WorkOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Wrong keys are among what is tried; how many are taken is tried elsewhere.
    monkeypatch.setattr(guesses, "WRONG_MOST", 1_000_000)
    with work_on() as work:
        add_requests(work, QUARTER, 12)
    released(work_on, person(work_on, Role.COORDINATOR), person(work_on, Role.SCRUTINEER), Asked(QUARTER))
    with work_on(person(work_on, Role.ADMINISTRATOR)) as work:
        _, secret = make_key(work, "What is tried here", days=30)
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    tried = set()

    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:
            statuses = set()

            @settings(
                max_examples=EXAMPLES,
                derandomize=True,
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            )
            @given(operation.as_strategy(generation_mode=mode))
            def try_out(case: Case) -> None:
                answer = case.call_and_validate(headers={"Authorization": f"Bearer {secret}"})
                statuses.add(answer.status_code)  # noqa: B023 - Called before the next one is made.

            try_out()
            assert statuses
        tried.add(operation.label)

    assert tried == OPERATIONS
