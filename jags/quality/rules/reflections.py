"""What a facilitator writes after a session, apart by who can open it; each part is sealed by itself."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reflection:
    """What only its writer opens."""

    helped: str = ""
    hindered: str = ""
    authority: str = ""
    agencies_missing: str = ""
    learning: str = ""
    support: str = ""


@dataclass(frozen=True)
class ForBoth:
    """What the two facilitators of the session open."""

    together: str = ""


@dataclass(frozen=True)
class ForTheUnit:
    """What the Business Unit opens, without the writer's name."""

    system: str = ""


@dataclass(frozen=True)
class Pooled:
    """What is counted over at least five sessions and shown of none: values of `Seen` by element, and other choices."""

    elements: dict[str, str] = field(default_factory=dict)
    line_managers: str = ""
    toolbox: str = ""
    principles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """All four parts of a reflection."""

    own: Reflection = field(default_factory=Reflection)
    both: ForBoth = field(default_factory=ForBoth)
    unit: ForTheUnit = field(default_factory=ForTheUnit)
    pooled: Pooled = field(default_factory=Pooled)
