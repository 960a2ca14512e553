"""Words that stand in every text about a case, so that a test can look for them wherever they must not appear."""

import dataclasses
import io
import zipfile
from datetime import timedelta

import pikepdf
from sqlalchemy import select
from werkzeug.test import TestResponse

from jags.feedback.model import RequesterAccount
from jags.feedback.rules import WhatFollowed
from jags.kernel.work import Work
from jags.quality.model import AgencyReturn, AuditedSession, FacilitatorReflection, Observation
from jags.quality.rules.auditing import PanelView, Return
from jags.quality.rules.observation import Notes
from jags.quality.rules.reflections import ForBoth, Reflection
from jags.requests.model import LegalCheck, NetworkMember, Request, RequesterChange, RequestMove, RequestNote
from jags.requests.rules import (
    CaseDetail,
    LegalKind,
    LegalOutcome,
    NetworkContact,
    Note,
    RequesterContact,
)
from jags.requests.rules.documents import LegalConversation, MoveNote

# Nothing that the software itself says begins like this.
MARK = "Xanthocanary"
# What is written about the child, the work and the people around them, each with the document that it lies in.
SEALED = (
    (Request, "detail", CaseDetail),
    (Request, "contact", RequesterContact),
    (NetworkMember, "contact", NetworkContact),
    (RequesterChange, "former", RequesterContact),
    (RequestMove, "note", MoveNote),
    (RequestNote, "note", Note),
    (LegalCheck, "conversation", LegalConversation),
    (RequesterAccount, "account", WhatFollowed),
    (AuditedSession, "panel", PanelView),
    (AgencyReturn, "return", Return),
    (FacilitatorReflection, "reflection", Reflection),
    (FacilitatorReflection, "both", ForBoth),
    (Observation, "notes", Notes),
)


def fill_with_canaries(work: Work) -> int:
    """Write the mark into every field of text about every case, and return into how many documents."""
    for request in work.session.scalars(select(Request)).all():
        beside = {"key_id": request.key_id, "request_id": request.id}
        work.session.add(RequestNote(author_id=None, at=work.now, **beside))
        work.session.add(
            LegalCheck(
                kind=next(iter(LegalKind)),
                outcome=next(iter(LegalOutcome)),
                spoken_on=work.today - timedelta(days=1),
                at=work.now,
                actor_ref="test",
                **beside,
            )
        )
        work.session.add(RequesterAccount(told_at=work.now, **beside))
    work.session.flush()
    number = 0
    for table, document, kind in SEALED:
        for row in work.session.scalars(select(table)).all():
            text = {
                one.name: f"{MARK} {kind.__name__} {one.name}"
                for one in dataclasses.fields(kind)
                if one.type in {str, "str"} and one.name not in {"email", "grade"}
            }
            work.vault.seal(row, document, kind(**text))
            number += 1
    work.session.flush()
    return number


def everything_in(answer: TestResponse) -> str:
    """Return all that can be read in an answer: a page's text, the parts of an office file, the streams of a PDF."""
    if answer.data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
            return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    if answer.data[:4] == b"%PDF":
        with pikepdf.open(io.BytesIO(answer.data)) as pdf:
            return "".join(
                one.read_bytes().decode("latin-1") if isinstance(one, pikepdf.Stream) else repr(one)
                for one in pdf.objects
            )
    return answer.data.decode("utf-8", "replace")
