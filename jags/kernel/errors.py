"""Domain errors: each names the rule that was broken and carries the sentence that the person reads."""


class DomainError(Exception):
    """A rule of the domain was broken; the message is fit for a page."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip().splitlines()[0])


class NotFound(DomainError):
    """There is nothing here, or nothing that you may see."""


class NotAllowed(DomainError):
    """Your role does not include this."""


class Stale(DomainError):
    """Somebody else changed this while you were working on it."""


class MoveNotPossible(DomainError):
    """This step is not possible from where things stand now."""


class Invalid(DomainError):
    """Something that was entered needs another look.

    `field` names the form field that the message belongs to; empty for the whole form.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class LinkNotValid(DomainError):
    """This link has expired, was used, or is not complete."""


class TooMany(DomainError):
    """There have been too many of these in a short time."""


class SetupIncomplete(DomainError):
    """A setting is missing; the message says what to set."""
