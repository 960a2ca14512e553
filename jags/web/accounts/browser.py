"""What the browser keeps of a sign-in, and what we say of the browser: its name and its system, in a few words of ours."""

from flask import Response, current_app, make_response, redirect, request

from jags.accounts.rules import DEVICE_KEPT, SESSION_LONGEST
from jags.accounts.service import SignIn, Visit
from jags.adapters.organisations import Organisations
from jags.web.access import safe_next, session_cookie_name
from jags.web.places import start_of
from jags.web.unit_of_work import current_work

# The first that is found in what a browser says of itself, because each also names those whose pages it can show.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)


def visit() -> Visit:
    """Return where the present request comes from."""
    return Visit(
        address=request.remote_addr or "",
        browser=browser_in_words(request.user_agent.string),
        device=request.cookies.get(_device_cookie_name(), ""),
    )


def browser_in_words(said: str) -> str:
    """Return a browser as "Firefox on Windows"."""
    name = next((words for mark, words in _BROWSERS if mark in said), "Another browser")
    system = next((words for mark, words in _SYSTEMS if mark in said), "")
    return f"{name} on {system}" if system else name


def organisations() -> Organisations:
    """Return the organisations whose own sign-in is taken here."""
    found: Organisations = current_app.extensions["jags_organisations"]
    return found


def go_on(signed_in: SignIn, wanted: str = "") -> Response:
    """Keep a sign-in in the browser and go on to where somebody wanted to go, or to where they start."""
    response = go_on_with(signed_in.session, wanted)
    if signed_in.device:
        _keep(response, _device_cookie_name(), signed_in.device, int(DEVICE_KEPT.total_seconds()))
    return response


def go_on_with(secret: str, wanted: str = "") -> Response:
    """Keep the secret of a session in the browser, and go on as `go_on` does."""
    target = safe_next(wanted, start=start_of(current_work().actor.permissions))
    response: Response = make_response(redirect(target, code=303))
    keep_session(response, secret)
    return response


def keep_session(response: Response, secret: str) -> None:
    """Keep the secret of a session in the browser: out of reach of scripts, and bound to this host where pages are secure."""
    _keep(response, session_cookie_name(), secret, int(SESSION_LONGEST.total_seconds()))


def _keep(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        path="/",
        max_age=seconds,
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
    )


def _device_cookie_name() -> str:
    return "__Host-jags_device" if current_app.config["SESSION_COOKIE_SECURE"] else "jags_device"
