"""The demonstration has a network meeting for everybody, a training event for a few, and a toolbox."""

from dataclasses import dataclass

from conftest import WorkOn
from factories.pool import facilitator
from jags.adapters.clock import FixedClock
from jags.cli.demo.practice import add_practice, meeting_that_is_over
from jags.kernel.actor import Actor, system
from jags.practice.queries import gatherings, toolbox


@dataclass
class QuickWorld:
    """A world in which no job runs between two steps."""

    clock: FixedClock
    work: WorkOn
    coordinator: Actor

    @property
    def now(self):
        return self.clock.instant


def test_a_meeting_that_is_over_has_who_was_there(clock, work_on):
    with work_on() as work:
        for n in range(5):
            facilitator(work, f"Person {n}")
    story = meeting_that_is_over(QuickWorld(clock, work_on, system("demo")))
    clock.instant += next(story)
    assert next(story, None) is None
    with work_on() as work:
        (line,) = gatherings(work)
        assert (line.gathering.kind, line.ended) == ("network_meeting", True)
        assert (line.replies["attended"], line.replies["apologies"], line.replies["not_there"]) == (3, 1, 1)


def test_a_newcomer_finds_meetings_and_documents(work_on):
    with work_on() as work:
        for n in range(5):
            facilitator(work, f"Person {n}")
        add_practice(work)
    with work_on() as work:
        assert [(line.gathering.kind, line.invited) for line in gatherings(work)] == [
            ("network_meeting", 5),
            ("training", 4),
        ]
        assert [document.title for document in toolbox(work)] == [
            "Aide memoire, draft",
            "Basic toolkit",
            "Scripts for hard moments",
        ]
