"""Migrations go up, down and up again, with data, on both databases, and equal the models."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from jags.accounts.rules import AgeRemit, Contact, Sector
from jags.accounts.service import add_agency, add_person
from jags.app import connect_migrations
from jags.cli.database import MIGRATIONS
from jags.extensions import db
from jags.schema import METADATA


def test_migrations_go_down_and_up_again_with_data(app, work_on):
    with work_on() as work:
        agency = add_agency(
            work, key="pol", name="Police", sector=Sector.JUSTICE, age_remit=AgeRemit.ALL_AGES
        )
        add_person(work, contact=Contact(name="Wren Young", email="wren@example.org"), agency=agency)
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="base")
        assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
        upgrade(directory=str(MIGRATIONS))
        assert set(inspect(db.engine).get_table_names()) == {*METADATA.tables, "alembic_version"}


def test_migrations_equal_the_models(app):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
