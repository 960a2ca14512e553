"""Keep figures as long as nothing changes that they count, so that who turns pages does not wait; they are never stale.

Every change of state leaves an audit event, so the end of the chain tells whether anything happened; what is counted is compared
as well, by how many rows there are and how often they were changed.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import func, select

from jags.audit.model import AuditHead
from jags.feedback.model import Pool, Round, Tally
from jags.kernel.database import WRITE
from jags.kernel.work import Work
from jags.quality.model import FacilitatorReflection, Observation
from jags.requests.model import Request, RequestChoice, RequestMove
from jags.scheduling.model import AgencyAttendance, JagsSession, SessionRecord

_MOST = 64
_kept: OrderedDict[Hashable, Any] = OrderedDict()
_lock = Lock()


_Counted = TypeVar("_Counted")


def kept(work: Work, asked: Hashable, count: Callable[[], _Counted]) -> _Counted:
    """Return figures that were counted before, when nothing has changed since; a unit of work that writes counts anew."""
    if work.session.connection().get_execution_options().get(WRITE):
        return count()
    key = (asked, work.today, _state(work))
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            found: _Counted = _kept[key]
            return found
    found = count()
    with _lock:
        _kept[key] = found
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return found


def _state(work: Work) -> Hashable:
    """Return what changes with anything that figures count, by one query."""
    rows = [
        select(func.count()).select_from(table).scalar_subquery()
        for table in (RequestChoice, RequestMove, AgencyAttendance, Pool, Tally)
    ]
    changed = [
        select(func.coalesce(func.sum(table.version), 0)).scalar_subquery()
        for table in (Request, JagsSession, SessionRecord, FacilitatorReflection, Observation)
    ]
    # Ids are random, so that another database behind the same address is not taken for this one.
    one = [select(table.id).order_by(table.id).limit(1).scalar_subquery() for table in (Request, JagsSession)]
    rounds = select(func.count(), func.sum(Round.invited)).select_from(Round).subquery()
    heads = select(AuditHead.stream, AuditHead.seq, AuditHead.mac).order_by(AuditHead.stream)
    ends = tuple((row.stream, row.seq, bytes(row.mac)) for row in work.session.execute(heads))
    counted = work.session.execute(select(*rows, *changed, *one, rounds)).one()
    return (ends, tuple(counted))
