"""Write a report as tagged PDF (PDF/UA-1), made from the HTML; the same document gives the same bytes."""

from jags.evaluation.render.html import html_page
from jags.evaluation.render.wording import copy_in_words, standing
from jags.evaluation.rules.document import CopyFor, Document

# What stands at the foot of each page is said there and not read out: it is in the document, too.
_PAGES = """
@page {{
  size: A4; margin: 20mm 18mm 22mm;
  @bottom-left {{ content: {told}; font: 8pt "Liberation Sans", sans-serif; color: #4c5b5e; }}
  @bottom-right {{ content: counter(page) " of " counter(pages); font: 8pt "Liberation Sans", sans-serif; color: #4c5b5e; }}
}}
html {{ font-size: 10pt; }}
.report-table {{ overflow: visible; }}
"""


def pdf_file(document: Document, copy: CopyFor | None = None) -> bytes:
    """Return a report as PDF/UA, with title, language, headings, table headers and what its charts show in words."""
    from weasyprint import HTML  # noqa: PLC0415 - It loads slowly, and little else needs it.

    told = standing(document) + (f". {copy_in_words(copy)}" if copy else "")
    html = html_page(document, copy, more_css=_PAGES.format(told=_css_text(told)))
    written: bytes = HTML(string=html, url_fetcher=_nothing).write_pdf(pdf_variant="pdf/ua-1")
    return written


def _nothing(_url: str) -> dict[str, object]:
    raise ValueError("a report fetches nothing from elsewhere")


def _css_text(text: str) -> str:
    """Return a text as a string of a style sheet that ends nothing else, whatever is in it."""
    return '"' + "".join(c if c.isalnum() or c in " .," else f"\\{ord(c):x} " for c in text) + '"'
