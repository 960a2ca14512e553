"""The tables of evaluation: the promotion log, reports, and the ledger of what releases count."""

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
    "LedgerBlock",
    "LedgerEntry",
    "Promotion",
    "Report",
    "ReportBlock",
    "ReportQuestion",
    "ReportReader",
    "ReportTable",
]
