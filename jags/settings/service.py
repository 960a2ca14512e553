"""Change a setting of the partnership."""

import dataclasses
import json

from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.settings.model import Setting
from jags.settings.queries import partnership
from jags.settings.rules import Partnership


def change_setting(work: Work, key: str, value: object) -> Partnership:
    """Set one value and return the settings in force.

    Raises `Invalid` for an unknown key or a value of another kind than the default's.
    """
    default = {f.name: getattr(Partnership(), f.name) for f in dataclasses.fields(Partnership)}
    if key not in default:
        raise Invalid(f"There is no setting called {key}.", field=key)
    _check(key, value, default[key])
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
    if isinstance(value, int) and not isinstance(value, bool) and value < 0:
        raise Invalid(f"{key} must be at least 0.", field=key)
    if key == "routes" and not all(isinstance(v, str) for v in value.values()):  # type: ignore[attr-defined] # Its type was compared with the default's.
        raise Invalid("Each route needs a code and words.", field=key)
    if key == "localities" and not all(
        isinstance(v, list) and all(isinstance(a, str) for a in v)
        for v in value.values()  # type: ignore[attr-defined] # The same.
    ):
        raise Invalid("Each locality needs a list of other spellings, which may be empty.", field=key)


_KINDS: dict[type, str] = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    dict: "an object",
}
