"""Flask's extensions, unconfigured: the application configures them."""

from flask_login import LoginManager
from flask_mail import Mail
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from jags.kernel.base import Base

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False, "autoflush": True})
login = LoginManager()
csrf = CSRFProtect()
mail = Mail()
