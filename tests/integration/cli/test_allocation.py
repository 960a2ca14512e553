"""`jags allocation` plans, explains and mends from files, and refuses what is wrong in one line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from jags.allocation.engine.document import read_problem
from jags.allocation.engine.planning.plan import check_plan
from jags.cli.main import main

SAMPLES = Path(__file__).parents[2] / "data" / "allocation"
TINY = str(SAMPLES / "tiny.json")
NORFOLK = str(SAMPLES / "norfolk.json")


def jags(*words):
    return CliRunner().invoke(main, ["allocation", *words], catch_exceptions=False)


def test_solve_prints_a_proposal_on_standard_output_and_a_summary_beside_it():
    result = jags("solve", TINY)
    proposal = json.loads(result.stdout)
    assert result.exit_code == 0
    assert list(proposal) == [
        "format", "pairs", "unallocated", "objective", "proven", "bound", "gap", "seconds", "seed",
    ]  # fmt: skip
    assert (proposal["format"], proposal["pairs"]) == (
        "jags-allocation-proposal/1",
        {"r001": ["f005", "f007"]},
    )
    assert proposal["objective"] == {"weight": 1, "soft": 0, "load_squares": 40, "travel": 30}
    assert (proposal["proven"], proposal["gap"], proposal["seed"]) == (True, None, 0)
    assert {one: why["reason"] for one, why in proposal["unallocated"].items()} == {
        "r000": "no_valid_pair",
        "r002": "no_valid_pair",
    }
    assert proposal["unallocated"]["r000"]["removed"] == {
        "capacity": 25,
        "blocked": 2,
        "agency": 0,
        "slot": 1,
    }
    assert result.stderr == (
        "1 of 3 requests have a pair, proven to be the best plan. First come, first served: 1.\n"
    )


def test_solve_in_a_shell_writes_nothing_but_json_to_standard_output():
    done = subprocess.run(
        [sys.executable, "-m", "jags.cli", "allocation", "solve", NORFOLK], capture_output=True, check=True
    )
    assert json.loads(done.stdout)["objective"] == {
        "weight": 42,
        "soft": 0,
        "load_squares": 397,
        "travel": 279,
    }


def test_solve_says_who_outweighs():
    proposal = json.loads(jags("solve", str(SAMPLES / "scarce.json")).stdout)
    outweighed = {one: why for one, why in proposal["unallocated"].items() if why["reason"] == "outweighed"}
    assert outweighed
    for why in outweighed.values():
        assert why["by"]
        assert set(why["by"]) <= set(proposal["pairs"])
        assert why["words"][0].startswith(f"{why['pair'][0]} and {why['pair'][1]} would be possible, but ")


def test_solve_writes_to_a_file_and_says_what_is_not_proven_when_time_is_short(tmp_path):
    out = tmp_path / "proposal.json"
    result = jags("solve", str(SAMPLES / "county.json"), "--time-limit", "0.000001", "-o", str(out))
    proposal = json.loads(out.read_text())
    assert (result.exit_code, result.stdout, proposal["proven"]) == (0, "", False)
    assert proposal["gap"]["line"] == "load_squares"
    problem = read_problem((SAMPLES / "county.json").read_bytes())
    check_plan(problem, {one: tuple(pair) for one, pair in proposal["pairs"].items()})


def test_seed_decides_ties_and_is_told():
    proposals = [
        json.loads(jags("solve", str(SAMPLES / "county.json"), "--seed", seed).stdout) for seed in "01"
    ]
    assert proposals[0]["objective"] == proposals[1]["objective"]
    assert proposals[0]["pairs"] != proposals[1]["pairs"]
    assert [one["seed"] for one in proposals] == [0, 1]


def test_explain_ranks_pairs_with_the_parts_of_their_score():
    document = json.loads(jags("explain", TINY, "r001").stdout)
    assert [pair["pair"] for pair in document["pairs"]] == [["f005", "f007"]]
    # Loads 1 and 2 grow the squares by 3 and 5; travel is 21 and 9.
    score = document["pairs"][0]["score"]
    assert (score["soft"], score["load_squares"], score["travel"]) == (0, 8, 30)
    assert document["pairs"][0]["slots"] == [3]
    assert "different agencies" in document["pairs"][0]["words"]


def test_explain_says_why_no_pair_is_possible():
    document = json.loads(jags("explain", TINY, "r000").stdout)
    assert document["pairs"] == []
    assert document["words"][0].startswith(
        "No pair is possible: 25 pairs without a session left in the quarter"
    )


def test_explain_names_the_rule_that_excludes_somebody():
    document = json.loads(jags("explain", TINY, "r000", "f005").stdout)
    assert (document["excluded_by"], document["best_pair"]) == (["blocked", "slot"], None)
    assert document["words"] == ["cannot facilitate this request", "not free on a date that suits"]


def test_explain_says_what_somebody_loses_by_and_to_whom():
    ranked = json.loads(jags("explain", NORFOLK, "r000").stdout)["pairs"]
    best, second = ranked[0]["pair"], ranked[1]["pair"]
    loser = min(set(second) - set(best))
    document = json.loads(jags("explain", NORFOLK, "r000", loser).stdout)
    assert document["best_pair"]["pair"] == second
    assert document["loses"]["to"] == sorted(set(best) - set(second))
    assert document["excluded_by"] == []


def test_repair_mends_a_proposal_and_names_who_is_moved(tmp_path):
    proposal = tmp_path / "proposal.json"
    jags("solve", NORFOLK, "-o", str(proposal))
    before = json.loads(proposal.read_text())["pairs"]
    gone = before["r000"][0]
    result = jags("repair", NORFOLK, str(proposal), "--without", gone)
    after = json.loads(result.stdout)
    assert (result.exit_code, after["proven"]) == (0, True)
    assert gone not in {one for pair in after["pairs"].values() for one in pair}
    lost = [
        {"request": request, "facilitator": one}
        for request, pair in before.items()
        for one in pair
        if one != gone and one not in after["pairs"].get(request, [])
    ]
    assert after["moved"] == lost


def wrong(tmp_path, text):
    file = tmp_path / "wrong.json"
    file.write_text(text)
    return str(file)


def refused(*words):
    result = jags(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    return result.stderr.strip()


GOOD = json.loads(Path(TINY).read_text())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.pop("requests"), "requests: is missing"),
        (lambda data: data.update(format="other"), 'format: must be "jags-allocation/1"'),
        (lambda data: data["facilitators"][1].update(id="f000"), "facilitators[1].id: 'f000' appears twice"),
        (
            lambda data: data["facilitators"][0].update(capacity=-1),
            "facilitators[0].capacity: must be a whole number of at least 0",
        ),
        (
            lambda data: data["requests"][0].update(weight=0),
            "requests[0].weight: must be a whole number of at least 1",
        ),
        (
            lambda data: data["requests"][2].update(blocked=["nobody"]),
            "requests[2].blocked: 'nobody' is not a facilitator",
        ),
        (lambda data: data["requests"][0].update(slots=[1, 1]), "requests[0].slots[1]: 1 appears twice"),
    ],
)
@pytest.mark.parametrize("command", ["solve", "explain", "repair"])
def test_malformed_problem_is_refused_in_one_line_that_names_the_field(tmp_path, command, change, message):
    data = json.loads(json.dumps(GOOD))
    change(data)
    rest = {"solve": [], "explain": ["r000"], "repair": [TINY, "--without", "f000"]}[command]
    assert refused(command, wrong(tmp_path, json.dumps(data)), *rest) == message


@pytest.mark.parametrize(
    ("proposal", "message"),
    [
        ("[]", "document: must be an object"),
        ("{}", "format: is missing"),
        ('{"format": "jags-allocation-proposal/1"}', "pairs: is missing"),
        ('{"format": "x", "pairs": {}}', 'format: must be "jags-allocation-proposal/1"'),
        ('{"format": "jags-allocation-proposal/1", "pairs": {"r000": 1}}', "pairs[r000]: must be a list"),
        ('{"format": "jags-allocation-proposal/1", "pairs": {"r000": ["f001"]}}', "pairs[r000]: must name two facilitators"),
        ('{"format": "jags-allocation-proposal/1", "pairs": {"r000": ["f001", 1]}}',
         "pairs[r000][1]: must be text of 1 to 200 printable characters"),
        ('{"format": "jags-allocation-proposal/1", "pairs": {"r9": ["f001", "f002"]}}', "pairs[r9]: request: 'r9' is not in the problem"),
        ('{"format": "jags-allocation-proposal/1", "pairs": {"r000": ["f001", "x"]}}', "pairs[r000]: facilitator: 'x' is not in the problem"),
        ('{"format": "jags-allocation-proposal/1", "pairs": {"r000": ["f003", "f007"]}}',
         "pairs[r000]: 'f003' and 'f007' break the rule slot"),
    ],
)  # fmt: skip
def test_malformed_proposal_is_refused_in_one_line_that_names_the_field(tmp_path, proposal, message):
    assert refused("repair", TINY, wrong(tmp_path, proposal), "--without", "f007") == message


def test_unknown_names_and_files_are_refused_in_one_line(tmp_path):
    good = wrong(tmp_path, '{"format": "jags-allocation-proposal/1", "pairs": {}}')
    assert refused("explain", TINY, "r9") == "request: 'r9' is not in the problem"
    assert refused("explain", TINY, "r000", "x") == "facilitator: 'x' is not in the problem"
    assert refused("repair", TINY, good, "--without", "x") == "facilitator: 'x' is not in the problem"
    assert refused("solve", "nowhere.json") == "nowhere.json: No such file or directory"
    assert refused("solve", TINY, "-o", str(tmp_path)) == f"{tmp_path}: Is a directory"
    assert refused("solve", TINY, "--time-limit", "0") == "--time-limit: must be more than 0 seconds."


def test_other_commands_do_not_load_the_solver():
    done = subprocess.run([sys.executable, "-c", "import sys, jags.cli.main; print({'numpy', 'highspy'} & set(sys.modules))"],
                          capture_output=True, check=True, text=True)  # fmt: skip
    assert done.stdout == "set()\n"
