"""The step that brings files of the audit trail, down and up with data, on both databases."""

from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select

from factories.erasing import two_people
from jags.app import connect_migrations
from jags.audit.queries import Looked
from jags.audit.service import verify
from jags.cli.database import MIGRATIONS
from jags.extensions import db
from jags.retention.model import TrailFile
from jags.retention.rules import FilePurpose
from jags.retention.service import approve_file, ask_for_file


def test_files_that_were_asked_for_go_with_the_step_and_the_trail_keeps_that_they_were(app, work_on):
    with work_on() as work:
        first, second = two_people(work)
    with work_on(first) as work:
        file_id = ask_for_file(work, Looked(), request_id=None, purpose=FilePurpose.ENQUIRY).id
    with work_on(second) as work:
        approve_file(work, file_id, version=1)
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0032")
        assert "trail_file" not in inspect(db.engine).get_table_names()
        upgrade(directory=str(MIGRATIONS))
    with work_on(first) as work:
        assert work.session.scalars(select(TrailFile)).all() == []
        assert verify(work) == []
        # It is asked for anew.
        ask_for_file(work, Looked(), request_id=None, purpose=FilePurpose.ENQUIRY)
