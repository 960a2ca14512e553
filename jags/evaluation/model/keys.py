"""Keys with which a program reads released figures; of each only the hash is kept."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from jags.kernel.base import Base, Identified, Versioned


class FiguresKey(Versioned, Identified, Base):
    """A key: what it is for, who made it, and until when it works."""

    __tablename__ = "figures_key"

    name: Mapped[str]
    key_hash: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    # The last London date on which it works.
    expires_on: Mapped[date]
    revoked_on: Mapped[date | None]

    def works_on(self, day: date) -> bool:
        """Tell whether the key lets in on a London date."""
        return self.revoked_on is None and day <= self.expires_on
