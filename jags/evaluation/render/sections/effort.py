"""What it took: training, network meetings, promotion, cost, and the hours that people gave."""

from collections.abc import Callable

from jags.evaluation.render.sections.side_by_side import cells, columns, plural
from jags.evaluation.rules.gathered import Gathered
from jags.evaluation.rules.measured import (
    Counted,
    NotApplicable,
    NotRecorded,
    Raw,
    RawRow,
    RawSection,
    RawTable,
    Said,
)
from jags.evaluation.rules.practised import Effort
from jags.practice.rules import in_pounds

_HOUR = 60


def effort(gathered: Gathered) -> RawSection:
    """Return the section of what the period took."""

    def line(title: str, of: Callable[[Effort], Raw], definition: str = "") -> RawRow:
        return RawRow(title, cells(gathered, lambda part: of(part.effort)), definition)

    found = gathered.now.effort
    held = gathered.now.held.taking_part.sessions
    # Training, meetings and promotion are for every locality.
    of_everybody = (
        line("Training events held", lambda one: Counted(one.trainings), "training"),
        line("Places taken at training events", lambda one: Counted(one.trained), "training"),
        line("Cost of training events, as far as recorded", _cost, "training"),
        line("Network meetings held", lambda one: Counted(one.meetings), "network-meetings"),
        line("Places taken at network meetings", lambda one: Counted(one.met), "network-meetings"),
        line("Things done to make JAGS known", lambda one: Counted(one.promoted), "promotion"),
        line("People reached, where somebody counted", _reached, "promotion"),
    )
    return RawSection(
        "effort",
        "What it took",
        (
            RawTable(
                "effort-table",
                "Training, meetings, promotion and time",
                "What",
                columns(gathered, "In the period"),
                (
                    *(() if gathered.asked.locality else of_everybody),
                    line(
                        "Hours in sessions given by facilitators",
                        lambda one: _hours(one.facilitator_minutes),
                        "hours",
                    ),
                    line(
                        "Hours in sessions given by those who took part",
                        lambda one: _hours(one.people_minutes),
                        "hours",
                    ),
                ),
                note=f"Hours are those of {found.timed:,} of {plural(held, 'session')} held in the period, whose length was recorded; preparation is not counted.",
            ),
        ),
    )


def _cost(found: Effort) -> Raw:
    if not found.trainings:
        return NotApplicable()
    if found.pence is None:
        return NotRecorded()
    of = "" if found.costed == found.trainings else f", of {found.costed} of {found.trainings} events"
    return Said(f"{in_pounds(found.pence)}{of}")


def _reached(found: Effort) -> Raw:
    if not found.promoted:
        return NotApplicable()
    return NotRecorded() if found.reached is None else Counted(found.reached)


def _hours(minutes: int | None) -> Raw:
    return NotRecorded() if minutes is None else Counted(round(minutes / _HOUR))
