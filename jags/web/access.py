"""Access rules: every view carries exactly one, and the application does not start with a view that has none.

A rule admits a request before the view runs: it resolves the actor, inside the view's unit of work.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, redirect, request, url_for

from jags.accounts.model import Link, SignedInSession
from jags.accounts.queries import (
    LiveLink,
    actor_of,
    actor_of_link,
    contact_of,
    factors_of,
    find_begun_session,
    find_signed_in_session,
    get_link,
)
from jags.accounts.rules import (
    LINK_PATHS,
    PROOF_FRESH,
    PROOF_TO_SEND,
    SESSION_LONGEST,
    Permission,
    Purpose,
)
from jags.evaluation.queries.keys import find_key
from jags.extensions import csrf
from jags.kernel.errors import LinkNotValid, NotAllowed
from jags.kernel.work import Work
from jags.web.guesses import Guesses
from jags.web.identity import SignedIn

View = TypeVar("View", bound=Callable[..., Any])
LINK_COOKIE = "jags_link"


class SignInNeeded(Exception):
    """A form was sent by somebody whose session has ended; the page keeps what was typed."""


class ProofNeeded(Exception):
    """A form was sent by somebody whose second step is too long ago for it; the page keeps what was typed."""


class KeyNeeded(Exception):
    """A program asked for figures without a key, or with one that nobody knows."""


class AccessRuleMissing(Exception):
    """A view has no access rule, or more than one; or it hands out a file and does not say to whom."""


@dataclass(frozen=True)
class Rule:
    """What a view asks of whoever calls it; `describe` names it in the matrix of routes."""

    describe: str
    admit: Callable[[Work], Response | None]
    knows_accounts: bool = True
    fresh: bool = False


def for_everybody_let_in(why: str) -> Callable[[View], View]:
    """Let a view hand out a file without the second step taken again, because of what the file is."""

    def mark(view: View) -> View:
        view.file_for_everybody = why  # type: ignore[attr-defined] # The mark that `refuse_unlisted_export` reads.
        return view

    return mark


def refuse_unlisted_export(view: Callable[..., Any], response: Response) -> None:
    """Raise `AccessRuleMissing` when a view hands out a file, and neither asks for the second step nor says why it need not."""
    rule = rule_of(view)
    is_page = response.mimetype in {"text/html", "application/json"}
    if (is_page and "Content-Disposition" not in response.headers) or (rule is not None and rule.fresh):
        return
    if not getattr(view, "file_for_everybody", ""):
        raise AccessRuleMissing(f"{view.__name__} hands out a file and is no listed export")


def requires(*permissions: Permission, fresh: bool = False) -> Callable[[View], View]:
    """Admit accounts with a permission, or with any of several; send others to sign in, or refuse them.

    `fresh` asks for the second step again when it was not just taken: for exports, roles and what unmasks somebody.
    """

    def admit(work: Work) -> Response | None:
        signed_in = _sign_in(work)
        if signed_in is None:
            return _to_sign_in()
        if not any(map(work.actor.can, permissions)):
            raise NotAllowed
        return _to_prove_again(work, signed_in) if fresh else None

    words = f"permission {' or '.join(permissions)}"
    return _rule(Rule(f"{words}, second step just taken" if fresh else words, admit, fresh=fresh))


def requires_sign_in(view: View) -> View:
    """Admit every account."""
    return _rule(Rule("signed in", lambda work: None if _sign_in(work) else _to_sign_in()))(view)


def requires_fresh_sign_in(view: View) -> View:
    """Admit every account that has just taken the second step: for what opens the account to others, or ends where it is signed in."""

    def admit(work: Work) -> Response | None:
        signed_in = _sign_in(work)
        return _to_sign_in() if signed_in is None else _to_prove_again(work, signed_in)

    return _rule(Rule("signed in, second step just taken", admit, fresh=True))(view)


def requires_password(view: View) -> View:
    """Admit who has given the password and not yet taken the second step."""

    def admit(work: Work) -> Response | None:
        return None if _begun(work) else _to_sign_in()

    return _rule(Rule("password given", admit))(view)


def requires_setting_up(view: View) -> View:
    """Admit who may set up a second step: the first one after the password alone, others after the second step."""

    def admit(work: Work) -> Response | None:
        begun = _begun(work)
        if begun is not None:
            if factors_of(work, begun.account_id).count:
                return _redirect(url_for("second_step.choose"))
            return None
        signed_in = _sign_in(work)
        return _to_sign_in() if signed_in is None else _to_prove_again(work, signed_in)

    return _rule(Rule("password given and no second step yet, or second step just taken", admit))(view)


def requires_link(purpose: Purpose) -> Callable[[View], View]:
    """Admit who holds a live link of a purpose: its secret lies in a cookie scoped to the page's path."""

    def admit(work: Work) -> None:
        view_args = request.view_args or {}
        secret = request.cookies.get(LINK_COOKIE, "")
        if not secret:
            raise LinkNotValid
        g.link = get_link(work, link_id=view_args["link_id"], secret=secret, purpose=purpose)
        work.as_actor(actor_of_link(g.link))

    return _rule(Rule(f"link {purpose}", admit, knows_accounts=False))


def requires_ticket(view: View) -> View:
    """Admit whoever posts: no actor, no cookie, no trace; the ticket itself is checked by the service."""
    csrf.exempt(view)
    return _rule(Rule("ticket", lambda _work: None, knows_accounts=False))(view)


def requires_figures_key(view: View) -> View:
    """Admit a program with a key to released figures, as a bearer token or as the password of basic authentication; no cookie counts."""

    def admit(work: Work) -> None:
        here, guesses = request.remote_addr or "", _key_guesses()
        guesses.refuse_many(here, today=work.today)
        secret = _key_sent()
        if not secret:
            raise KeyNeeded
        key = find_key(work, secret)
        if key is None:
            guesses.note(here, today=work.today)
            raise KeyNeeded
        if not key.works_on(work.today):
            raise NotAllowed("This key has ended. Ask the Business Unit for a new one.")

    return _rule(Rule("figures key", admit, knows_accounts=False))(view)


def public(view: View) -> View:
    """Admit everybody; who is signed in is known to the page."""

    def admit(work: Work) -> None:
        _sign_in(work)

    return _rule(Rule("public", admit))(view)


def recognise(work: Work) -> None:
    """Know who is signed in on a page that came about before the access rule of its view, or without a view.

    Nobody is known where the view would not ask: who came by a link or a ticket stays who they are by it.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    rule = rule_of(view) if view is not None else None
    if rule is None or rule.knows_accounts:
        _sign_in(work)


def rule_of(view: Callable[..., Any]) -> Rule | None:
    """Return the access rule of a view."""
    return getattr(view, "access_rule", None)


def check_rules(app: Flask) -> None:
    """Raise `AccessRuleMissing` when a view has no rule."""
    for endpoint, view in app.view_functions.items():
        if endpoint != "static" and rule_of(view) is None:
            raise AccessRuleMissing(f"{endpoint} has no access rule")


def current_link() -> LiveLink:
    """Return the link by which somebody came."""
    link: LiveLink = g.link
    return link


def set_link_cookie(response: Response, link: Link | LiveLink, secret: str) -> None:
    """Keep a link's secret in a cookie that goes to the pages of its purpose only."""
    age = None if link.expires_at is None else int((link.expires_at - link.issued_at).total_seconds())
    response.set_cookie(
        LINK_COOKIE,
        secret,
        path=link_path(link),
        max_age=age,
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
    )


def link_path(link: Link | LiveLink) -> str:
    """Return the path under which the pages of a link live."""
    return f"{LINK_PATHS[link.purpose]}/{link.id}"


def session_cookie_name() -> str:
    """Return the name of the sign-in cookie; the prefix binds it to this host where pages are secure."""
    return "__Host-jags" if current_app.config["SESSION_COOKIE_SECURE"] else "jags_signed_in"


def current_session() -> SignedInSession:
    """Return the session of whoever is signed in, or is about to be."""
    session: SignedInSession = g.session_row
    return session


def safe_next(target: str, *, start: str) -> str:
    """Return a local path to go on to, or where the person starts; never an address of another site."""
    # A browser drops tabs and line breaks and reads a backslash as a slash, so either may hide another site.
    clean = not any(ord(c) < 32 or c == "\\" for c in target)  # noqa: PLR2004 - Control characters.
    return target if clean and target.startswith("/") and not target.startswith("//") else start


def _rule(rule: Rule) -> Callable[[View], View]:
    def mark(view: View) -> View:
        if rule_of(view) is not None:
            raise AccessRuleMissing(f"{view.__name__} has more than one access rule")
        view.access_rule = rule  # type: ignore[attr-defined] # The mark that check_rules reads.
        return view

    return mark


def _sign_in(work: Work) -> SignedIn | None:
    secret = request.cookies.get(session_cookie_name(), "")
    session = find_signed_in_session(work, secret) if secret else None
    if session is None or session.proved_at is None:
        return None
    work.as_actor(actor_of(session.account, now=work.now))
    g.session_row = session
    g.signed_in = SignedIn(
        account_id=session.account_id,
        session_id=session.id,
        name=contact_of(work, session.account.person).name,
        permissions=work.actor.permissions,
        last_seen_at=session.last_seen_at,
        ends_at=session.started_at + SESSION_LONGEST,
        proved_at=session.proved_at,
    )
    found: SignedIn = g.signed_in
    return found


def _begun(work: Work) -> SignedInSession | None:
    secret = request.cookies.get(session_cookie_name(), "")
    g.session_row = find_begun_session(work, secret) if secret else None
    found: SignedInSession | None = g.session_row
    return found


def _to_sign_in() -> Response:
    if request.method != "GET":
        raise SignInNeeded
    return _redirect(url_for("accounts.sign_in_page", next=_wanted()))


def _to_prove_again(work: Work, signed_in: SignedIn) -> Response | None:
    since = work.now - signed_in.proved_at
    if request.method == "GET":
        return None if since <= PROOF_FRESH else _redirect(url_for("second_step.again", next=_wanted()))
    if since > PROOF_TO_SEND:
        raise ProofNeeded
    return None


def _key_sent() -> str:
    given = request.authorization
    if given is None:
        return ""
    return (given.token if given.type == "bearer" else given.get("password")) or ""


def _key_guesses() -> Guesses:
    too_many = "Too many keys that nobody knows have come from your network today. Try again tomorrow."
    found: Guesses = current_app.extensions.setdefault("jags_key_guesses", Guesses(too_many))
    return found


def _wanted() -> str:
    return request.full_path.rstrip("?")


def _redirect(target: str) -> Response:
    response: Response = redirect(target, code=303)  # type: ignore[assignment] # Flask's own response class.
    return response
