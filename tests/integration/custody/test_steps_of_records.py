"""Tables of rules, lists, erasures, complaints and concerns over a step down and up, with data in them."""

from datetime import timedelta

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import delete, inspect, select
from sqlalchemy.exc import DBAPIError

from factories.erasing import ended_request, take_through, two_people
from factories.pool import facilitator
from factories.trail import EVENTS, findings, five_events
from jags.app import connect_migrations
from jags.audit.model import AuditEvent
from jags.audit.service import cut, make_checkpoints
from jags.cli.database import MIGRATIONS
from jags.extensions import db
from jags.facilitators.queries import get_facilitator
from jags.facilitators.rules import FacilitatorStatus
from jags.requests.model import Request
from jags.requests.queries import contact_of
from jags.retention.model import Erasure, RetentionItem, RetentionList, RetentionRule
from jags.retention.rules import Action, RecordKind, Rule, Trigger
from jags.retention.service import set_rule
from jags.rights.model import Complaint, FacilitatorConcern
from jags.rights.queries import get_part
from jags.rights.rules import ComplaintText
from jags.rights.rules.documents import DOCUMENTS, Document
from jags.rights.service import NewComplaint, pause_for_concern, take_complaint, write_part

PART = next(one.key for one in DOCUMENTS[Document.PRIVACY].parts if one.asks)


def test_rules_lists_and_the_record_of_erasures_are_made_anew_and_what_was_erased_stays_so(app, work_on):
    with work_on() as work:
        old = ended_request(work).id
        first, second = two_people(work)
        set_rule(work, Rule(RecordKind.MAIL, Trigger.WRITTEN, 9, Action.ERASE, "Records manager"))
    take_through(work_on, first, second)
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0025")
        assert "erasure" not in inspect(db.engine).get_table_names()
        upgrade(directory=str(MIGRATIONS))
    with work_on() as work:
        kinds = (RetentionRule, RetentionList, RetentionItem, Erasure)
        assert [work.session.scalars(select(one)).all() for one in kinds] == [[]] * len(kinds)
        assert contact_of(work, work.session.get_one(Request, old)).name == ""


def test_complaints_and_concerns_are_gone_with_their_tables_and_the_pool_stays(app, work_on):
    with work_on() as work:
        person_id = facilitator(work, "Ash Reed")
        first, _ = two_people(work)
    with work_on(first) as work:
        text = ComplaintText("Mo Hart", "01632 960 077", "Nobody rang back.")
        take_complaint(work, NewComplaint(work.today, text, first.person_id))
        pause_for_concern(work, person_id, why="Shouted in a session")
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0026")
        assert "complaint" not in inspect(db.engine).get_table_names()
        upgrade(directory=str(MIGRATIONS))
    with work_on() as work:
        assert work.session.scalars(select(Complaint)).all() == []
        assert work.session.scalars(select(FacilitatorConcern)).all() == []
        assert get_facilitator(work, person_id).status is FacilitatorStatus.PAUSED


def test_what_the_partnership_wrote_in_its_documents_goes_with_its_table_and_is_written_anew(app, work_on):
    with work_on() as work:
        first, _ = two_people(work)
    with work_on(first) as work:
        write_part(work, Document.PRIVACY, PART, text="Ring us, and we find it.", version=0)
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0027")
        assert "document_text" not in inspect(db.engine).get_table_names()
        upgrade(directory=str(MIGRATIONS))
    with work_on(first) as work:
        assert get_part(work, Document.PRIVACY, PART).text == ""
        write_part(work, Document.PRIVACY, PART, text="Write to us, and we find it.", version=0)
    with work_on(write=False) as work:
        assert get_part(work, Document.PRIVACY, PART).text == "Write to us, and we find it."
        assert findings(work_on) == []


def test_the_trail_stays_whole_over_the_step_that_made_checkpoints_and_is_append_only_on_both_sides(
    app, work_on
):
    five_events(work_on)
    with work_on() as work:
        make_checkpoints(work)
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0029")
        assert "audit_checkpoint" not in inspect(db.engine).get_table_names()
        with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
            connection.execute(delete(AuditEvent))
        upgrade(directory=str(MIGRATIONS))
        with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
            connection.execute(delete(AuditEvent))
    assert findings(work_on) == []
    with work_on() as work:
        assert make_checkpoints(work) == 1
    with work_on() as work:
        assert cut(work, work.now + timedelta(seconds=1)) == EVENTS
    assert findings(work_on) == []
    # It says why, and ends the command.
    with app.app_context(), pytest.raises(SystemExit):
        downgrade(directory=str(MIGRATIONS), revision="0029")
    assert findings(work_on) == []
