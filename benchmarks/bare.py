"""Bare Flask, to compare with: a constant page, and one row committed through SQLAlchemy."""

import os

from flask import Flask

PATH = "/"


def constant() -> Flask:
    """Return an application whose only page is a constant: what every ratio of the table is taken against."""
    app = Flask("bare")

    @app.get(PATH)
    def page() -> str:
        return "Hello"

    return app


def committing() -> Flask:
    """Return an application whose only page commits one row on POST: the limit of what a form can reach.

    The address of the database is JAGS_DATABASE_URL; on SQLite every commit waits for the disk, as in the application.
    """
    # Imported here, so that the constant page pays for Flask alone.
    from flask_sqlalchemy import SQLAlchemy  # noqa: PLC0415
    from sqlalchemy import event  # noqa: PLC0415
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column  # noqa: PLC0415

    class Base(DeclarativeBase):
        pass

    class BenchmarkRow(Base):
        __tablename__ = "benchmark_row"

        id: Mapped[int] = mapped_column(primary_key=True)
        words: Mapped[str]

    app = Flask("bare")
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["JAGS_DATABASE_URL"]
    db = SQLAlchemy(app, metadata=Base.metadata)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", lambda plain, _: plain.execute("PRAGMA synchronous=FULL"))
        Base.metadata.create_all(db.engine)

    @app.get(PATH)
    def page() -> str:
        return "Hello"

    @app.post(PATH)
    def keep() -> str:
        db.session.add(BenchmarkRow(words="one row"))
        db.session.commit()
        return "Kept"

    return app
