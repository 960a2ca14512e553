"""Run migrations on the application's engine, for every model of jags.schema."""

from alembic import context
from flask import current_app

from jags.kernel.database import WRITE
from jags.schema import METADATA


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        context.configure(
            connection=connection,
            target_metadata=METADATA,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
