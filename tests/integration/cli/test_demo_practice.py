"""The demonstration has a network meeting for everybody, a training event for a few, and a toolbox."""

from factories.pool import facilitator
from jags.cli.demo.practice import add_practice
from jags.practice.queries import gatherings, toolbox


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
