"""The step that brings themes, up and down with data, on both databases."""

from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select

from factories.people import account
from factories.reading import add_comment
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.app import connect_migrations
from jags.cli.database import MIGRATIONS
from jags.extensions import db
from jags.feedback.queries.comments import get_comment
from jags.themes.model import FrameVersion, ReadingText, ThemeConsensus, ThemeReading, ThemeRemark
from jags.themes.rules import ThemeState
from jags.themes.rules.frame import Wording
from jags.themes.service.framing import add_theme, move_theme, remark_on
from jags.themes.service.reading import read_text, take_in_texts


def test_what_was_read_for_themes_goes_and_its_texts_stay(app, work_on):
    with work_on() as work:
        comment = add_comment(work, "Who stays?")
        take_in_texts(work)
        text_id = work.session.scalars(select(ReadingText.id)).one()
        readers = [actor_of(account(work, Role.OBSERVER, name=f"Reader {n}")) for n in range(2)]
        unit, facilitator = (
            actor_of(account(work, Role.COORDINATOR)),
            actor_of(account(work, Role.FACILITATOR)),
        )
    for reader in readers:
        with work_on(reader) as work:
            read_text(work, text_id, {"silos"}, none_of_them=False, version=0)
    with work_on(unit) as work:
        add_theme(work, Wording("G", "New"), why="New", version=0)
        move_theme(work, "new", ThemeState.SHARED, why="Ask", version=1)
    with work_on(facilitator) as work:
        remark_on(work, "new", "It fits.")
    tables = (FrameVersion, ReadingText, ThemeReading, ThemeConsensus, ThemeRemark)
    with work_on() as work:
        assert [len(work.session.scalars(select(one)).all()) for one in tables] == [2, 1, 2, 1, 1]
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0024")
        assert "reading_text" not in inspect(db.engine).get_table_names()
        upgrade(directory=str(MIGRATIONS))
    with work_on() as work:
        assert [len(work.session.scalars(select(one)).all()) for one in tables] == [0] * len(tables)
        assert get_comment(work, comment).text == "Who stays?"
