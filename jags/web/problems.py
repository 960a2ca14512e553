"""What goes wrong, told to a program: problem details as JSON (RFC 9457)."""

from http import HTTPStatus

from flask import Response, current_app, request

API = "/api/"
PROBLEM_TYPE = "application/problem+json"


def asked_by_program() -> bool:
    """Tell whether the address that was asked for is one for programs."""
    return request.path.startswith(API)


def problem(status: int, detail: str) -> Response:
    """Return what went wrong; it names nothing of what was sent."""
    words = HTTPStatus(status).phrase
    told = {"type": "about:blank", "title": words, "status": status, "detail": detail or words}
    answer = Response(current_app.json.dumps(told), status=status, content_type=PROBLEM_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Basic realm="JAGS figures", charset="UTF-8"'
        answer.headers.add("WWW-Authenticate", 'Bearer realm="JAGS figures"')
    return answer
