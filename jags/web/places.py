"""Where signed-in people can go, and where they start."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from jags.accounts.rules import Permission


@dataclass(frozen=True)
class Place:
    """A place of the navigation, shown to who holds its permission."""

    words: str
    path: str
    permission: Permission
    # Another permission that opens it.
    or_permission: Permission | None = None
    # Other paths whose pages belong to this place.
    also: tuple[str, ...] = ()
    # The places that are folded into this one, itself the first of them; they are shown on its pages.
    parts: tuple["Place", ...] = ()

    def holds(self, path: str) -> bool:
        """Tell whether the page of a path belongs to this place."""
        own = any(path == one or path.startswith(f"{one}/") for one in (self.path, *self.also))
        return own or any(part.holds(path) for part in self.parts)


def _fold(words: str, *parts: Place) -> Place:
    """Return one place for several that are seldom needed, so that the navigation stays short."""
    return replace(parts[0], words=words, parts=parts)


PLACES: tuple[Place, ...] = (
    Place("Home", "/home", Permission.REQUEST_READ, or_permission=Permission.REQUEST_TAKE),
    Place("Requests", "/requests", Permission.REQUEST_READ, also=("/sessions",)),
    Place("Calendar", "/calendar", Permission.SESSION_ARRANGE, also=("/venues",)),
    Place("Facilitators", "/facilitators", Permission.FACILITATOR_READ, also=("/toolbox", "/planning")),
    Place("My offers", "/my-offers", Permission.OFFER_ANSWER),
    Place("My sessions", "/my-sessions", Permission.SESSION_RECORD, also=("/sessions",)),
    _fold(
        "My time",
        Place("My calendar", "/my-calendar", Permission.SESSION_RECORD),
        Place("My availability", "/my-availability", Permission.OFFER_ANSWER),
        Place("My meetings", "/my-meetings", Permission.OFFER_ANSWER),
    ),
    _fold(
        "My practice",
        Place("My work", "/my-practice", Permission.OFFER_ANSWER),
        Place("Keeping to the approach", "/approach", Permission.OFFER_ANSWER),
        Place("Toolbox", "/toolbox", Permission.OFFER_ANSWER),
        Place("My observations", "/my-observations", Permission.OBSERVATION_WRITE),
    ),
    Place("Evaluation", "/evaluation", Permission.EVALUATION_READ, also=("/approach", "/practice-audits")),
    Place("Learning", "/themes", Permission.THEME_READ, also=("/code-frame", "/feedback-comments")),
    _fold(
        "Office",
        Place("People", "/people", Permission.ACCOUNT_RESET),
        Place("E-mails", "/e-mails", Permission.MESSAGE_MANAGE),
        Place("Promotion", "/promotion", Permission.PROMOTION_MANAGE),
        Place("Records", "/records", Permission.RETENTION_MANAGE, also=("/retention",)),
    ),
    Place("Feedback forms", "/feedback-forms", Permission.SETTINGS_MANAGE),
)


# As many as there are ways to hold several roles, at most.
@lru_cache(maxsize=64)
def places_of(permissions: frozenset[str]) -> tuple[Place, ...]:
    """Return the places that somebody may go to; one into which several are folded leads to the first that is open to them."""
    return tuple(shown for place in PLACES if (shown := _shown(place, permissions)))


def start_of(permissions: frozenset[str]) -> str:
    """Return the path where somebody starts after signing in."""
    places = places_of(permissions)
    return places[0].path if places else "/"


def parts_at(places: Iterable[Place], path: str) -> tuple[Place, ...]:
    """Return the places beside the page of a path, within the one that holds it; none where it stands alone."""
    return next((place.parts for place in places if place.parts and place.holds(path)), ())


def _shown(place: Place, permissions: frozenset[str]) -> Place | None:
    if not place.parts:
        return place if {place.permission, place.or_permission} & permissions else None
    parts = tuple(part for part in place.parts if _shown(part, permissions))
    if len(parts) > 1:
        return replace(parts[0], words=place.words, parts=parts)
    return parts[0] if parts else None
