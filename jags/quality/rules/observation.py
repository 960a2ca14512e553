"""Words of an observation of practice: where it stands, and what an observer writes."""

from dataclasses import dataclass, field
from enum import StrEnum


class ObservationState(StrEnum):
    """Where an observation stands; whether both facilitators agree is told by their answers."""

    PLANNED = "planned"
    CALLED_OFF = "called_off"
    SHARED = "shared"


@dataclass(frozen=True)
class Notes:
    """What an observer saw: what worked first, then the elements (values of `Seen`), then what they wonder; sealed."""

    worked: str = ""
    elements: dict[str, str] = field(default_factory=dict)
    wondered: str = ""
