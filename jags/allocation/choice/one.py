"""Say in words who could facilitate a request: the best pairs, and what speaks for or against everybody."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from jags.accounts.queries import organisations_of
from jags.allocation.assembly import Assembled, assemble, half_days_promised, standing_of
from jags.allocation.choice.people import PersonShown, said, still_to_ask
from jags.allocation.engine.explanation import (
    Reason,
    ReasonKind,
    explain_partners,
    explain_pool,
    pair_reasons,
)
from jags.allocation.engine.ranking import RankedPair, Ranking, pairs_with, rank_pairs
from jags.allocation.engine.remedy import explain_no_pair
from jags.allocation.engine.wording import no_pair_in_words, person_in_words
from jags.allocation.queries import agreed_facilitators
from jags.allocation.rules import (
    NO_HALF_DAY_LEFT,
    PossibleConnection,
    Rule,
    doubt_in_words,
    in_checking_order,
    rule_in_words,
)
from jags.facilitators.queries import without_load
from jags.facilitators.rules import quarter_in_words
from jags.kernel.work import Work
from jags.requests.model import Request

SHOWN = 10

# What a coordinator wants to know first; that agencies differ holds for every pair of the list.
_FIRST = (
    ReasonKind.REQUESTERS_AGENCY,
    ReasonKind.NOBODY_TRAINED,
    ReasonKind.AVAILABILITY_NOT_RECORDED,
    ReasonKind.COMMON_SLOTS,
    ReasonKind.TRAINED,
    ReasonKind.LOAD,
)
_SHORT = 2
_HAS_ACCEPTED = "has accepted already"
_LED_THE_FIRST = "facilitated the first one about this work"


@dataclass(frozen=True)
class PairShown:
    """A valid pair with its place in the ranking (from 1), its leading reasons, and all that tell it from others."""

    rank: int
    first: PersonShown
    second: PersonShown
    leading: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """How one person stands for the request, in words; only `doubts` can be cleared."""

    person: PersonShown
    words: tuple[str, ...]
    excluded: bool
    doubts: tuple[PossibleConnection, ...]


@dataclass(frozen=True)
class Choice:
    """Everything that the page for choosing facilitators shows.

    `common` holds of every pair that is shown. `no_pair` says why none is valid and what would help; `kept` has accepted,
    and every pair of `pairs` is with them. `everybody` then stand as their partners; where nobody fits with them, as
    if nobody had accepted.
    """

    pairs: tuple[PairShown, ...]
    common: tuple[str, ...]
    no_pair: tuple[str, ...]
    everybody: tuple[Standing, ...]
    kept: PersonShown | None
    seed: int


def ranking_for(work: Work, request: Request, *, limit: int = SHOWN, seed: int = 0) -> Choice:
    """Return the best pairs for a request with their reasons, and how everybody else stands.

    For a repeat the pair of the first request about the same work comes first, where it is valid for this one.
    """
    assembled = assemble(work, request)
    ranking = rank(assembled, limit=limit, seed=seed)
    led = _led_the_first(work, assembled, seed=seed)
    shown = _led_first(ranking, led, limit)
    valid = shown or assembled.kept is not None
    reasons = [still_to_ask(pair_reasons(ranking.request, pair), assembled.kept) for pair in shown]
    promised = half_days_promised(work)
    key = str(request.id)
    # With one pair alone there is nothing to tell it from.
    common = [one for one in reasons[0] if all(one in other for other in reasons)] if len(reasons) > 1 else []
    return Choice(
        pairs=tuple(
            _shown(
                assembled,
                pair,
                n,
                [one for one in reasons[n - 1] if one not in common],
                first=(
                    *([_LED_THE_FIRST] if pair is led else []),
                    *(
                        []
                        if promised.leaves_room({key: pair.score.pair}, {key: pair.common_slots})
                        else [NO_HALF_DAY_LEFT]
                    ),
                ),
            )
            for n, pair in enumerate(shown, 1)
        ),
        common=tuple(said(one, assembled.names) for one in common),
        no_pair=() if valid else _no_pair(assembled, seed),
        everybody=_everybody(assembled, ranking, seed),
        kept=_person(assembled, str(assembled.kept)) if assembled.kept else None,
        seed=seed,
    )


def doubts_about(work: Work, request: Request, person_id: uuid.UUID) -> Standing | None:
    """Return how somebody stands for a request wherever it is on its way, if something about them can be cleared; else None."""
    members = without_load(work, [person_id])
    for member in members:
        rules, doubts = standing_of(work, request, members, organisations_of(work))[person_id]
        if doubts:
            facts = in_checking_order(rules - {Rule.UNRESOLVED_DOUBT})
            return Standing(
                PersonShown(person_id, member.name, member.agency),
                (*map(rule_in_words, facts), *_in_words(doubts)),
                excluded=True,
                doubts=tuple(sorted(doubts)),
            )
    return None


def rank(assembled: Assembled, *, limit: int = SHOWN, seed: int = 0) -> Ranking:
    """Rank the pairs of a request; where somebody has accepted already, only pairs with them."""
    request_id = str(assembled.request.id)
    if assembled.kept is None:
        return rank_pairs(assembled.problem, request_id, limit=limit, seed=seed)
    pairs = pairs_with(assembled.problem, request_id, str(assembled.kept), limit=limit, seed=seed)
    return Ranking(assembled.problem.request(request_id), pairs, seed)


def place_shown(work: Work, assembled: Assembled, people: Collection[str], *, seed: int) -> int | None:
    """Return the place of two people among the pairs that `ranking_for` shows, from 1; None where they are not among them."""
    led = _led_the_first(work, assembled, seed=seed)
    shown = [_ids(pair) for pair in _led_first(rank(assembled, limit=SHOWN, seed=seed), led, SHOWN)]
    return shown.index(set(people)) + 1 if set(people) in shown else None


def _led_first(ranking: Ranking, led: RankedPair | None, limit: int) -> tuple[RankedPair, ...]:
    if led is None:
        return ranking.pairs
    return (led, *(pair for pair in ranking.pairs if _ids(pair) != _ids(led)))[:limit]


def _led_the_first(work: Work, assembled: Assembled, *, seed: int) -> RankedPair | None:
    """Return the pair that agreed to facilitate the first request about the same work, if it is valid here."""
    first_id = assembled.request.previous_request_id
    keys = [str(one) for one in agreed_facilitators(work, first_id)] if first_id else []
    kept = assembled.kept is None or str(assembled.kept) in keys
    if not (keys and kept and assembled.members.keys() >= set(keys)):
        return None
    request_id = str(assembled.request.id)
    pairs = pairs_with(assembled.problem, request_id, keys[0], limit=len(assembled.members), seed=seed)
    return next((pair for pair in pairs if _ids(pair) == set(keys)), None)


def _ids(pair: RankedPair) -> set[str]:
    return {pair.first.id, pair.second.id}


def _no_pair(assembled: Assembled, seed: int) -> tuple[str, ...]:
    found = explain_no_pair(assembled.problem, str(assembled.request.id), seed=seed)
    return no_pair_in_words(found, assembled.names)


def _everybody(assembled: Assembled, ranking: Ranking, seed: int) -> tuple[Standing, ...]:
    """Say how everybody stands: beside who has accepted, where somebody fits with them, otherwise for the request."""
    if assembled.kept is not None and ranking.pairs:
        key = str(assembled.kept)
        standings = [Standing(_person(assembled, key), (_HAS_ACCEPTED,), excluded=False, doubts=())]
        found = explain_partners(assembled.problem, ranking, key)
    else:
        best = rank_pairs(assembled.problem, str(assembled.request.id), limit=1, seed=seed)
        standings, found = [], explain_pool(assembled.problem, best)
    for standing in found:
        key = standing.facilitator_id
        words = _with_numbers(assembled, key, person_in_words(standing, assembled.names))
        doubts = tuple(sorted(assembled.doubts[key]))
        standings.append(
            Standing(
                _person(assembled, key),
                (*words, *_in_words(doubts)),
                excluded=standing.pair is None and standing.partners_removed is None,
                doubts=doubts,
            )
        )
    return tuple(standings)


def _with_numbers(assembled: Assembled, key: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Say beside "no sessions left" of which quarter, and what the person has taken on in it."""
    plain = rule_in_words(Rule.CAPACITY)
    full = f"no sessions left in {quarter_in_words(assembled.last_day)}: {assembled.taken[key].in_words}"
    return tuple(full if one == plain else one for one in words)


def _in_words(doubts: Iterable[PossibleConnection]) -> list[str]:
    """Say each kind of doubt once, however many people it is about."""
    return [doubt_in_words(kind) for kind in sorted({one.doubt for one in doubts})]


def _shown(
    assembled: Assembled, pair: RankedPair, place: int, reasons: Sequence[Reason], *, first: tuple[str, ...]
) -> PairShown:
    leading = sorted(
        (reason for reason in reasons if reason.kind in _FIRST), key=lambda reason: _FIRST.index(reason.kind)
    )
    members = (_person(assembled, pair.first.id), _person(assembled, pair.second.id))
    one, other = sorted(members, key=lambda one: one.name.casefold())
    return PairShown(
        place,
        one,
        other,
        (*first, *(said(reason, assembled.names) for reason in leading[:_SHORT])),
        (*first, *(said(reason, assembled.names) for reason in reasons)),
    )


def _person(assembled: Assembled, key: str) -> PersonShown:
    member = assembled.members[key]
    return PersonShown(member.person_id, member.name, member.agency)
