"""Show the answers of a request: as the values of its forms, and as a summary in words."""

from collections.abc import Mapping
from typing import Any

from jags.accounts.queries import adult_services
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
from jags.requests.rules import (
    AgeBand,
    DateMatters,
    Gate,
    Involvement,
    LeadKnows,
    NetworkContact,
    Part,
    Plan,
    Question,
    Reason,
    Tie,
    YesNoUnsure,
)
from jags.settings.queries import partnership
from jags.web.requests.first_half import ELSEWHERE
from jags.web.requests.second_half import FAMILY_KNOWS, FORMATS, MANAGER_KNOWS
from jags.web.wording import words

TITLES: dict[Part, str] = {
    Part.GATE: "Before you begin",
    Part.REQUESTER: "About you",
    Part.CHILD: "Who it is about",
    Part.REASONS: "Why, and what it should help with",
    Part.PEOPLE: "Who is involved",
    Part.ADULTHOOD: "On the way into adulthood",
    Part.LAST: "Last things",
    Part.CONTACTS: "People who could take part",
    Part.FAMILY: "The child or young person, and the family",
    Part.WORK: "Court, police and what has been tried",
    Part.ARRANGEMENTS: "Arrangements",
}
# The titles that read otherwise to whoever did not write the answers.
OUR_TITLES: dict[Part, str] = {Part.REQUESTER: "Who asks"}
Rows = list[dict[str, Any]]


def gate(work: Work, request: Request) -> dict[str, Any]:
    """Return the values of the three questions before the form."""
    detail, went_on = detail_of(work, request), request.chosen(Question.GATE)
    found: dict[str, Any] = {}
    for one in Gate:
        found[one.value] = "yes" if one in went_on else "no"
        found[f"{one.value}_why"] = getattr(detail, f"gate_{one.value}")
    return found


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
    sibling = {True: "yes", False: "no", None: None}[request.sibling_group]
    return {
        "pseudonym": detail.pseudonym,
        "age_bands": sorted(request.age_bands),
        "sibling_group": sibling,
        "locality": request.locality or (ELSEWHERE if detail.locality_as_typed else None),
        "responsibility": request.responsibility,
        "plans": sorted(request.chosen(Question.PLAN)),
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
    }


def adulthood(work: Work, request: Request) -> dict[str, Any]:
    """Return the values of the page about the way into adulthood; a service that is not on the list stands beside it."""
    offered = set(adult_services(work))
    named = agencies_of(work, request, involvement=Involvement.NEEDED)
    return {
        "transitional_view": request.transitional_view,
        "needed": [name for name in named if name in offered],
        "another": ", ".join(name for name in named if name not in offered),
    }


def last_things(work: Work, request: Request) -> dict[str, Any]:
    """Return the values of the last page."""
    detail = detail_of(work, request)
    return {
        "date_matters": sorted(request.chosen(Question.DATE_MATTERS)),
        "date_note": detail.date_note,
        "unsafe_contact": detail.unsafe_contact,
        "heard_of": request.heard_of,
        "heard_from": detail.heard_from,
    }


def contacts(work: Work, request: Request) -> dict[str, Any]:
    """Return the values of the page about people who could take part."""
    return {
        "people": [
            {**_person(member, contact), "agreed": member.agreed, "member": str(member.id)}
            for member, contact in members(work, request)
        ]
    }


def family(work: Work, request: Request) -> dict[str, Any]:
    """Return the values of the page about child and family."""
    detail = detail_of(work, request)
    return {"family_knows": detail.family_knows, "young_person_wish": detail.young_person_wish}


def the_work(work: Work, request: Request) -> dict[str, Any]:
    """Return the values of the page about the work."""
    detail = detail_of(work, request)
    return {
        "legal_live": request.legal_live,
        "legal_activity": detail.legal_activity,
        "tried": detail.tried,
        "own_reference": detail.own_reference,
    }


def arrangements(work: Work, request: Request) -> dict[str, Any]:
    """Return the values of the page about arrangements."""
    detail = detail_of(work, request)
    return {
        "format_wish": detail.format_wish,
        "access_needs": detail.access_needs,
        "not_these_dates": detail.not_these_dates,
        "who_should_not": detail.who_should_not,
        "line_manager_aware": detail.line_manager_aware,
    }


def address(work: Work, request: Request) -> str:
    """Return the requester's e-mail address."""
    return contact_of(work, request).email


def summary(work: Work, request: Request, *, for_us: bool = True) -> dict[Part, Rows]:
    """Return every answer in words, by part of the form; what a coordinator added themselves is `for_us` alone."""
    return {
        Part.GATE: _gate(work, request),
        Part.REQUESTER: _requester(work, request),
        Part.CHILD: _child(work, request),
        Part.REASONS: _reasons(work, request),
        Part.PEOPLE: _people(work, request),
        Part.ADULTHOOD: _adulthood(work, request),
        Part.LAST: _last(work, request),
        Part.CONTACTS: _contacts(work, request, for_us=for_us),
        Part.FAMILY: _family(work, request),
        Part.WORK: _work(work, request),
        Part.ARRANGEMENTS: _arrangements(work, request),
    }


def _gate(work: Work, request: Request) -> Rows:
    """Return why somebody went on where a question pointed elsewhere; nothing where none did."""
    detail, went_on = detail_of(work, request), request.chosen(Question.GATE)
    return [
        {"key": words(one), "value": getattr(detail, f"gate_{one.value}")} for one in Gate if one in went_on
    ]


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
        *_as_written("Age, as written", detail.age_as_typed),
        {"key": "Sibling group", "value": sibling},
        *_as_written("About the sibling group", detail.sibling_note),
        {
            "key": "Locality",
            "value": request.locality or detail.locality_as_typed,
        },
        {"key": "Responsible authority", "value": words(request.responsibility)},
        {"key": "Plan or status", "value": [words(p) for p in Plan if p in request.chosen(Question.PLAN)]},
    ]


def _reasons(work: Work, request: Request) -> Rows:
    detail = detail_of(work, request)
    chosen = request.chosen(Question.REASON)
    other = [{"key": "Something else", "value": detail.reason_other}] if Reason.OTHER in chosen else []
    return [
        {"key": "Why", "value": [words(r) for r in Reason if r in chosen]},
        *other,
        {"key": "What it should help with", "value": detail.hopes},
    ]


def _people(work: Work, request: Request) -> Rows:
    return [
        {"key": "Agencies", "value": list(agencies_of(work, request))},
        *_as_written("Agencies, as written", detail_of(work, request).agencies_as_typed),
        *_lead(work, request),
    ]


def _lead(work: Work, request: Request) -> Rows:
    """Return who leads and whether they know; where the requester does, or nobody, that says it all."""
    if request.lead_knows in {LeadKnows.IT_IS_ME, LeadKnows.NOT_APPLICABLE}:
        return [{"key": "Lead professional", "value": words(request.lead_knows)}]
    lead = lead_professional(work, request)
    return [
        {"key": "Lead professional", "value": person_in_words(*lead) if lead else ""},
        {"key": "Do they know", "value": words(request.lead_knows)},
    ]


def _adulthood(work: Work, request: Request) -> Rows:
    needed = agencies_of(work, request, involvement=Involvement.NEEDED)
    return [
        {"key": "Transitional safeguarding", "value": words(request.transitional_view)},
        {"key": "Adult services needed", "value": list(needed)},
    ]


def _last(work: Work, request: Request) -> Rows:
    detail = detail_of(work, request)
    heard = partnership(work).heard_of.get(request.heard_of or "", "")
    return [
        {
            "key": "Does a date matter",
            "value": [words(d) for d in DateMatters if d in request.chosen(Question.DATE_MATTERS)],
        },
        {"key": "About dates", "value": detail.date_note},
        {"key": "Unsafe to contact", "value": detail.unsafe_contact},
        {"key": "Heard of JAGS from", "value": ", ".join(filter(None, (heard, detail.heard_from)))},
        *_as_written("Anything else", detail.anything_else),
    ]


def _contacts(work: Work, request: Request, *, for_us: bool) -> Rows:
    unsuitable = members(work, request, tie=Tie.SHOULD_NOT_FACILITATE) if for_us else []
    ours = {
        "key": "Added by us: should not facilitate",
        "value": [person_in_words(m, c) for m, c in unsuitable],
    }
    return [
        {"key": "People", "value": [_with_agreement(m, c) for m, c in members(work, request)]},
        *([ours] if unsuitable else []),
    ]


def _family(work: Work, request: Request) -> Rows:
    detail = detail_of(work, request)
    return [
        {"key": "Do they know", "value": _said(FAMILY_KNOWS, detail.family_knows)},
        {"key": "What the young person would want us to hold in mind", "value": detail.young_person_wish},
    ]


def _work(work: Work, request: Request) -> Rows:
    detail = detail_of(work, request)
    return [
        {"key": "Court, police or review work", "value": words(request.legal_live)},
        {"key": "What is going on", "value": detail.legal_activity},
        {"key": "What has been tried", "value": detail.tried},
        {"key": "Own reference", "value": detail.own_reference},
    ]


def _arrangements(work: Work, request: Request) -> Rows:
    detail = detail_of(work, request)
    return [
        {"key": "How to meet", "value": _said(FORMATS, detail.format_wish)},
        {"key": "To take part well", "value": detail.access_needs},
        {"key": "Dates that do not work", "value": detail.not_these_dates},
        {"key": "Should not facilitate", "value": detail.who_should_not},
        {"key": "Line manager knows", "value": _said(MANAGER_KNOWS, detail.line_manager_aware)},
    ]


def _as_written(key: str, value: str) -> Rows:
    """Return what only the old form asked, or how somebody answered it there; no row where it is empty."""
    return [{"key": key, "value": value}] if value else []


def _said(choices: Mapping[str, str], value: str) -> str:
    """Return the words of an answer; what was written in another way, before, is shown as it was."""
    return choices.get(value, value)


def _with_agreement(member: Any, contact: NetworkContact) -> str:
    agreed = {YesNoUnsure.YES: " (agreed)", YesNoUnsure.NO: " (not asked, or not agreed)"}
    return person_in_words(member, contact) + agreed.get(member.agreed, "")


def person_in_words(member: Any, contact: NetworkContact) -> str:
    """Return somebody around the child as "Name, role, team, agency, address, number", with what is known of it."""
    agency = member.agency.name if member.agency else member.agency_typed
    known = (
        contact.called or "Name not given",
        contact.role,
        contact.team,
        agency,
        contact.email,
        contact.phone,
    )
    return ", ".join(part for part in known if part)


def _person(member: Any, contact: NetworkContact) -> dict[str, str]:
    return {
        "name": contact.called,
        "role": contact.role,
        "agency": member.agency.name if member.agency else member.agency_typed,
        "team": contact.team,
        "email": contact.email,
        "phone": contact.phone,
    }
