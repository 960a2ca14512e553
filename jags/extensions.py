"""Flask's extensions, unconfigured: the application configures them."""

from typing import Any

from flask_login import LoginManager
from flask_mail import Mail
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from flask_wtf import CSRFProtect
from sqlalchemy import Engine

from jags.kernel.base import Base


class _OneDatabase(Session):
    """A session of the one database: which of several a statement is for is not looked up with each."""

    def __init__(self, db: SQLAlchemy, **options: Any) -> None:
        super().__init__(db, **options)
        self._engine: Engine = db.engine

    def get_bind(self, *_about: Any, **_more: Any) -> Engine:
        """Return the engine."""
        return self._engine


db = SQLAlchemy(
    metadata=Base.metadata,
    session_options={"class_": _OneDatabase, "expire_on_commit": False, "autoflush": True},
)
login = LoginManager()
csrf = CSRFProtect()
mail = Mail()
