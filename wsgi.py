"""Join the configuration to the application, for gunicorn and for the flask command."""

import gc

# What is loaded here stays as long as the process: looking for rubbish among it takes a tenth of the start, and later time
# from pages.
gc.disable()

from config import Config  # noqa: E402 - See above.
from jags.app import create_app  # noqa: E402
from jags.jobs.outside import refuse_older_database  # noqa: E402

app = create_app(Config.from_environment())
refuse_older_database(app)
gc.freeze()
gc.enable()
