"""Where signed-in people can go, and where they start."""

from dataclasses import dataclass

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

    def holds(self, path: str) -> bool:
        """Tell whether the page of a path belongs to this place."""
        return any(path == own or path.startswith(f"{own}/") for own in (self.path, *self.also))


PLACES: tuple[Place, ...] = (
    Place("Home", "/home", Permission.REQUEST_READ, or_permission=Permission.REQUEST_TAKE),
    Place("Requests", "/requests", Permission.REQUEST_READ, also=("/sessions",)),
    Place("Calendar", "/calendar", Permission.SESSION_ARRANGE, also=("/venues",)),
    Place("Facilitators", "/facilitators", Permission.FACILITATOR_READ, also=("/toolbox", "/planning")),
    Place("My offers", "/my-offers", Permission.OFFER_ANSWER),
    Place("My sessions", "/my-sessions", Permission.SESSION_RECORD),
    Place("My calendar", "/my-calendar", Permission.SESSION_RECORD),
    Place("My availability", "/my-availability", Permission.OFFER_ANSWER),
    Place("My meetings", "/my-meetings", Permission.OFFER_ANSWER),
    Place("My practice", "/my-practice", Permission.OFFER_ANSWER, also=("/approach",)),
    Place("Toolbox", "/toolbox", Permission.OFFER_ANSWER),
    Place("My observations", "/my-observations", Permission.OBSERVATION_WRITE),
    Place("Evaluation", "/evaluation", Permission.EVALUATION_READ, also=("/approach", "/practice-audits")),
    Place("Learning", "/themes", Permission.THEME_READ, also=("/code-frame", "/feedback-comments")),
    Place("Promotion", "/promotion", Permission.PROMOTION_MANAGE),
    Place("E-mails", "/e-mails", Permission.MESSAGE_MANAGE),
    Place("Feedback forms", "/feedback-forms", Permission.SETTINGS_MANAGE),
)


def places_of(permissions: frozenset[str]) -> list[Place]:
    """Return the places that somebody may go to."""
    return [place for place in PLACES if {place.permission, place.or_permission} & permissions]


def start_of(permissions: frozenset[str]) -> str:
    """Return the path where somebody starts after signing in."""
    places = places_of(permissions)
    return places[0].path if places else "/"
