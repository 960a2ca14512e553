"""Import every model, so that the metadata is complete."""

import jags.accounts.model
import jags.allocation.model
import jags.audit.model
import jags.evaluation.model
import jags.facilitators.model
import jags.feedback.model
import jags.kernel.box
import jags.kernel.sealing
import jags.notifications.model
import jags.operations.model
import jags.practice.model
import jags.quality.model
import jags.requests.model
import jags.retention.model
import jags.rights.model
import jags.scheduling.model
import jags.settings.model
import jags.themes.model
import jags.venues.model  # noqa: F401 - Imported for its tables.
from jags.kernel.base import Base

METADATA = Base.metadata
