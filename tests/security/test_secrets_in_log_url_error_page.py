"""A promise of security: no secret stands in a log, an address, an error page or a Referer."""

import base64
import logging

from factories import pages
from factories.people import link
from factories.requests import in_triage
from jags.accounts.rules import Purpose, Role

TYPED = "Kestrel-canary-4711"


def test_what_people_type_and_what_opens_pages_is_in_no_log_address_or_error(
    client, app, work_on, capfd, caplog
):
    caplog.set_level(logging.DEBUG)
    with work_on() as work:
        request_id = in_triage(work).id
        _, secret = link(work, Purpose.REQUEST_STATUS, request_id)
        master = app.extensions["jags_ports"].masters.get("master")
    account_id = pages.sign_in(client, work_on, Role.COORDINATOR)
    cookie = client.get_cookie(pages.SIGNED_IN_COOKIE).value
    addresses, bodies = [], []

    def look(answer):
        addresses.append(answer.location or "")
        addresses.append(answer.request.path if answer.request else "")
        if answer.status_code >= 400:
            bodies.append(answer.get_data(as_text=True))
        return answer

    landed = look(client.get(f"/link/{secret}"))
    # The one named exception: the link itself, which is moved to a cookie at once.
    addresses.remove(f"/link/{secret}")
    look(client.get(landed.location))
    token = pages.token(client.get("/requests/find"))
    look(client.post("/requests/find", data={"csrf_token": token, "requester": TYPED}))
    look(client.post("/sign-in", data={"csrf_token": token, "email": "a@example.org", "password": TYPED}))
    look(client.post("/requests/find", data={"csrf_token": "wrong", "requester": TYPED}))

    def fails(**_arguments):
        raise RuntimeError(f"{TYPED} {cookie} {secret}")

    kept = app.view_functions["accounts.healthz"]
    app.view_functions["accounts.healthz"] = fails
    try:
        failed = look(client.get(f"/healthz?password={TYPED}"))
    finally:
        app.view_functions["accounts.healthz"] = kept
    assert failed.status_code == 500
    secrets = {
        "cookie": cookie,
        "link": secret,
        "secret key": app.config["SECRET_KEY"],
        "master key": base64.b64encode(master).decode(),
        "token": token,
    }
    out, err = capfd.readouterr()
    logged = "\n".join([out, err, *(record.getMessage() for record in caplog.records)])
    assert "unforeseen error" in logged
    for name, value in {**secrets, "typed": TYPED, "account": str(account_id)}.items():
        assert value not in logged, name
    for name, value in {**secrets, "typed": TYPED}.items():
        assert [one for one in addresses if value in one] == [], name
    for name in ("cookie", "link", "secret key", "master key"):
        assert [one for one in bodies if secrets[name] in one] == [], name
    assert TYPED not in failed.get_data(as_text=True)
    assert failed.headers["Referrer-Policy"] == "no-referrer"
