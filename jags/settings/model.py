"""The table of changed settings; what is not in it has its default."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from jags.kernel.base import Base


class Setting(Base):
    """One changed value of the partnership, as JSON."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
