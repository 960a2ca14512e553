"""Show the answers of a request: as the values of its forms, and as a summary in words."""

from typing import Any

from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import (
    agencies_of,
    agency_name,
    contact_of,
    detail_of,
    lead_professional,
    members,
)
from jags.requests.rules import AgeBand, NetworkContact, Part, Plan, Question, Reason, Tie
from jags.web.filters import words
from jags.web.requests.forms import ELSEWHERE

TITLES: dict[Part, str] = {
    Part.REQUESTER: "About you",
    Part.CHILD: "Who it is about",
    Part.REASONS: "Why, and what it should help with",
    Part.PEOPLE: "Who is involved",
    Part.LAST: "Last things",
}
Rows = list[dict[str, Any]]


def about_you(work: Work, request: Request) -> dict[str, Any]:
    """Return the values of the page about the requester."""
    contact = contact_of(work, request)
    return {
        "name": contact.name,
        "role": contact.role,
        "agency": agency_name(request),
        "team": contact.team,
        "email": contact.email,
        "phone": contact.phone,
        "best_time": contact.best_time,
    }


def about_the_child(work: Work, request: Request) -> dict[str, Any]:
    """Return the values of the page about the child or young person."""
    detail = detail_of(work, request)
    begun = bool(detail.pseudonym)
    sibling = {True: "yes", False: "no", None: None}[request.sibling_group]
    return {
        "pseudonym": detail.pseudonym,
        "age_bands": sorted(request.age_bands),
        "sibling_group": sibling,
        "locality": request.locality or (ELSEWHERE if begun else None),
        "responsibility": request.responsibility,
        "plans": sorted(request.chosen(Question.PLAN)),
        "own_reference": detail.own_reference,
    }


def why(work: Work, request: Request) -> dict[str, Any]:
    """Return the values of the page about reasons and hopes."""
    detail = detail_of(work, request)
    return {
        "reasons": sorted(request.chosen(Question.REASON)),
        "reason_other": detail.reason_other,
        "hopes": detail.hopes,
    }


def involved(work: Work, request: Request) -> dict[str, Any]:
    """Return the values of the page about agencies and people."""
    lead = lead_professional(work, request)
    return {
        "agencies": list(agencies_of(work, request)),
        "lead_knows": request.lead_knows,
        "lead": _person(*lead) if lead else {},
        "people": [_person(member, contact) for member, contact in members(work, request)],
    }


def last_things(work: Work, request: Request) -> dict[str, Any]:
    """Return the values of the last page."""
    detail = detail_of(work, request)
    return {
        "transitional_view": request.transitional_view,
        "date_matters": request.date_matters,
        "date_note": detail.date_note,
        "unsafe_contact": detail.unsafe_contact,
        "who_should_not": detail.who_should_not,
        "heard_from": detail.heard_from,
    }


def address(work: Work, request: Request) -> str:
    """Return the requester's e-mail address."""
    return contact_of(work, request).email


def summary(work: Work, request: Request) -> dict[Part, Rows]:
    """Return every answer in words, by part of the form."""
    return {
        Part.REQUESTER: _requester(work, request),
        Part.CHILD: _child(work, request),
        Part.REASONS: _reasons(work, request),
        Part.PEOPLE: _people(work, request),
        Part.LAST: _last(work, request),
    }


def _requester(work: Work, request: Request) -> Rows:
    contact = contact_of(work, request)
    return [
        {"key": "Name", "value": contact.name},
        {"key": "Role", "value": contact.role},
        {"key": "Agency", "value": agency_name(request)},
        {"key": "Team", "value": contact.team},
        {"key": "E-mail address", "value": contact.email},
        {"key": "Telephone number", "value": contact.phone},
        {"key": "Best time to ring", "value": contact.best_time},
    ]


def _child(work: Work, request: Request) -> Rows:
    detail = detail_of(work, request)
    sibling = {True: "Yes", False: "No", None: ""}[request.sibling_group]
    return [
        {"key": "Initials or made-up name", "value": detail.pseudonym},
        {"key": "Age", "value": [words(b) for b in AgeBand if b in request.age_bands]},
        {"key": "Sibling group", "value": sibling},
        {
            "key": "Locality",
            "value": request.locality or detail.locality_as_typed or "Elsewhere or not known",
        },
        {"key": "Responsible authority", "value": words(request.responsibility)},
        {"key": "Plan or status", "value": [words(p) for p in Plan if p in request.chosen(Question.PLAN)]},
        {"key": "Own reference", "value": detail.own_reference},
    ]


def _reasons(work: Work, request: Request) -> Rows:
    detail = detail_of(work, request)
    chosen = request.chosen(Question.REASON)
    return [
        {"key": "Why", "value": [words(r) for r in Reason if r in chosen]},
        {"key": "Something else", "value": detail.reason_other},
        {"key": "What it should help with", "value": detail.hopes},
    ]


def _people(work: Work, request: Request) -> Rows:
    lead = lead_professional(work, request)
    unsuitable = members(work, request, tie=Tie.SHOULD_NOT_FACILITATE)
    ours = {
        "key": "Added by us: should not facilitate",
        "value": [person_in_words(m, c) for m, c in unsuitable],
    }
    return [
        {"key": "Agencies", "value": list(agencies_of(work, request))},
        {"key": "Lead professional", "value": person_in_words(*lead) if lead else ""},
        {"key": "Do they know", "value": words(request.lead_knows)},
        {"key": "People", "value": [person_in_words(m, c) for m, c in members(work, request)]},
        *([ours] if unsuitable else []),
    ]


def _last(work: Work, request: Request) -> Rows:
    detail = detail_of(work, request)
    return [
        {"key": "Transitional safeguarding", "value": words(request.transitional_view)},
        {"key": "Does a date matter", "value": words(request.date_matters)},
        {"key": "About dates", "value": detail.date_note},
        {"key": "Unsafe to contact", "value": detail.unsafe_contact},
        {"key": "Should not facilitate", "value": detail.who_should_not},
        {"key": "Heard of JAGS from", "value": detail.heard_from},
    ]


def person_in_words(member: Any, contact: NetworkContact) -> str:
    """Return somebody around the child as "Name, role, team, agency, address, number", with what is known of it."""
    agency = member.agency.name if member.agency else member.agency_typed
    known = (contact.name, contact.role, contact.team, agency, contact.email, contact.phone)
    return ", ".join(part for part in known if part)


def _person(member: Any, contact: NetworkContact) -> dict[str, str]:
    return {
        "name": contact.name,
        "role": contact.role,
        "agency": member.agency.name if member.agency else member.agency_typed,
        "team": contact.team,
        "email": contact.email,
        "phone": contact.phone,
    }
