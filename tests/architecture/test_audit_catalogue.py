"""The catalogue of audit tags names what the software records, and nothing else."""

import ast
from collections import defaultdict
from pathlib import Path

from jags.audit.rules import TAGS

JAGS = Path(__file__).parents[2] / "jags"


def recorded():
    """Return the payload keys with which each tag is recorded; None stands for keys that are put together."""
    found = defaultdict(set)
    for path in JAGS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "record"
            ):
                keys = {keyword.arg for keyword in node.keywords} - {"reason"}
                for tag in tags_in(node.args[0]):
                    found[tag] |= keys
    return found


def tags_in(expression):
    """Return the texts that an expression may have: one, or one of two by a condition."""
    if isinstance(expression, ast.IfExp):
        return tags_in(expression.body) + tags_in(expression.orelse)
    assert isinstance(expression, ast.Constant), f"an audit tag is put together: {ast.unparse(expression)}"
    return [expression.value]


def test_every_tag_is_declared_and_every_declared_tag_is_recorded():
    assert sorted(recorded()) == sorted(TAGS)


def test_every_declared_key_is_recorded():
    found = recorded()
    assert {tag: keys for tag, keys in TAGS.items() if None not in found[tag] and keys != found[tag]} == {}


def test_a_tag_is_a_subject_and_an_act():
    assert [tag for tag in TAGS if tag.count(":") != 1 or tag != tag.lower()] == []
