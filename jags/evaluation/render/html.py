"""Write a report as HTML: for a page of the application, and as a file that stands alone."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from jags.evaluation.render.charts import draw
from jags.evaluation.render.wording import (
    CONTENTS,
    DEFINITIONS,
    METHOD,
    NOTHING_TO_DRAW,
    SIGNS,
    SLIDE,
    front,
    notes,
    owner_in_words,
)
from jags.evaluation.rules.document import CopyFor, Document, tables_of

# A table of so many rows stays together on a page.
_SHORT_ROWS = 16
_NO_RECORDS: Mapping[str, str] = MappingProxyType({})


def html_body(
    document: Document, copy: CopyFor | None = None, *, records: Mapping[str, str] = _NO_RECORDS
) -> Markup:
    """Return a report without its title, to stand under the title of a page.

    `records` are the addresses of the records behind a figure, by the key of its definition, for who may see them.
    """
    return Markup(_templates().get_template("body.html").render(_given(document, copy, records)))  # noqa: S704 # nosec B704 - The templates escape.


def html_sections(document: Document, *, records: Mapping[str, str] = _NO_RECORDS) -> Markup:
    """Return the sections of a document and what their figures mean, to stand on a page that says itself what it is."""
    return Markup(_templates().get_template("sections.html").render(_given(document, None, records)))  # noqa: S704 # nosec B704 - The templates escape.


def html_page(document: Document, copy: CopyFor | None = None, *, more_css: str = "") -> str:
    """Return a report as a page that stands alone; `more_css` is added to its styles."""
    css = files("jags.evaluation.render").joinpath("templates/report.css").read_text(encoding="utf-8")
    return (
        _templates()
        .get_template("page.html")
        .render(
            _given(document, copy),
            css=Markup(css + more_css),  # noqa: S704 # nosec B704 - Our own file.
            dated=document.file_dated_on.isoformat(),
        )
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("jags.evaluation.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _given(
    document: Document, copy: CopyFor | None, records: Mapping[str, str] = _NO_RECORDS
) -> dict[str, object]:
    return {
        "document": document,
        "front": front(document, copy),
        "tables": {table.key: table for table in tables_of(document)},
        "draw": draw,
        "short_rows": _SHORT_ROWS,
        "records": records,
        "notes": notes,
        "owner_in_words": owner_in_words,
        "kind_of": lambda block: type(block).__name__,
        "nothing_to_draw": NOTHING_TO_DRAW,
        "definitions_title": DEFINITIONS,
        "method_title": METHOD,
        "signs": SIGNS,
        "contents_title": CONTENTS,
        "slide": SLIDE,
    }
