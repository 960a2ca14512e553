"""Tell figures as a document for machines and as lines for a terminal; what was not recorded is `:`, never zero."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from jags.evaluation.rules import Count, Feedback, Figures, Funnel, Later, Pairs, Stage, TakingPart, Wait
from jags.evaluation.rules.document import NOT_RECORDED

STAGE_WORDS: dict[Stage, str] = {
    Stage.DECIDED: "From received to a decision",
    Stage.FACILITATORS_AGREED: "From accepted to facilitators agreed",
    Stage.HELD_AFTER_AGREED: "From facilitators agreed to held",
    Stage.HELD_AFTER_RECEIVED: "From received to held",
}


def figures_document(figures: Figures) -> dict[str, Any]:
    """Return the figures as values that JSON can hold; the counts of the selection stand at the top."""
    return {
        "from": figures.period.from_on.isoformat(),
        "to": figures.period.to_on.isoformat(),
        "by": figures.by.value,
        "transitional": figures.transitional,
        "locality": figures.locality,
        **asdict(figures.funnel),
        "not_proceeded_by": _counts(figures.not_proceeded_by),
        "waits_in_days": {
            w.stage.value: {"n": w.n, "median": NOT_RECORDED if w.median is None else w.median}
            for w in figures.waits
        },
        "agencies_requesting": {**_counts(figures.requesting)},
        "agencies_requesting_unsettled": figures.requesting_unsettled,
        "facilitators": {
            "pairs_agreed": figures.pairs.agreed,
            "of_two_agencies": figures.pairs.two_agencies,
            "agreed_exceptions": _counts(figures.pairs.exceptions),
        },
        "agencies_taking_part": _taking_part(figures.taking_part),
        "feedback": _feedback(figures),
        "later": _later(figures.later),
        "cohorts": {
            "age_band": asdict(figures.cohorts.age_band),
            "confirmed": asdict(figures.cohorts.confirmed),
            "overlap": asdict(figures.cohorts.overlap),
            "unconfirmed": figures.cohorts.unconfirmed,
        },
    }


def figures_lines(figures: Figures) -> Iterable[str]:
    """Return the figures as lines for a terminal."""
    chosen = ", transitional safeguarding confirmed" if figures.transitional else ""
    chosen += f", {figures.locality}" if figures.locality else ""
    yield f"Requests {figures.by.value} from {figures.period.from_on} to {figures.period.to_on}{chosen}"
    yield ""
    for label, number in _funnel_rows(figures.funnel):
        yield _line(label, number)
    yield from _section("Not proceeded", [(c.label, c.number) for c in figures.not_proceeded_by])
    yield from _section(
        "Waiting times: median days", [(STAGE_WORDS[w.stage], wait_text(w)) for w in figures.waits]
    )
    yield from _section(
        "Agencies requesting", _with_unsettled(figures.requesting, figures.requesting_unsettled)
    )
    yield from _section("Two facilitators", pair_rows(figures.pairs))
    yield from _section("Sessions in which agencies took part", _taking_part_rows(figures.taking_part))
    yield from _section("Feedback", _feedback_rows(figures))
    yield from _section("Some weeks later", _later_rows(figures.later))
    cohorts = figures.cohorts
    yield from _section(
        "Transitional safeguarding, of all requests of the period",
        [
            ("By age band 16 to 25", cohorts.age_band.received),
            ("Confirmed by the Business Unit", cohorts.confirmed.received),
            ("In both", cohorts.overlap.received),
            ("Suggested, not yet confirmed", cohorts.unconfirmed),
        ],
    )


def hidden_text(feedback: Feedback | Later, n: int) -> str:
    """Return what stands in place of an opinion of `n` answers that is hidden."""
    if n >= feedback.least:
        return "hidden: beside all answers it could tell what the others said"
    return f"hidden: fewer than {feedback.least} answers"


def wait_text(wait: Wait) -> str:
    """Return a median in days with how many it is of."""
    return NOT_RECORDED if wait.median is None else f"{wait.median:g} (n = {wait.n})"


def counted_text(part: TakingPart) -> str:
    """Return the agencies of imported sessions, which carry a number and no names."""
    if part.counted_least is None:
        return NOT_RECORDED
    if part.counted_least == part.counted_most:
        return str(part.counted_least)
    return f"{part.counted_least} to {part.counted_most}"


def pair_rows(pairs: Pairs) -> list[tuple[str, object]]:
    """Return the pairs that agreed, those of two agencies, and each rule that was set aside; nothing without a pair."""
    if not pairs.agreed:
        return []
    return [
        ("Of two agencies, of pairs that agreed", f"{pairs.two_agencies} of {pairs.agreed}"),
        *((f"Agreed exception: {one.label}", one.number) for one in pairs.exceptions),
    ]


def _counts(counts: Iterable[Count]) -> dict[str, int]:
    return {c.label: c.number for c in counts}


def _taking_part(part: TakingPart) -> dict[str, Any]:
    return {
        "sessions": part.sessions,
        "sessions_named": part.sessions_named,
        "agencies": _counts(part.agencies) if part.sessions_named else NOT_RECORDED,
        "unsettled": part.unsettled,
        "sessions_counted_only": part.sessions_counted,
        "counted": counted_text(part),
        "earlier_feedback_forms": NOT_RECORDED if part.earlier_forms is None else part.earlier_forms,
    }


def _feedback(figures: Figures) -> dict[str, Any]:
    feedback = figures.feedback
    return {
        "answers": feedback.answers,
        "invited": feedback.invited,
        "sessions": feedback.sessions,
        "answers_with_earlier_sessions": feedback.moved_in,
        "answers_counted_later": feedback.moved_out,
        "rounds_open": feedback.still_open,
        "rounds_sealed": feedback.waiting,
        "hidden": feedback.hidden,
        "agreed": {
            o.item: {"statement": o.words, "n": o.n, "agreed": o.band}
            if o.band
            else {"statement": o.words, "agreed": hidden_text(feedback, o.n)}
            for o in feedback.opinions
        },
    }


def _later(later: Later) -> dict[str, Any]:
    return {
        "answers": later.answers,
        "invited": later.invited,
        "sessions": later.sessions,
        "hidden": later.hidden,
        "told": {
            line.item: {"words": line.words, "n": line.n, "told": line.told}
            if line.told
            else {"words": line.words, "told": hidden_text(later, line.n)}
            for line in later.lines
        },
    }


def _later_rows(later: Later) -> list[tuple[str, object]]:
    if later.hidden:
        return [("Answers", "fewer than may be shown"), (later.hidden, "")]
    rows: list[tuple[str, object]] = [("Answers, of people asked", f"{later.answers} of {later.invited}")]
    return rows + [
        (line.words, f"{line.told} (n = {line.n})" if line.told else hidden_text(later, line.n))
        for line in later.lines
    ]


def _funnel_rows(funnel: Funnel) -> list[tuple[str, int]]:
    return [
        ("Received", funnel.received),
        ("Proceeded", funnel.proceeded),
        ("  of these held", funnel.held),
        ("Not proceeded", funnel.not_proceeded),
        ("Undecided", funnel.undecided),
    ]


def _taking_part_rows(part: TakingPart) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = [*_with_unsettled(part.agencies, part.unsettled)]
    rows.append(("Sessions with agencies recorded by name", f"{part.sessions_named} of {part.sessions}"))
    if part.sessions_counted:
        rows.append(("Sessions with a number of agencies only", part.sessions_counted))
        rows.append(("  agencies in each", counted_text(part)))
    return rows


def _with_unsettled(counts: Iterable[Count], unsettled: int) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = [(c.label, c.number) for c in counts]
    return [*rows, ("Agency not settled yet", unsettled)] if unsettled else rows


def _feedback_rows(figures: Figures) -> list[tuple[str, object]]:
    feedback = figures.feedback
    if feedback.hidden:
        return [("Answers", "fewer than may be shown"), (feedback.hidden, "")]
    rows: list[tuple[str, object]] = [
        ("Answers, of people asked", f"{feedback.answers} of {feedback.invited}")
    ]
    return rows + [
        (o.words, f"{o.band} agreed (n = {o.n})" if o.band else hidden_text(feedback, o.n))
        for o in feedback.opinions
    ]


def _section(title: str, rows: Iterable[tuple[str, object]]) -> Iterable[str]:
    yield ""
    yield title
    empty = True
    for label, value in rows:
        empty = False
        yield _line(f"  {label}", value)
    if empty:
        yield f"  {NOT_RECORDED}"


def _line(label: str, value: object) -> str:
    return f"{label:<58} {value}".rstrip()
