"""Who has never asked, who was not there and why, and the adult services of each JAGS where transitional safeguarding is confirmed."""

from collections import Counter
from collections.abc import Iterator

from jags.accounts.rules import AgeRemit
from jags.evaluation.render.sections.side_by_side import plural
from jags.evaluation.rules.document import Bullets, Chart, ChartKind, Column, Paragraph
from jags.evaluation.rules.gathered import Gathered
from jags.evaluation.rules.measured import (
    INSIDE,
    NOT_PUBLIC,
    PUBLIC,
    RESTRICTED,
    Counted,
    Measure,
    NotRecorded,
    Only,
    Raw,
    RawBlock,
    RawRow,
    RawTable,
    Said,
    only,
)
from jags.evaluation.rules.networks import Network
from jags.evaluation.rules.practised import OverTime
from jags.requests.rules import TransitionalFeature
from jags.scheduling.rules import ApologyReason, Attendance

_REASONS = {
    ApologyReason.NOT_INVITED: "Not invited",
    ApologyReason.INVITED_LATE: "Invited too late",
    ApologyReason.NO_CAPACITY: "No capacity",
    ApologyReason.DECLINED: "Declined",
    ApologyReason.CHANGED_WORKER: "The worker changed",
    ApologyReason.NOT_RECORDED: "Reason not recorded",
}
_REMITS = {
    AgeRemit.CHILDREN: "A children’s service",
    AgeRemit.ADULTS: "An adults’ service",
    AgeRemit.ALL_AGES: "A service for all ages",
}
_NONE_TO_COME = {
    TransitionalFeature.NONE_ELIGIBLE: "No adult service is eligible",
    TransitionalFeature.NEITHER_CARE_LEAVER_NOR_DISABLED: "Neither care leaver nor disabled",
}
_NOBODY = "None"
_EACH = "Which adult services each of them needed, and which were invited and came"


def never_asked(gathered: Gathered) -> Iterator[RawBlock | Only]:
    """Tell by type how many agencies asked in the period, and inside which of them never have."""
    types = gathered.asking.types
    if not types:
        yield Paragraph("No agency is known yet.")
        return
    yield RawTable(
        "agencies-by-type",
        "Agencies by type",
        "Type",
        (
            Column("agencies", "Agencies"),
            Column("asked", "Asked in the period"),
            Column("never", "Never asked"),
        ),
        tuple(
            RawRow(
                _title(one.agency_type),
                (Counted(one.agencies), Counted(one.asked), Counted(len(one.never))),
            )
            for one in types
        ),
        definition="never-asked",
    )
    never = tuple(f"{_title(one.agency_type)}: {', '.join(one.never)}" for one in types if one.never)
    if never:
        yield from only(
            NOT_PUBLIC, Paragraph("Those that have never asked, for whom to talk with next:"), Bullets(never)
        )


def _title(agency_type: str) -> str:
    """Return a type with a capital at its beginning; CAMHS stays as it is."""
    return agency_type[:1].upper() + agency_type[1:]


def localities(gathered: Gathered) -> Iterator[RawBlock]:
    """Tell how many requests came from each locality."""
    lines = gathered.asking.localities
    if not any(one.requests for one in lines) and not gathered.asking.locality_not_recorded:
        yield Paragraph("No request was received in this period.")
        return
    yield RawTable(
        "localities",
        "Requests by locality",
        "Locality",
        (Column("now", "Requests"),),
        (
            *(RawRow(one.locality, (Counted(one.requests),)) for one in lines),
            RawRow("Not recorded", (Counted(gathered.asking.locality_not_recorded),)),
        ),
        Measure.ORGANISATIONS,
        definition="localities",
    )


def agencies_over_time(gathered: Gathered) -> Iterator[Only]:
    """Tell inside at how many sessions of each month each agency was; outside it could say which agencies met when."""
    yield from only(INSIDE, *agency_blocks(gathered.over_time))


def agency_blocks(found: OverTime) -> Iterator[RawBlock]:
    """Tell at how many sessions of each span each agency was, in a heat map and in a table."""
    if not found.agencies:
        return
    table = RawTable(
        "agencies-over-time",
        "Sessions by agency, over time",
        "Agency",
        tuple(Column(f"span-{number}", span.words) for number, span in enumerate(found.spans, 1)),
        tuple(RawRow(name, tuple(map(Counted, numbers))) for name, numbers in found.agencies.items()),
        Measure.ORGANISATIONS,
        definition="taking-part",
    )
    yield Chart(
        "agencies-over-time-drawn",
        ChartKind.HEAT_MAP,
        "Sessions by agency, over time",
        "The darker a field, the more sessions of that time the agency was at.",
        table.key,
    )
    yield table


def invited(gathered: Gathered) -> Iterator[RawBlock]:
    """Tell for how many sessions each agency was invited, at how many it was, and for how many it sent apologies."""

    def counted(attendance: Attendance) -> Counter[str]:
        return Counter(
            name
            for network in gathered.networks
            for name in {one.agency for one in network.there if one.attendance is attendance}
        )

    asked = Counter(name for network in gathered.networks for name in network.invited)
    there, apologies = counted(Attendance.PRESENT), counted(Attendance.APOLOGIES)
    if not {*asked, *apologies}:
        return
    yield RawTable(
        "agencies-invited",
        "Agencies invited, there, and with apologies",
        "Agency",
        (Column("invited", "Invited", "invited"), Column("there", "There"), Column("apologies", "Apologies")),
        tuple(
            RawRow(name, tuple(Counted(found[name]) for found in (asked, there, apologies)))
            for name in sorted({*asked, *there, *apologies}, key=str.casefold)
        ),
        Measure.ORGANISATIONS,
        note="In sessions. An agency that sent apologies because it was not invited is not counted as invited.",
    )


def not_there(gathered: Gathered) -> Iterator[RawBlock | Only]:
    """Tell how often agencies were not there, by reason."""
    reasons = Counter(
        one.reason or ApologyReason.NOT_RECORDED
        for network in gathered.networks
        for one in network.there
        if one.attendance is Attendance.APOLOGIES
    )
    if not reasons:
        yield Paragraph("No apology of an agency is recorded for the sessions of this period.")
        return
    yield RawTable(
        "apologies",
        "Apologies by reason",
        "Why",
        (Column("agencies", "Agencies"),),
        tuple(RawRow(words, (Counted(reasons[reason]),)) for reason, words in _REASONS.items()),
        Measure.ORGANISATIONS,
        note="An agency that missed two sessions counts twice.",
        definition="apologies",
    )


def adult_services(gathered: Gathered) -> Iterator[RawBlock | Only]:
    """Tell at how many sessions services of each remit were, and of each confirmed JAGS which adult services it needed.

    Of one locality it is told inside only: the confirmed JAGS of one are so few that they could be known.
    """
    if not gathered.asked.locality:
        yield from _adult_services(gathered)
        return
    for one in _adult_services(gathered):
        yield Only(INSIDE & one.editions, one.block) if isinstance(one, Only) else Only(INSIDE, one)


def _adult_services(gathered: Gathered) -> Iterator[RawBlock | Only]:
    recorded = [network for network in gathered.networks if network.recorded]
    if not recorded:
        yield Paragraph("Which agencies were present is recorded for no session of this period.")
        return
    confirmed = [network for network in recorded if network.confirmed]
    yield RawTable(
        "remits",
        "Sessions by whom the services present work with",
        "Present",
        (Column("all", "All sessions", "remit"), Column("confirmed", "Transitional safeguarding confirmed")),
        tuple(
            RawRow(words, (_present(recorded, remit), _present(confirmed, remit)))
            for remit, words in _REMITS.items()
        ),
        Measure.ORGANISATIONS,
    )
    if not confirmed:
        yield Paragraph("Transitional safeguarding is confirmed for no session of this period.")
        return
    yield Paragraph(
        f"Transitional safeguarding is confirmed for {plural(len(confirmed), 'session')} whose agencies were recorded."
    )
    yield from only(PUBLIC, Paragraph(f"{_EACH}, is told to named readers."))
    yield from only(
        NOT_PUBLIC,
        Paragraph(f"{_EACH}, follows; the order says nothing of when they were held."),
    )
    yield from only(INSIDE, _each(confirmed, inside=True))
    yield from only(RESTRICTED, _each(confirmed, inside=False))
    yield from only(INSIDE, _eligible(confirmed))


def _present(networks: list[Network], remit: AgeRemit) -> Raw:
    return Counted(sum(one.present(remit) for one in networks), len(networks)) if networks else NotRecorded()


def _each(confirmed: list[Network], *, inside: bool) -> RawTable:
    """Tell of each JAGS which adult services it needed; inside also where none is there to come, which is about a child."""
    return RawTable(
        "adult-services-of-each",
        "Adult services of each JAGS",
        "JAGS",
        (
            Column("needed", "Needed", "adult-services"),
            Column("invited", "Invited"),
            Column("there", "There"),
            Column("absent", "Not there, and why"),
            *((Column("features", "Where none is there to come", "features"),) if inside else ()),
        ),
        tuple(
            RawRow(
                f"JAGS {number}", tuple(map(Said, (*_services(network), *(_none(network) if inside else ()))))
            )
            for number, network in enumerate(confirmed, start=1)
        ),
        Measure.ORGANISATIONS,
    )


def _services(network: Network) -> tuple[str, ...]:
    there = [one.agency for one in network.there if one.for_adults and one.attendance is Attendance.PRESENT]
    absent = [
        f"{one.agency} ({_REASONS[one.reason or ApologyReason.NOT_RECORDED].lower()})"
        for one in network.there
        if one.for_adults and one.attendance is Attendance.APOLOGIES
    ]
    known = {one.agency for one in network.there}
    absent += [f"{name} (not recorded)" for name in network.needed if name not in known]
    return tuple(
        ", ".join(names) or _NOBODY for names in (network.needed, network.adults_invited, there, absent)
    )


def _none(network: Network) -> tuple[str]:
    found = (words for feature, words in _NONE_TO_COME.items() if feature in network.features)
    return (", ".join(found) or "–",)


def _eligible(confirmed: list[Network]) -> RawTable:
    return RawTable(
        "eligible",
        "Where no adult service is there to come",
        "What features",
        (Column("sessions", "Sessions"),),
        tuple(
            RawRow(words, (Counted(sum(feature in one.features for one in confirmed), len(confirmed)),))
            for feature, words in _NONE_TO_COME.items()
        ),
        Measure.CHILDREN,
        definition="features",
    )
