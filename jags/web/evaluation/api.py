"""Released figures for programs such as Power BI and Excel: read-only, with a key, as JSON or CSV (docs/adr/0026-figures-api.md)."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify, request

from jags.evaluation.model import Report
from jags.evaluation.queries.released import public_rows, release_row, released_within
from jags.evaluation.queries.reports import get_released
from jags.evaluation.render.rows import rows_file
from jags.evaluation.rules.rows import FigureRow, ReleaseRow
from jags.kernel.errors import Invalid
from jags.web.access import for_everybody_let_in, public, requires_figures_key
from jags.web.evaluation.openapi import answers, openapi_document
from jags.web.unit_of_work import current_work

blueprint = Blueprint("figures_api", __name__, url_prefix="/api")
CSV_TYPE = "text/csv; charset=utf-8"
_KINDS = "<any(json, csv):file_format>"
_DATES = {
    "from": "Reports whose period begins on this London date or later",
    "to": "Reports whose period ends on this London date or earlier",
}


@blueprint.get("/openapi.json")
@public
def document() -> Response:
    """Describe the interface, as OpenAPI."""
    return jsonify(openapi_document())


@blueprint.get(f"/v1/reports.{_KINDS}")
@requires_figures_key
@for_everybody_let_in("A program has a key; what it reads is published.")
@answers(ReleaseRow, "reports", asks=_DATES)
def reports(file_format: str) -> Response:
    """List the reports that are released, the newest first."""
    return _answer(file_format, "reports", ReleaseRow, map(release_row, _asked()))


@blueprint.get(f"/v1/figures.{_KINDS}")
@requires_figures_key
@for_everybody_let_in("A program has a key; what it reads is published.")
@answers(FigureRow, "figures", asks=_DATES)
def figures(file_format: str) -> Response:
    """Give every figure of the public edition of every report that is released, a row for each cell."""
    return _answer(file_format, "figures", FigureRow, public_rows(current_work(), _asked()))


@blueprint.get(f"/v1/reports/<reference>/figures.{_KINDS}")
@requires_figures_key
@for_everybody_let_in("A program has a key; what it reads is published.")
@answers(FigureRow, "figures")
def figures_of_report(reference: str, file_format: str) -> Response:
    """Give every figure of the public edition of one report that is released."""
    work = current_work()
    return _answer(file_format, "figures", FigureRow, public_rows(work, [get_released(work, reference)]))


def _asked() -> list[Report]:
    """Return the released reports of the dates that were asked for."""
    return released_within(current_work(), from_on=_day("from"), to_on=_day("to"))


def _day(name: str) -> date | None:
    text = request.args.get(name)
    if text is None:
        return None
    with suppress(ValueError):
        day = date.fromisoformat(text)
        # Python reads other ways of writing a date as well, which are not described.
        if day.isoformat() == text:
            return day
    raise Invalid(f"Write “{name}” as a date, such as 2026-04-01.", field=name)


def _answer(file_format: str, name: str, kind: type[Any], rows: Iterable[Any]) -> Response:
    if file_format == "csv":
        return Response(
            rows_file(kind, rows),
            content_type=CSV_TYPE,
            headers={"Content-Disposition": f'attachment; filename="jags-{name}.csv"'},
        )
    found = [
        {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(row).items()}
        for row in rows
    ]
    return jsonify({name: found})
