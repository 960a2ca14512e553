"""Tell what evaluation found: figures as lines and as a document, and tables as files for a spreadsheet."""

from jags.evaluation.render.figures import (
    STAGE_WORDS,
    counted_text,
    figures_document,
    figures_lines,
    hidden_text,
    pair_rows,
    wait_text,
)
from jags.evaluation.render.promotion import promotion_file, reach_text

__all__ = [
    "STAGE_WORDS",
    "counted_text",
    "figures_document",
    "figures_lines",
    "hidden_text",
    "pair_rows",
    "promotion_file",
    "reach_text",
    "wait_text",
]
