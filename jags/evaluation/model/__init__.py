"""The tables of evaluation: the promotion log, reports, the ledger of what releases count, and keys to released figures."""

from jags.evaluation.model.keys import FiguresKey
from jags.evaluation.model.promotion import Promotion
from jags.evaluation.model.reports import (
    LedgerBlock,
    LedgerEntry,
    Report,
    ReportBlock,
    ReportQuestion,
    ReportReader,
    ReportTable,
)

__all__ = [
    "FiguresKey",
    "LedgerBlock",
    "LedgerEntry",
    "Promotion",
    "Report",
    "ReportBlock",
    "ReportQuestion",
    "ReportReader",
    "ReportTable",
]
