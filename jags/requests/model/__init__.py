"""The request, the network around the child, the story of its moves, and what is kept beside it."""

from jags.requests.model.beside import (
    Cover,
    DraftPart,
    DraftsBegun,
    EqualityTally,
    EqualityYear,
    LinkWish,
    NotSameWork,
    ReferenceCounter,
)
from jags.requests.model.request import (
    InvolvedAgency,
    LegalCheck,
    NetworkMember,
    Request,
    RequestChoice,
    RequesterChange,
    RequestMove,
    RequestNote,
)

__all__ = [
    "Cover",
    "DraftPart",
    "DraftsBegun",
    "EqualityTally",
    "EqualityYear",
    "InvolvedAgency",
    "LegalCheck",
    "LinkWish",
    "NetworkMember",
    "NotSameWork",
    "ReferenceCounter",
    "Request",
    "RequestChoice",
    "RequestMove",
    "RequestNote",
    "RequesterChange",
]
