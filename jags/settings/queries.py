"""Read the partnership's settings."""

import dataclasses
import json
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from jags.kernel.work import Work
from jags.settings.model import Setting
from jags.settings.rules import Partnership

# Columns as they are stored, not entities: every page reads them.
_CHANGED = str(select(Setting.key, Setting.value).order_by(Setting.key))


def partnership(work: Work) -> Partnership:
    """Return the settings in force, read once in a unit of work."""
    if "settings.partnership" not in work.memo:
        # By the connection, and put in words once: the session would look for entities that no settings have, at every page.
        rows = work.session.connection().exec_driver_sql(_CHANGED)
        work.memo["settings.partnership"] = _in_force(tuple((key, value) for key, value in rows))
    found: Partnership = work.memo["settings.partnership"]
    return found


@lru_cache(maxsize=4)
def _in_force(rows: tuple[tuple[str, str], ...]) -> Partnership:
    """Return the settings that these rows make; what they make does not change, and every page asks for it."""
    known = {f.name for f in dataclasses.fields(Partnership)}
    changed: dict[str, Any] = {key: _value(key, json.loads(value)) for key, value in rows if key in known}
    return Partnership(**changed)


def _value(key: str, value: object) -> object:
    if key == "localities" and isinstance(value, dict):
        return {name: tuple(aliases) for name, aliases in value.items()}
    if key == "school_holidays" and isinstance(value, dict):
        return {name: tuple(ends) for name, ends in value.items()}
    return value
