"""Read the partnership's settings."""

import dataclasses
import json
from typing import Any

from sqlalchemy import select

from jags.kernel.work import Work
from jags.settings.model import Setting
from jags.settings.rules import Partnership

# Columns, not entities: every page reads them.
_CHANGED = select(Setting.key, Setting.value).order_by(Setting.key)


def partnership(work: Work) -> Partnership:
    """Return the settings in force, read once in a unit of work."""
    if "settings.partnership" not in work.memo:
        known = {f.name for f in dataclasses.fields(Partnership)}
        changed: dict[str, Any] = {
            row.key: _value(row.key, json.loads(row.value))
            for row in work.session.execute(_CHANGED)
            if row.key in known
        }
        work.memo["settings.partnership"] = Partnership(**changed)
    found: Partnership = work.memo["settings.partnership"]
    return found


def _value(key: str, value: object) -> object:
    if key == "localities" and isinstance(value, dict):
        return {name: tuple(aliases) for name, aliases in value.items()}
    if key == "school_holidays" and isinstance(value, dict):
        return {name: tuple(ends) for name, ends in value.items()}
    return value
