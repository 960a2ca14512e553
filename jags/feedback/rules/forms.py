"""The questions of the feedback forms: fixed kinds, protected core items, and what an administrator may edit.

Asked in our own words; docs/glossary.md says which are the core.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache

from jags.feedback.rules import FormKey
from jags.kernel.errors import Invalid

# Questions behind "two more minutes?", texts in a whole form (they must fit one envelope), and choices of a question, at most.
MORE_MOST = 12
TEXTS_MOST = 3
CHOICES_LEAST, CHOICES_MOST = 2, 8
# Characters of a question or a choice.
WORDS_MOST = 200


class ItemKind(StrEnum):
    """The fixed kinds of a question; leave to quote belongs to the core and cannot be added."""

    AGREEMENT = "agreement"
    SCALE = "scale"
    CHOICE = "choice"
    TEXT = "text"
    QUOTE = "quote"


# The kinds that an administrator may ask, and those whose answers are counted.
EDITABLE = (ItemKind.AGREEMENT, ItemKind.SCALE, ItemKind.CHOICE, ItemKind.TEXT)
COUNTED = frozenset({ItemKind.AGREEMENT, ItemKind.SCALE, ItemKind.CHOICE})


class Agreement(StrEnum):
    """Five-point agreement with "not applicable", which is left out of n."""

    STRONGLY_AGREE = "strongly_agree"
    AGREE = "agree"
    NEITHER = "neither"
    DISAGREE = "disagree"
    STRONGLY_DISAGREE = "strongly_disagree"
    NOT_APPLICABLE = "not_applicable"


AGREES = frozenset({Agreement.STRONGLY_AGREE, Agreement.AGREE})
_AGREEMENTS = tuple(choice.value for choice in Agreement)
_SCALE = tuple(map(str, range(11)))


@dataclass(frozen=True)
class Item:
    """One question: whoever words it otherwise asks another question, with another key."""

    key: str
    kind: ItemKind
    words: str
    # Asked only where transitional safeguarding was confirmed.
    only_transitional: bool = False
    # Asked behind "two more minutes?"; the rest is the core, which nobody edits.
    more: bool = False
    # The words of the choices; a choice is kept by its place, from 1.
    choices: tuple[str, ...] = ()

    @property
    def on_first_screen(self) -> bool:
        """Tell whether the question stands on the first of the two screens."""
        return self.kind in COUNTED and not self.more

    @property
    def options(self) -> tuple[str, ...]:
        """Return the values that an answer may have."""
        if self.kind is ItemKind.AGREEMENT:
            return _AGREEMENTS
        return _SCALE if self.kind is ItemKind.SCALE else tuple(map(str, range(1, len(self.choices) + 1)))


def _agreement(key: str, words: str, *, only_transitional: bool = False, more: bool = False) -> Item:
    return Item(key, ItemKind.AGREEMENT, words, only_transitional=only_transitional, more=more)


PARTICIPANT_ITEMS: tuple[Item, ...] = (
    _agreement("safe", "I felt safe to speak openly."),
    _agreement("time", "There was time to slow down and think."),
    _agreement("impact", "The impact of this work on us was acknowledged."),
    _agreement("views", "Different views were explored with respect."),
    _agreement("centre", "The child or young person stayed at the centre."),
    _agreement("even_handed", "The facilitators were even-handed."),
    _agreement("reflected", "We reflected rather than set tasks."),
    _agreement("both_services", "Children's and adults' services both had a voice.", only_transitional=True),
    Item("comment", ItemKind.TEXT, "What was most useful, or what could be better?"),
    Item("may_quote", ItemKind.QUOTE, "May we quote what you wrote, without your name?"),
    _agreement("roles", "I understand better what my colleagues' roles are.", more=True),
    _agreement("thinking", "My thinking about this work has shifted.", more=True),
    _agreement("relationships", "Relationships in this network will be stronger.", more=True),
    _agreement(
        "development",
        "We considered where the young person is in their development, not just their age.",
        more=True,
    ),
    Item(
        "confidence",
        ItemKind.CHOICE,
        "Compared with before today, how confident are you in working together?",
        more=True,
        choices=("Less confident", "About the same", "A little more confident", "Much more confident"),
    ),
    _agreement("recommend", "I would recommend a JAGS to a colleague.", more=True),
    Item("differently", ItemKind.TEXT, "One thing that I will do differently", more=True),
)
_CONTACT = ("None", "Now and then", "Regular", "Close")
LATER_ITEMS: tuple[Item, ...] = (
    Item(
        "contact_then",
        ItemKind.CHOICE,
        "Before the JAGS, what contact was there between the agencies?",
        choices=_CONTACT,
    ),
    Item("contact_now", ItemKind.CHOICE, "And now, what contact is there between them?", choices=_CONTACT),
    Item(
        "stuck_then",
        ItemKind.SCALE,
        "Before the JAGS, how stuck did the work feel, from 0 (not at all) to 10?",
    ),
    Item("stuck_now", ItemKind.SCALE, "And now, how stuck does it feel, from 0 (not at all) to 10?"),
    Item(
        "practice",
        ItemKind.CHOICE,
        "Has your practice changed because of the JAGS?",
        choices=("No", "A little", "Yes"),
    ),
    Item(
        "difference",
        ItemKind.CHOICE,
        "What difference has it made for the young person?",
        choices=("None", "Too early to say", "Some", "A clear difference"),
    ),
    Item("example", ItemKind.TEXT, "What have you done differently? An example helps."),
    Item("how_known", ItemKind.TEXT, "How do you know what difference it has made?"),
    Item("meanwhile", ItemKind.TEXT, "What else has changed meanwhile?"),
    Item("may_quote", ItemKind.QUOTE, "May we quote what you wrote, without your name?"),
)
STANDARD: dict[FormKey, tuple[Item, ...]] = {
    FormKey.PARTICIPANT: PARTICIPANT_ITEMS,
    FormKey.LATER: LATER_ITEMS,
}
# Questions that are asked of then and now together, and what is counted of the two: whether it became less or more.
CHANGES: dict[str, tuple[str, str]] = {"stuck_change": ("stuck_then", "stuck_now")}
LESS, SAME, MORE = "less", "same", "more"


@dataclass(frozen=True)
class Question:
    """A question as an administrator types it; an empty one is left out."""

    kind: ItemKind
    words: str
    choices: tuple[str, ...] = ()


def items_to_text(items: tuple[Item, ...]) -> str:
    """Return items as they are stored with a form version."""
    return json.dumps([asdict(item) for item in items], ensure_ascii=False)


@lru_cache(maxsize=16)
def items_from_text(text: str) -> tuple[Item, ...]:
    """Return the items of a stored form version."""
    return tuple(
        Item(**{**values, "kind": ItemKind(values["kind"]), "choices": tuple(values.get("choices", ()))})
        for values in json.loads(text)
    )


def with_changes(ratings: Mapping[str, str]) -> dict[str, str]:
    """Return one person's answers with how they changed from then to now, where both were answered.

    It is worked out while the answers are opened, because later nobody can tell which then belongs to which now.
    """
    found = dict(ratings)
    for key, (then, now) in CHANGES.items():
        if then in ratings and now in ratings:
            change = int(ratings[now]) - int(ratings[then])
            found[key] = SAME if change == 0 else MORE if change > 0 else LESS
    return found


def asked(items: tuple[Item, ...], *, transitional: bool) -> tuple[Item, ...]:
    """Return the items that are asked after a session."""
    return tuple(item for item in items if transitional or not item.only_transitional)


def core(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return the items that stay as they are, so that results can be compared over the years."""
    return tuple(item for item in items if not item.more)


def edited(items: tuple[Item, ...], questions: Sequence[Question]) -> tuple[Item, ...]:
    """Return the core of a form with these questions behind "two more minutes?".

    A question that was asked before in the same words keeps its key, so that its answers are counted together; in other
    words it is another question. Raises `Invalid` at `words_1`, `choices_1` … for what cannot be asked.
    """
    known = {_what(item): item for item in (*items, *(one for form in STANDARD.values() for one in form))}
    more = [
        known.get((question.kind, question.words, question.choices)) or _new_item(question)
        for question in _checked(items, questions)
    ]
    return (*core(items), *more)


def _checked(items: tuple[Item, ...], questions: Sequence[Question]) -> list[Question]:
    kept: list[Question] = []
    said = {item.words.casefold() for item in core(items)}
    texts = sum(item.kind is ItemKind.TEXT for item in core(items))
    for place, question in enumerate(questions, 1):
        if not question.words:
            if question.choices:
                raise Invalid("Write the question that has these choices.", field=f"words_{place}")
            continue
        _check_words(question, place)
        if question.words.casefold() in said:
            raise Invalid("This question is asked already. Ask it once.", field=f"words_{place}")
        texts += question.kind is ItemKind.TEXT
        if texts > TEXTS_MOST:
            raise Invalid(
                f"A form has room for {TEXTS_MOST} answers in words. Choose another kind here.",
                field=f"kind_{place}",
            )
        said.add(question.words.casefold())
        kept.append(question)
    if len(kept) > MORE_MOST:
        raise Invalid(f"Ask {MORE_MOST} more questions at most: it should take two minutes.")
    return kept


def _check_words(question: Question, place: int) -> None:
    if question.kind not in EDITABLE:
        raise Invalid("Select the kind of answer.", field=f"kind_{place}")
    if len(question.words) > WORDS_MOST:
        raise Invalid(f"Shorten this to {WORDS_MOST} characters or fewer.", field=f"words_{place}")
    if question.kind is not ItemKind.CHOICE:
        if question.choices:
            raise Invalid(
                "Only a question with choices of its own has these: select that kind, or take them out.",
                field=f"choices_{place}",
            )
        return
    if not CHOICES_LEAST <= len(question.choices) <= CHOICES_MOST:
        raise Invalid(
            f"Write {CHOICES_LEAST} to {CHOICES_MOST} choices, each on a line of its own.",
            field=f"choices_{place}",
        )
    if len({choice.casefold() for choice in question.choices}) < len(question.choices):
        raise Invalid("Write each choice once.", field=f"choices_{place}")
    if max(map(len, question.choices)) > WORDS_MOST:
        raise Invalid(f"Shorten each choice to {WORDS_MOST} characters or fewer.", field=f"choices_{place}")


def _new_item(question: Question) -> Item:
    digest = hashlib.sha256("\n".join((question.kind, question.words, *question.choices)).encode())
    return Item(
        f"q{digest.hexdigest()[:12]}", question.kind, question.words, more=True, choices=question.choices
    )


def _what(item: Item) -> tuple[ItemKind, str, tuple[str, ...]]:
    return (item.kind, item.words, item.choices)
