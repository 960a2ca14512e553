"""Join the configuration to the application, for gunicorn and for the flask command."""

from config import Config
from jags.app import create_app

app = create_app(Config.from_environment())
