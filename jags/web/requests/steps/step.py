"""What a step is: its words, its form, what it does, and when it can be taken."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import MOVES, State, Verb

Act = Callable[[Work, UUID, Any], object]
NOTHING: Mapping[str, Any] = MappingProxyType({})

ENDED = MOVES[Verb.REOPEN][0]
ANY = frozenset(State) - {State.DRAFT}


@dataclass(frozen=True)
class Quietly:
    """What a step says where no e-mail goes to the requester: to who has no address, they are told by telephone."""

    intro: str
    button: str
    done: str


@dataclass(frozen=True)
class Step:
    """One step; `send` are the words of the button that sends what it tells people, empty where it tells nobody."""

    title: str
    button: str
    done: str
    form: Callable[..., Any]
    act: Act
    states: frozenset[State]
    intro: str = ""
    kind: str = ""
    send: str = ""
    # The words where the requester has no e-mail address; None for a step that does not write to them.
    quietly: Quietly | None = None
    # Among which others the page lists it: Decide, Keep, End, Pause; empty where another part of the page leads to it.
    group: str = "Keep"
    # Whether the step is about the pause: True is offered while paused only, False while not paused only.
    when_paused: bool | None = None
    # Whether there is anything on the request to which the step applies.
    applies: Callable[[Work, Request], object] = lambda _work, _request: True
    # What the form is filled with first, and what else it is made with.
    values: Callable[[Work, Request], Mapping[str, Any]] = lambda _work, _request: NOTHING
    options: Callable[[Work, Request], Mapping[str, Any]] = lambda _work, _request: NOTHING

    # What of the form cannot be taken as things stand; it is shown together with what the form itself finds.
    problems: Callable[[Work, Request, Any], Iterable[Invalid]] = lambda _work, _request, _form: ()

    def possible(self, work: Work, request: Request) -> bool:
        """Tell whether the step can be taken now."""
        return (
            request.state in self.states
            and self.when_paused in {None, request.paused}
            and bool(self.applies(work, request))
        )

    def intro_for(self, request: Request) -> str:
        """Return what the step says of itself first."""
        return self.quietly.intro if self.quietly and not reachable(request) else self.intro

    def button_for(self, request: Request) -> str:
        """Return the words of the button of the step's form."""
        return self.quietly.button if self.quietly and not reachable(request) else self.button

    def send_for(self, *, leaves: bool) -> str:
        """Return the words of the button below the letters; `leaves` tells whether any of them leaves at once."""
        return self.send if leaves or self.quietly is None else self.quietly.button

    def done_for(self, request: Request) -> str:
        """Return what is said when the step is taken."""
        return self.quietly.done if self.quietly and not reachable(request) else self.done

    def accepts(self, work: Work, request: Request, form: Any) -> bool:
        """Tell whether a form that was sent can be taken; otherwise everything that is wrong stands in it, at once."""
        valid = bool(form.validate_on_submit())
        problems = tuple(self.problems(work, request, form)) if form.is_submitted() else ()
        for problem in problems:
            if problem.field not in form or not form[problem.field].errors:
                form.attach(problem)
        return valid and not problems

    def form_for(self, work: Work, request: Request) -> Any:
        """Return the step's form for a request, with the version that it is shown."""
        values = {"version": request.version, **self.values(work, request)}
        return self.form(data=values, **self.options(work, request))


def reachable(request: Request) -> bool:
    """Tell whether mail reaches the requester."""
    return request.requester_email_index is not None


def leaving(verb: Verb) -> frozenset[State]:
    """Return the states that a verb leaves."""
    return MOVES[verb][0]
