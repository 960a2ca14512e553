"""Find in typed text what would name a child: NHS numbers, dates of birth, postcodes, street addresses, likely names."""

from jags.kernel.identifiers.finding import Finding, Kind
from jags.kernel.identifiers.names import find_likely_names, initials_of, with_initials
from jags.kernel.identifiers.refusal import NamesSomebody, refuse_identifiers
from jags.kernel.identifiers.search import find_identifiers

__all__ = [
    "Finding",
    "Kind",
    "NamesSomebody",
    "find_identifiers",
    "find_likely_names",
    "initials_of",
    "refuse_identifiers",
    "with_initials",
]
