"""The independence record of an agreement: what was checked about two people, in one text that can be verified.

The text is canonical JSON (sorted keys, no spaces), so that the same facts give the same bytes. Its digest stands in the
audit trail; a random salt inside the text keeps the digest from telling anything about an erased record.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jags.allocation.rules import Rule

FORMAT = "jags-independence/1"
# The rules that say whether somebody is independent, in the order in which they are checked.
INDEPENDENCE_RULES = (
    Rule.INVOLVED,
    Rule.REQUESTER_OR_PARTICIPANT,
    Rule.LINE_MANAGER,
    Rule.SAME_TEAM,
    Rule.NAMED_UNSUITABLE,
    Rule.DECLARED_CONNECTION,
)
_SALT = 16


@dataclass(frozen=True)
class RecordedFacts:
    """The text of an independence record; sealed."""

    text: str = ""


def write_record(facts: Mapping[str, Any]) -> RecordedFacts:
    """Return facts (texts, numbers, lists and mappings) as a record, with its format and a fresh salt."""
    whole = {**facts, "format": FORMAT, "salt": os.urandom(_SALT).hex()}
    return RecordedFacts(json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def digest_of(record: RecordedFacts) -> str:
    """Return what the audit trail keeps of a record: SHA-256 of its text, in hexadecimal."""
    return hashlib.sha256(record.text.encode()).hexdigest()


def read_record(record: RecordedFacts) -> dict[str, Any]:
    """Return the facts of a record."""
    facts: dict[str, Any] = json.loads(record.text)
    return facts


def checks(
    found: frozenset[Rule], *, compared: Sequence[str], without: Sequence[str]
) -> list[dict[str, Any]]:
    """Return each rule of independence with what it found.

    `compared` are the people around the child, by what they are to the request; `without` are those among them of whom no
    address is recorded, so that only names and teams could be compared.
    """
    return [
        {
            "rule": str(rule),
            "found": rule in found,
            "compared_with": list(compared),
            "without_address": list(without),
        }
        for rule in INDEPENDENCE_RULES
    ]
