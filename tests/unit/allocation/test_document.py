"""The problem format: what is read, and the one line with which anything else is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jags.allocation.engine.document import read_problem, write_problem
from jags.allocation.engine.problem import Facilitator, Problem, ProblemError, Request
from jags.allocation.rules import Rule

SAMPLES = Path(__file__).parents[2] / "data" / "allocation"


def document() -> dict[str, Any]:
    return {
        "format": "jags-allocation/1",
        "facilitators": [
            {"id": "f1", "agency": "a", "capacity": 1, "load": 2, "slots": [0, 3], "transitional": True},
            {"id": "f2", "agency": "b", "capacity": 0, "load": 0, "slots": None, "transitional": False},
        ],
        "requests": [
            {
                "id": "r1",
                "agency": "a",
                "weight": 2,
                "slots": [3],
                "blocked": ["f2"],
                "transitional": True,
                "travel": {"f1": 7},
            }
        ],
    }


EXPECTED = Problem(
    facilitators=(
        Facilitator("f1", "a", 1, 2, frozenset({0, 3}), transitional=True),
        Facilitator("f2", "b", 0, 0, None, transitional=False),
    ),
    requests=(
        Request("r1", "a", 2, frozenset({3}), {"f2": (Rule.BLOCKED,)}, transitional=True, travel={"f1": 7}),
    ),
)


def refusal(text: str | bytes) -> str:
    with pytest.raises(ProblemError) as caught:
        read_problem(text)
    message = str(caught.value)
    assert message.isprintable()
    return message


def test_document_is_read_completely() -> None:
    assert read_problem(json.dumps(document())) == EXPECTED


def test_document_may_start_with_a_byte_order_mark_and_leave_out_travel() -> None:
    data = document()
    del data["requests"][0]["travel"]
    assert read_problem(b"\xef\xbb\xbf" + json.dumps(data).encode()).requests[0].travel == {}


def test_document_survives_writing_and_reading() -> None:
    assert read_problem(write_problem(EXPECTED)) == EXPECTED


@pytest.mark.parametrize("name", ["tiny", "scarce", "norfolk", "county"])
def test_samples_are_read_and_written_unchanged(name: str) -> None:
    text = (SAMPLES / f"{name}.json").read_text()
    assert json.loads(write_problem(read_problem(text))) == json.loads(text)


def change(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Return the change that sets the dotted path, or removes it where the value is `...`."""

    def apply(data: Any) -> None:
        *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
        for step in steps:
            data = data[step]
        if value is ...:
            del data[last]
        else:
            data[last] = value

    return apply


WHOLE = "must be a whole number of at least"
ID = "must be text of 1 to 200 printable characters"
SLOTS = "must be a list of slot numbers, or null when nothing is recorded"


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("format", "jags-allocation/2", 'format: must be "jags-allocation/1"'),
        ("format", ..., "format: is missing"),
        ("facilitators", ..., "facilitators: is missing"),
        ("facilitators", {}, "facilitators: must be a list"),
        ("requests", None, "requests: must be a list"),
        ("comment", "x", "comment: is not a field of jags-allocation/1"),
        ("a\nb", "x", r"'a\nb': is not a field of jags-allocation/1"),
        ("facilitators.0", [], "facilitators[0]: must be an object"),
        ("facilitators.1.capacity", -1, f"facilitators[1].capacity: {WHOLE} 0"),
        ("facilitators.1.capacity", True, f"facilitators[1].capacity: {WHOLE} 0"),
        ("facilitators.1.capacity", 1.0, f"facilitators[1].capacity: {WHOLE} 0"),
        ("facilitators.1.capacity", "1", f"facilitators[1].capacity: {WHOLE} 0"),
        ("facilitators.1.capacity", ..., "facilitators[1].capacity: is missing"),
        ("facilitators.1.capcity", 1, "facilitators[1].capcity: is not a field of jags-allocation/1"),
        ("facilitators.0.load", None, f"facilitators[0].load: {WHOLE} 0"),
        ("facilitators.0.load", 10**30, "facilitators[0].load: must be at most 1000000"),
        ("facilitators.0.id", "", f"facilitators[0].id: {ID}"),
        ("facilitators.0.id", 7, f"facilitators[0].id: {ID}"),
        ("facilitators.0.id", "a\u2028b", f"facilitators[0].id: {ID}"),
        ("facilitators.0.id", "\ud800", f"facilitators[0].id: {ID}"),
        ("facilitators.0.agency", "x" * 201, f"facilitators[0].agency: {ID}"),
        ("facilitators.1.id", "f1", "facilitators[1].id: 'f1' appears twice"),
        ("facilitators.0.slots", "03", f"facilitators[0].slots: {SLOTS}"),
        ("facilitators.0.slots", [0, -1], f"facilitators[0].slots[1]: {WHOLE} 0"),
        ("facilitators.0.slots", [0, False], f"facilitators[0].slots[1]: {WHOLE} 0"),
        ("facilitators.0.slots", [4, 4], "facilitators[0].slots[1]: 4 appears twice"),
        ("facilitators.0.transitional", 1, "facilitators[0].transitional: must be true or false"),
        ("requests.0.id", None, f"requests[0].id: {ID}"),
        ("requests.0.weight", 0, f"requests[0].weight: {WHOLE} 1"),
        ("requests.0.blocked", {"f1": 1}, "requests[0].blocked: must be a list"),
        ("requests.0.blocked", [["f1"]], f"requests[0].blocked[0]: {ID}"),
        ("requests.0.blocked", ["f1", "f1"], "requests[0].blocked[1]: 'f1' appears twice"),
        ("requests.0.blocked", ["f9"], "requests[0].blocked: 'f9' is not a facilitator"),
        ("requests.0.travel", [], "requests[0].travel: must be an object"),
        ("requests.0.travel", {"f9": 1}, "requests[0].travel: 'f9' is not a facilitator"),
        ("requests.0.travel", {"f1": 0.5}, f"requests[0].travel[f1]: {WHOLE} 0"),
        ("requests.0.travel", {"f1": 10**7}, "requests[0].travel[f1]: must be at most 1000000"),
        ("requests.0.transitional", "no", "requests[0].transitional: must be true or false"),
    ],
)
def test_wrong_field_is_named_in_one_line(path: str, value: Any, message: str) -> None:
    data = document()
    change(path, value)(data)
    assert refusal(json.dumps(data)) == message


def test_request_given_twice_is_named() -> None:
    data = document()
    data["requests"] *= 2
    assert refusal(json.dumps(data)) == "requests[1].id: 'r1' appears twice"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "document: is not JSON (line 1, column 1)"),
        ('{"format":\n oops}', "document: is not JSON (line 2, column 2)"),
        ("[]", "document: must be an object"),
        ("null", "document: must be an object"),
        (b"\xff\xfe", "document: must be UTF-8 text"),
        ("[" * 100_000, "document: is nested too deeply"),
        ("9" * 5_000, "document: contains a number that is far too long"),
        ('{"format": NaN}', "document: NaN is not a number of JSON"),
        ('{"format": -Infinity}', "document: -Infinity is not a number of JSON"),
        ('{"format": "x", "format": "y"}', "document: format appears twice"),
    ],
)
def test_what_is_no_document_is_refused_in_one_line(text: str | bytes, message: str) -> None:
    assert refusal(text) == message


def test_number_too_large_for_a_float_is_refused() -> None:
    text = json.dumps(document()).replace('"load": 2', '"load": 1e999')
    assert refusal(text) == f"facilitators[0].load: {WHOLE} 0"


def test_name_given_twice_inside_an_object_is_refused() -> None:
    text = json.dumps(document()).replace('"load": 2', '"load": 2, "load": 3')
    assert refusal(text) == "facilitators[0]: load appears twice"


def test_problem_from_rows_refuses_a_block_without_a_blocking_reason() -> None:
    request = Request("r", "a", 1, None, {"f1": (Rule.AGENCY,)}, transitional=False, travel={})
    with pytest.raises(ProblemError, match=r"requests\[0\]\.blocked: 'f1' needs a reason that blocks"):
        Problem(EXPECTED.facilitators, (request,))


def test_problem_names_what_it_does_not_have() -> None:
    with pytest.raises(ProblemError, match="request: 'r9' is not in the problem"):
        EXPECTED.request("r9")
    with pytest.raises(ProblemError, match="facilitator: 'f9' is not in the problem"):
        EXPECTED.facilitator("f9")
