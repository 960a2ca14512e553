"""Flask's extensions, unconfigured: the application configures them."""

from flask_login import LoginManager
from flask_mail import Mail
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from config import ROOT
from jags.kernel.base import Base

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False, "autoflush": True})
migrate = Migrate(directory=str(ROOT / "migrations"), compare_type=True, render_as_batch=False)
login = LoginManager()
csrf = CSRFProtect()
mail = Mail()
