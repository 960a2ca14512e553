"""The toolbox: sealed versions, and who may see what; on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from conftest import NOW, WorkOn
from factories.gatherings import PDF, package
from factories.people import account
from factories.pool import facilitator, signs_in
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from jags.kernel.sealing import SealBroken
from jags.practice.model import ToolboxEdition
from jags.practice.queries import get_document, get_edition, newest_of, open_edition, toolbox
from jags.practice.rules import Audience, DocumentKind
from jags.practice.service import (
    add_document,
    add_edition,
    change_document,
    return_document,
    withdraw_document,
)

WORD = package("word/document.xml")


@pytest.fixture
def ann(work_on: WorkOn):
    with work_on() as work:
        return signs_in(work, facilitator(work, "Ann"))


def titles(work_on, actor=None):
    with work_on(actor) as work:
        return [document.title for document in toolbox(work)]


def test_versions_are_kept_sealed_and_the_newest_is_given_to_facilitators(work_on: WorkOn, ann, clock):
    with work_on() as work:
        document = add_document(work, title=" Aide  memoire ", audience=Audience.FACILITATORS, content=PDF)
        document_id, version = document.id, document.version
    clock.instant = NOW + timedelta(days=1)
    with work_on() as work:
        add_edition(work, document_id, WORD, version=version)
        with pytest.raises(Stale):
            add_edition(work, document_id, PDF, version=version)
    with work_on(ann) as work:
        document = get_document(work, document_id)
        newest = newest_of(document)
        assert (document.title, newest.number, newest.kind, newest.size) == (
            "Aide memoire",
            2,
            DocumentKind.DOCX,
            len(WORD),
        )
        assert open_edition(work, get_edition(work, document, 2)) == WORD
        for number in (1, 3):
            with pytest.raises(NotFound):
                get_edition(work, document, number)
    with work_on() as work:
        document = get_document(work, document_id)
        assert open_edition(work, get_edition(work, document, 1)) == PDF
        first, second = work.session.scalars(select(ToolboxEdition).order_by(ToolboxEdition.number))
        assert b"made up" not in first.content_sealed
        # A version that was put in another's place does not open.
        second.content_sealed = first.content_sealed
        with pytest.raises(SealBroken):
            open_edition(work, second)


def test_who_sees_what(work_on: WorkOn, ann):
    with work_on() as work:
        add_document(work, title="Scripts", audience=Audience.FACILITATORS, content=PDF)
        draft = add_document(work, title="Draft", audience=Audience.BUSINESS_UNIT, content=PDF).id
        reader = actor_of(account(work, Role.EVALUATION_READER))
    assert titles(work_on) == ["Draft", "Scripts"]
    assert titles(work_on, ann) == ["Scripts"]
    with pytest.raises(NotAllowed):
        titles(work_on, reader)
    with work_on(ann) as work, pytest.raises(NotFound):
        get_document(work, draft)
    with work_on() as work:
        version = get_document(work, draft).version
        change_document(work, draft, title="Toolkit", audience=Audience.FACILITATORS, version=version)
    assert titles(work_on, ann) == ["Scripts", "Toolkit"]
    with work_on() as work:
        withdraw_document(work, draft, version=get_document(work, draft).version)
    assert titles(work_on, ann) == ["Scripts"]
    assert titles(work_on) == ["Scripts", "Toolkit"]
    with work_on(ann) as work, pytest.raises(NotFound):
        get_document(work, draft)
    with work_on() as work:
        return_document(work, draft, version=get_document(work, draft).version)
        work.session.flush()
        with pytest.raises(NotFound, match="is in the toolbox"):
            return_document(work, draft, version=get_document(work, draft).version)
    assert titles(work_on, ann) == ["Scripts", "Toolkit"]


def test_only_the_business_unit_keeps_the_toolbox_and_titles_have_a_length(work_on: WorkOn, ann):
    with work_on(ann) as work, pytest.raises(NotAllowed):
        add_document(work, title="Scripts", audience=Audience.FACILITATORS, content=PDF)
    for title in (" ", "x" * 121):
        with work_on() as work, pytest.raises(Invalid) as found:
            add_document(work, title=title, audience=Audience.FACILITATORS, content=PDF)
        assert found.value.field == "title"
