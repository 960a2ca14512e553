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
# One page for a group: less room around everything, and letters that can still be read.
_ONE_PAGE = """
@page { margin: 12mm 15mm 17mm; }
html { font-size: 8pt; line-height: 1.25; }
body, p { margin-block: 0.3rem; }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.2rem; margin: 0.7em 0 0.2em; padding-top: 0.3em; border-top-width: 1px; }
h3 { font-size: 1rem; margin: 0.5em 0 0.1em; }
th, td { padding-block: 0.06rem; }
caption { padding: 0.1rem 0; }
.report-table { margin: 0.3rem 0 0.5rem; }
.report-caution, .report-recommendation, blockquote { margin: 0.4rem 0; padding-block: 0.1rem; }
ul { margin: 0.2rem 0; }
"""


def pdf_file(document: Document, copy: CopyFor | None = None) -> bytes:
    """Return a report as PDF/UA, with title, language, headings, table headers and what its charts show in words."""
    from weasyprint import HTML  # noqa: PLC0415 - It loads slowly, and little else needs it.

    told = standing(document) + (f". {copy_in_words(copy)}" if copy else "")
    css = _PAGES.format(told=_css_text(told)) + (_ONE_PAGE if document.one_page else "")
    html = html_page(document, copy, more_css=css)
    written: bytes = HTML(string=html, url_fetcher=_nothing).write_pdf(pdf_variant="pdf/ua-1")
    return written


def _nothing(_url: str) -> dict[str, object]:
    raise ValueError("a report fetches nothing from elsewhere")


def _css_text(text: str) -> str:
    """Return a text as a string of a style sheet that ends nothing else, whatever is in it."""
    return '"' + "".join(c if c.isalnum() or c in " .," else f"\\{ord(c):x} " for c in text) + '"'
