"""How alike two requests are: points for what they share, each with its reason in words (docs/glossary.md, "alike")."""

from dataclasses import dataclass

# From this many points on a request is shown as alike. In one town many requests share an age, a place and the agencies that
# are everywhere, and a list of all of them helps nobody.
ALIKE_FROM = 7
SAME_WORK = 10
_SHARED_AGENCIES_MOST = 3


@dataclass(frozen=True)
class Likeness:
    """What two requests share; `agencies` are the names of involved agencies that both name."""

    same_requester: bool = False
    same_reference: bool = False
    same_agency: str = ""
    same_locality: str = ""
    ages: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()

    @property
    def same_work(self) -> bool:
        """Tell whether the same person asked with the same reference of their own: as good as certain."""
        return self.same_requester and self.same_reference

    @property
    def points(self) -> int:
        """Return the points: a reference that is the same counts most, then ages and the agency that asks, then the rest."""
        return sum(
            (
                SAME_WORK if self.same_work else 0,
                4 if self.same_reference and not self.same_requester else 0,
                2 if self.same_requester and not self.same_reference else 0,
                2 if self.ages else 0,
                2 if self.same_agency else 0,
                1 if self.same_locality else 0,
                min(len(self.agencies), _SHARED_AGENCIES_MOST),
            )
        )

    @property
    def alike(self) -> bool:
        """Tell whether it is likely the same work: the same reference, or much that is shared, ages among it."""
        return self.same_reference or (bool(self.ages) and self.points >= ALIKE_FROM)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return what is shared, in words, what counts most first."""
        said = (
            ("the same requester and the same own reference", self.same_work),
            (
                "the same own reference, given by somebody else",
                self.same_reference and not self.same_requester,
            ),
            ("the same requester", self.same_requester and not self.same_reference),
            (f"asked by the same agency, {self.same_agency}", self.same_agency),
            (f"the same age ({', '.join(self.ages)})", self.ages),
            (f"the same locality, {self.same_locality}", self.same_locality),
            (f"the same agencies are involved: {', '.join(self.agencies)}", self.agencies),
        )
        return tuple(words for words, shared in said if shared)
