"""Steps of reports and their ledger, down and up with data, on both databases."""

from datetime import UTC, datetime

import pytest
from alembic import command
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select

from factories.held_sessions import add_held_session
from factories.released_reports import QUARTER, add_requests, person, sent
from jags.accounts.rules import Role
from jags.app import connect_migrations
from jags.cli.database import MIGRATIONS
from jags.evaluation.model import (
    LedgerBlock,
    LedgerEntry,
    Report,
    ReportBlock,
    ReportQuestion,
    ReportReader,
    ReportTable,
)
from jags.evaluation.rules.blocks import BlockKind
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.rules.reports import ReportState
from jags.evaluation.service import ask, begin_report, name_readers
from jags.extensions import db
from jags.kernel.ids import new_id
from jags.requests.model import Request


def test_reports_and_their_ledger_go_with_the_step_that_made_them(app, work_on):
    with work_on() as work:
        add_requests(work, QUARTER, 12)
    writer, scrutineer = person(work_on, Role.COORDINATOR), person(work_on, Role.SCRUTINEER, "Sam Scrutiny")
    report_id = sent(work_on, writer, Asked(QUARTER), readers=(scrutineer.person_id,))
    with work_on(scrutineer) as work:
        ask(work, report_id, "Why so few?")
    tables = (Report, LedgerBlock, LedgerEntry, ReportBlock, ReportTable, ReportReader, ReportQuestion)

    def rows():
        with work_on() as work:
            return [len(work.session.scalars(select(one)).all()) for one in tables]

    assert min(rows()) > 0
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0023-1")
        assert "report" not in inspect(db.engine).get_table_names()
        upgrade(directory=str(MIGRATIONS))
    assert rows() == [0] * len(tables)
    with work_on() as work:
        assert len(work.session.scalars(select(Request)).all()) == 12


def test_blocks_of_texts_go_with_the_step_that_made_them_and_those_of_requests_stay(app, work_on):
    with work_on() as work:
        add_requests(work, QUARTER, 12)
    sent(work_on, person(work_on, Role.COORDINATOR), Asked(QUARTER))
    with work_on() as work:
        (of_requests,) = work.session.scalars(select(LedgerBlock)).all()
        report = work.session.scalars(select(Report)).one()
        texts = LedgerBlock(
            id=new_id(),
            key_id=work.vault.new_key(),
            kind=BlockKind.TEXTS,
            first_on=QUARTER.from_on,
            last_on=QUARTER.to_on,
            requests=1,
            moved=0,
            formed_on=work.today,
        )
        work.session.add(texts)
        work.session.flush()
        work.session.add(LedgerEntry(record_hash=b"text", block_id=texts.id))
        report.blocks.append(ReportBlock(block_id=texts.id))
        kept = of_requests.id
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0030")
        upgrade(directory=str(MIGRATIONS))

    with work_on() as work:
        assert [(one.id, one.kind) for one in work.session.scalars(select(LedgerBlock))] == [
            (kept, BlockKind.REQUESTS)
        ]
        assert work.session.scalar(select(func.count()).select_from(LedgerEntry)) == 12
        assert [one.block_id for one in work.session.scalars(select(ReportBlock))] == [kept]


def test_blocks_of_sessions_go_with_the_step_that_made_them_and_those_of_requests_stay(app, work_on):
    with work_on() as work:
        add_requests(work, QUARTER, 12)
        for day in range(12):
            add_held_session(work, starts_at=datetime(2026, 8, 1 + day, 12, tzinfo=UTC))
    sent(work_on, person(work_on, Role.COORDINATOR), Asked(QUARTER))

    def kinds():
        with work_on() as work:
            found = work.session.execute(
                select(LedgerBlock.kind, func.count(LedgerEntry.record_hash))
                .join(LedgerEntry, LedgerEntry.block_id == LedgerBlock.id)
                .join(ReportBlock, ReportBlock.block_id == LedgerBlock.id)
                .group_by(LedgerBlock.kind)
            )
            return dict(found.all())

    before = kinds()
    assert before[BlockKind.SESSIONS] == 12
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0031")
        upgrade(directory=str(MIGRATIONS))

    assert kinds() == {kind: number for kind, number in before.items() if kind is not BlockKind.SESSIONS}
    assert before[BlockKind.REQUESTS] > 0
    with work_on() as work:
        assert set(work.session.scalars(select(LedgerBlock.kind))) == {BlockKind.REQUESTS}
        entries = select(func.count()).select_from(LedgerEntry)
        assert work.session.scalar(entries) == before[BlockKind.REQUESTS]


def test_a_report_of_one_locality_that_was_released_keeps_the_step(app, work_on):
    with work_on(person(work_on, Role.COORDINATOR)) as work:
        of_one = begin_report(work, Asked(QUARTER, locality="Breckland"))
        of_one.state, of_one.reference = ReportState.WITHDRAWN, "JAGS-R-2026-1"
    connect_migrations(app)
    with app.app_context():
        settings = app.extensions["migrate"].migrate.get_config(str(MIGRATIONS))
        with pytest.raises(RuntimeError, match="Reports of one locality were released"):
            command.downgrade(settings, "0031")
        upgrade(directory=str(MIGRATIONS))

    with work_on() as work:
        assert work.session.scalars(select(Report.locality)).all() == ["Breckland"]


def test_reports_of_one_locality_go_with_the_step_that_made_them_and_others_stay(app, work_on):
    writer, scrutineer = person(work_on, Role.COORDINATOR), person(work_on, Role.SCRUTINEER, "Sam Scrutiny")
    with work_on(writer) as work:
        kept = begin_report(work, Asked(QUARTER)).id
        of_one = begin_report(work, Asked(QUARTER, locality="Breckland"))
        name_readers(work, of_one.id, (scrutineer.person_id,))
        of_one.tables = [ReportTable(key="age", crossed=False, hidden="[]")]
        gone = of_one.id
    with work_on(scrutineer) as work:
        ask(work, gone, "Why so few?")
        ask(work, kept, "And of all?")
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0031")
        upgrade(directory=str(MIGRATIONS))

    with work_on() as work:
        assert [(one.id, one.locality) for one in work.session.scalars(select(Report))] == [(kept, "")]
        assert [one.report_id for one in work.session.scalars(select(ReportQuestion))] == [kept]
        assert work.session.scalars(select(ReportReader)).all() == []
        assert work.session.scalars(select(ReportTable)).all() == []
