"""One-page views of a report: what one group looks at, picked out of an edition, so that it shows nothing that the edition does not."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum

from jags.evaluation.rules.document import Block, Chart, Document, Section, Table
from jags.evaluation.rules.editions import definitions_used


class View(StrEnum):
    """For whom a page is."""

    LOCALITY_GROUP = "locality-group"
    AUDIT_GROUP = "audit-group"
    ADULT_BOARD = "adult-board"
    PARTNERS = "partners"


VIEW_TITLES: Mapping[View, str] = {
    View.LOCALITY_GROUP: "for the locality group",
    View.AUDIT_GROUP: "for the audit group",
    View.ADULT_BOARD: "for the adult board",
    View.PARTNERS: "for the delegated partners",
}
# What each sees: tables and charts by their keys, and sections by theirs, whose words stand there.
_PICKED: Mapping[View, frozenset[str]] = {
    View.LOCALITY_GROUP: frozenset(
        {
            "how-much",
            "localities",
            "agencies-by-type",
            "recommendations",
        }
    ),
    View.AUDIT_GROUP: frozenset(
        {
            "keeping-to-it",
            "approach",
            "observed",
            "observations",
            "audited",
            "audits",
            "audit-recommendations",
            "recommendations",
        }
    ),
    View.ADULT_BOARD: frozenset(
        {
            "how-much",
            "two-cohorts",
            "adult-services",
            "remits",
            "adult-services-of-each",
            "apologies",
            "principles",
            "recommendations",
        }
    ),
    View.PARTNERS: frozenset(
        {
            "how-much",
            "waits",
            "straight-after",
            "opinions",
            "then-and-now",
            "recommendations",
        }
    ),
}


def view_of(document: Document, view: View) -> Document:
    """Return the page of a report for a group, in the same edition: its tables, charts and words, and what they mean."""
    sections = tuple(_picked(document.sections, _PICKED[view]))
    return replace(
        document,
        title=f"{document.title}, {VIEW_TITLES[view]}",
        sections=sections,
        method=(),
        one_page=True,
        definitions=tuple(definitions_used(document.definitions, sections)),
    )


def _picked(sections: tuple[Section, ...], keys: frozenset[str]) -> Iterator[Section]:
    for section in sections:
        blocks = tuple(block for block in section.blocks if _stays(block, section, keys))
        inner = tuple(_picked(section.sections, keys))
        if blocks or inner:
            yield replace(section, blocks=blocks, sections=inner)


def _stays(block: Block, section: Section, keys: frozenset[str]) -> bool:
    if isinstance(block, Table | Chart):
        return block.key in keys
    return section.key in keys
