"""Who was at a session and who was not, by agency: what a report counts of the networks around children."""

from dataclasses import dataclass

from jags.accounts.rules import AgeRemit
from jags.scheduling.rules import ApologyReason, Attendance


@dataclass(frozen=True)
class AtSession:
    """An agency that was at a session, or was not; the remit is None for one that is not settled."""

    agency: str
    remit: AgeRemit | None
    attendance: Attendance
    reason: ApologyReason | None

    @property
    def for_adults(self) -> bool:
        """Tell whether the agency works with adults."""
        return self.remit in {AgeRemit.ADULTS, AgeRemit.ALL_AGES}


@dataclass(frozen=True)
class Network:
    """The network of one session: the agencies recorded and invited, the adult services among these and those needed, and what features."""

    confirmed: bool
    there: tuple[AtSession, ...]
    needed: tuple[str, ...]
    features: frozenset[str]
    invited: tuple[str, ...] = ()
    adults_invited: tuple[str, ...] = ()

    @property
    def recorded(self) -> bool:
        """Tell whether it was recorded which agencies were present."""
        return any(one.attendance is Attendance.PRESENT for one in self.there)

    def present(self, remit: AgeRemit) -> bool:
        """Tell whether an agency of a remit was present."""
        return any(one.remit is remit and one.attendance is Attendance.PRESENT for one in self.there)
