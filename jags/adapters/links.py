"""Absolute addresses from the configured base URL, and the minting of purpose-bound links."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from jags.accounts.rules import Purpose
from jags.accounts.service import issue_link
from jags.kernel.work import Work


@dataclass(frozen=True)
class BaseUrlLinks:
    """Links under one base URL; what a request says of its host does not count."""

    base_url: str

    def page(self, path: str) -> str:
        """Return the absolute address of a page."""
        return f"{self.base_url}{path}"

    def mint(self, work: Work, *, purpose: str, subject_id: uuid.UUID, expires_at: datetime | None) -> str:
        """Issue a purpose-bound link and return its absolute address; only its hash is stored."""
        _link, secret = issue_link(
            work, purpose=Purpose(purpose), subject_id=subject_id, expires_at=expires_at
        )
        return self.page(f"/link/{secret}")
