"""Make an evidence pack for an inspection: one person can, and that it was made is recorded before it is handed out."""

import secrets
from dataclasses import replace

from jags.evaluation.policy import require_writing
from jags.evaluation.queries.pack import pack
from jags.evaluation.render.formats import write_document
from jags.evaluation.render.pack import pack_archive, pack_document
from jags.evaluation.rules import Period
from jags.evaluation.rules.document import CopyFor, Format
from jags.evaluation.rules.pack import SEED_MOST
from jags.evaluation.service.ledger import as_outside
from jags.evaluation.service.releasing import reader_name
from jags.kernel.work import Work


def make_pack(work: Work, period: Period, *, seed: int | None = None, archive: bool = False) -> bytes:
    """Return the evidence pack of a period as a PDF, or as an archive with every format; it carries who made it and when.

    `seed` draws the same sample of timelines again.
    """
    require_writing(work.actor)
    if seed is None:
        seed = secrets.randbelow(SEED_MOST + 1)
    found = pack(work, period, seed)
    document = pack_document(replace(found, gathered=as_outside(work, found.gathered)))
    copy = CopyFor(reader_name(work), work.now)
    written = pack_archive(document, copy) if archive else write_document(document, Format.PDF, copy)
    work.begin_writing()
    work.record(
        "report:pack_made",
        "evidence_pack",
        from_on=str(period.from_on),
        to_on=str(period.to_on),
        seed=seed,
        format="zip" if archive else "pdf",
    )
    return written
