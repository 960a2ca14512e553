"""What the partnership did to make JAGS known."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from jags.kernel.base import Base, Identified, Versioned


class Promotion(Versioned, Identified, Base):
    """One thing done to make JAGS known: to whom, by which channel, and how many it reached where somebody counted."""

    __tablename__ = "promotion"

    on: Mapped[date] = mapped_column(index=True)
    audience: Mapped[str]
    # A code of the partnership's list.
    channel: Mapped[str]
    # None where it was not recorded, which is not nobody.
    reach: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    entered_at: Mapped[datetime]
