"""Change a setting of the partnership."""

import dataclasses
import json
import re
from datetime import date

from jags.kernel.addresses import checked_email
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.settings.model import Setting
from jags.settings.queries import partnership
from jags.settings.rules import LEAST, Partnership


def change_setting(work: Work, key: str, value: object) -> Partnership:
    """Set one value and return the settings in force.

    Raises `Invalid` for an unknown key or a value of another kind than the default's.
    """
    default = {f.name: getattr(Partnership(), f.name) for f in dataclasses.fields(Partnership)}
    if key not in default:
        raise Invalid(f"There is no setting called {key}.", field=key)
    _check(key, value, default[key])
    if key in {"email", "return_email"} and value:
        value = checked_email(str(value))
    _check_together(work, key, value)
    row = work.session.get(Setting, key)
    if row is None:
        row = Setting(key=key, version=0)
        work.session.add(row)
    row.value = json.dumps(value, ensure_ascii=False)
    row.version += 1
    row.changed_at = work.now
    work.session.flush()
    work.record("setting:changed", key, key=key, version=row.version)
    work.memo.pop("settings.partnership", None)
    return partnership(work)


def _check(key: str, value: object, default: object) -> None:
    if type(value) is not type(default):
        raise Invalid(f"{key} must be {_KINDS[type(default)]}.", field=key)
    match value:
        case bool():
            return
        case int():
            _check_number(key, value)
        case str():
            _check_text(key, value)
        case dict():
            _check_list(key, value)


def _check_number(key: str, value: int) -> None:
    least = LEAST.get(key, 0)
    if value < least:
        raise Invalid(f"{key} must be at least {least}.", field=key)


def _check_together(work: Work, key: str, value: object) -> None:
    """Refuse a number that makes no sense beside another: nobody is reminded of feedback on the day on which they are asked."""
    if key not in {"feedback_open_days", "feedback_reminder_days"}:
        return
    known = dataclasses.replace(partnership(work), **{key: value})  # type: ignore[arg-type] # Its kind was checked.
    if known.feedback_reminder_days >= known.feedback_open_days:
        raise Invalid(
            "feedback_reminder_days must be fewer than feedback_open_days, so that the reminder leaves after the invitation "
            f"(they are {known.feedback_reminder_days} and {known.feedback_open_days} then).",
            field=key,
        )


def _check_text(key: str, value: str) -> None:
    if key in _MAY_BE_EMPTY and not value:
        return
    if not value.strip() or not value.isprintable():
        raise Invalid(f"{key} must be one line of text.", field=key)
    if key == "digest_at" and not _DIGEST_HOUR.fullmatch(value):
        raise Invalid("digest_at must be a time from 03:00 to 23:59, as 07:30.", field=key)


def _check_list(key: str, value: dict[str, object]) -> None:
    if not all(name.strip() for name in value):
        raise Invalid(f"Each entry of {key} needs a name.", field=key)
    if key in _CODED and not all(isinstance(words, str) and words.strip() for words in value.values()):
        raise Invalid(f"Each entry of {key} needs a code and words.", field=key)
    if key == "school_holidays" and not all(map(_is_span, value.values())):
        raise Invalid("Each school holiday needs its first and last day, like 2026-12-21.", field=key)
    if key == "localities" and not all(
        isinstance(aliases, list) and all(isinstance(alias, str) for alias in aliases)
        for aliases in value.values()
    ):
        raise Invalid("Each locality needs a list of other spellings, which may be empty.", field=key)


def _is_span(ends: object) -> bool:
    """Tell whether a value is a list of two dates in order."""
    try:
        first, last = map(date.fromisoformat, ends)  # type: ignore[call-overload] # What is no list of texts raises.
    except (TypeError, ValueError):
        return False
    return bool(first <= last)


# Lists of codes with words; the code stays when the words change.
_CODED = frozenset({"ethnic_groups", "heard_of", "promotion_channels", "routes"})
# Never between 1 and 2 in the night, when the clocks change.
_DIGEST_HOUR = re.compile(r"(0[3-9]|1[0-9]|2[0-3]):[0-5][0-9]")
_MAY_BE_EMPTY = frozenset({"procedure", "return_email", "worry_words"})
_KINDS: dict[type, str] = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    dict: "an object",
}
