"""Tell whether a row of the old form and a request that came in here are one and the same."""

from datetime import date

from jags.importing.rules.form import FormColumn, FormEntry
from jags.kernel.time import london_date
from jags.requests.rules import Question

# Who has sent the old form and then hears of the new page asks again on the same day or when they are next at work; three
# days reach over a weekend. A longer span would take two different requests of a busy practitioner for one.
NEAR_DAYS = 3


def is_near(entry: FormEntry, received_on: date | None) -> bool:
    """Tell whether a request was received here within `NEAR_DAYS` days of a row of the form."""
    return received_on is not None and days_apart(entry, received_on) <= NEAR_DAYS


def days_apart(entry: FormEntry, received_on: date) -> int:
    """Return how many days lie between a row of the form and the day on which a request was received here."""
    return abs((london_date(entry.received_at) - received_on).days)


def contradictions(entry: FormEntry, live: FormEntry) -> tuple[FormColumn, ...]:
    """Return the columns that tell two requests of one person apart; what only one of them states tells nothing."""
    own, other = (e.detail.own_reference.strip().casefold() for e in (entry, live))
    bands, others = (e.chosen.get(Question.AGE_BAND, frozenset()) for e in (entry, live))
    found = (
        (FormColumn.OWN_REFERENCE, own and other and own != other),
        (FormColumn.AGE, bands and others and not bands & others),
        (FormColumn.LOCALITY, entry.locality and live.locality and entry.locality != live.locality),
    )
    return tuple(column for column, differs in found if differs)
