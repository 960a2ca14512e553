"""One person's answers: what is asked of them, and the envelope of one size that hides their length."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from jags.accounts.rules import Sector
from jags.feedback.rules import COMMENT_MOST, ENVELOPE_BYTES, SECTOR
from jags.feedback.rules.forms import COUNTED, Item, ItemKind
from jags.kernel.errors import Invalid
from jags.kernel.identifiers import refuse_identifiers

_LENGTH_BYTES = 4
YES = "yes"
NO = "no"


@dataclass(frozen=True)
class Answers:
    """What one person answered; it exists only in memory, and sealed. Whoever told their sector has it among the ratings."""

    ratings: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    may_quote: bool = False

    def without_sector(self) -> tuple["Answers", str]:
        """Return the answers as they are counted, and apart from them the sector; empty where it was not told."""
        ratings = {key: value for key, value in self.ratings.items() if key != SECTOR}
        return replace(self, ratings=ratings), self.ratings.get(SECTOR, "")


def read_answers(
    items: tuple[Item, ...], sent: Mapping[str, str], *, today: date, with_sector: bool = False
) -> Answers:
    """Return the answers to the items that were asked, and the sector where it may be told; anything else that was sent is ignored.

    Raises `Invalid` at the first question when none is answered (so that a form sent as found spends nothing), and at
    the item whose answer is none of its choices, is too long, or holds what identifies somebody (London date `today`).
    """
    ratings, texts, may_quote = {}, {}, False
    for item in items:
        value = sent.get(item.key, "").replace("\r\n", "\n").strip()
        if not value:
            continue
        if item.kind in COUNTED:
            ratings[item.key] = _rating(item, value)
        elif item.kind is ItemKind.TEXT:
            texts[item.key] = _text(item, value, today)
        else:
            may_quote = value == YES
    if not ratings:
        first = next(item for item in items if item.on_first_screen)
        what = "statement" if first.kind is ItemKind.AGREEMENT else "question"
        raise Invalid(f"Select an answer to at least one {what}.", field=first.key)
    if with_sector and (sector := sent.get(SECTOR, "").strip()):
        if sector not in set(Sector):
            raise Invalid("Select one of the sectors, or leave it out.", field=SECTOR)
        ratings[SECTOR] = sector
    return Answers(ratings, texts, may_quote=may_quote and bool(texts))


def pack(answers: Answers) -> bytes:
    """Return the answers in `ENVELOPE_BYTES` bytes; raises `Invalid` when they do not fit."""
    plain = json.dumps(asdict(answers), ensure_ascii=False, separators=(",", ":")).encode()
    if len(plain) > ENVELOPE_BYTES - _LENGTH_BYTES:
        raise Invalid(
            "Shorten what you wrote: all of it together is too long, or has too many special characters.",
            field=next(iter(answers.texts)),
        )
    return (len(plain).to_bytes(_LENGTH_BYTES) + plain).ljust(ENVELOPE_BYTES, b"\x00")


def unpack(envelope: bytes) -> Answers:
    """Return the answers of an envelope."""
    length = int.from_bytes(envelope[:_LENGTH_BYTES])
    return Answers(**json.loads(envelope[_LENGTH_BYTES : _LENGTH_BYTES + length]))


def answer_info(round_id: uuid.UUID, form_version_id: uuid.UUID) -> str:
    """Return what binds a sealed answer to its round and form."""
    return f"feedback|{round_id}|{form_version_id}"


def _rating(item: Item, value: str) -> str:
    if value not in item.options:
        raise Invalid("Select one of the answers.", field=item.key)
    return value


def _text(item: Item, value: str, today: date) -> str:
    if len(value) > COMMENT_MOST:
        raise Invalid(f"Shorten this to {COMMENT_MOST:,} characters or fewer.", field=item.key)
    text = "".join(c if c == "\n" or c.isprintable() else " " if c.isspace() else "" for c in value)
    refuse_identifiers(text, today=today, field=item.key)
    return text
