"""A unit of work is all or nothing, and the audit trail is its last step."""

import dataclasses

import pytest
from sqlalchemy import func, select, update

from factories.statements import statements
from jags.accounts.model import Agency
from jags.accounts.rules import AgeRemit, Sector
from jags.accounts.service import add_agency
from jags.audit.model import AuditEvent
from jags.kernel.errors import Stale


def add_police(work, **different):
    named = {"key": "police", "name": "Police", **different}
    return add_agency(work, **named, sector=Sector.JUSTICE, age_remit=AgeRemit.ALL_AGES)


def stored(work_on):
    """Return how many agencies and audit events there are."""
    with work_on(write=False) as work:
        return tuple(work.session.scalar(select(func.count()).select_from(t)) for t in (Agency, AuditEvent))


def test_work_that_ends_is_stored_with_its_event(work_on):
    with work_on() as work:
        add_police(work)
    assert stored(work_on) == (1, 1)


def test_work_that_fails_leaves_nothing(work_on):
    def fail():
        with work_on() as work:
            add_police(work)
            work.session.flush()
            raise RuntimeError("a fault after the flush")

    with pytest.raises(RuntimeError, match="after the flush"):
        fail()
    assert stored(work_on) == (0, 0)


def test_abandoned_work_leaves_nothing(work_on):
    with work_on() as work:
        add_police(work)
        work.abandon()
    assert stored(work_on) == (0, 0)


@pytest.mark.parametrize("alone", [False, True])
def test_a_row_that_moved_on_is_stale_and_stays(work_on, alone):
    with work_on() as work:
        agency_id = add_police(work).id

    def write_over():
        with work_on() as work:
            agency = work.session.get_one(Agency, agency_id)
            # What another process committed between our reading and our writing.
            work.session.connection().execute(update(Agency.__table__).values(version=2, name="Constabulary"))
            agency.name = "Police Service"
            if alone:
                work.write_alone(agency)

    with pytest.raises(Stale):
        write_over()
    with work_on(write=False) as work:
        assert work.session.get_one(Agency, agency_id).name == "Police"


def test_a_form_that_was_shown_an_older_version_is_stale(work_on):
    with work_on() as work:
        agency = add_police(work)
        shown = agency.version
        agency.name = "Police Service"
        work.session.flush()
        with pytest.raises(Stale):
            agency.expect(shown)
        agency.expect(shown + 1)


@dataclasses.dataclass
class WatchingTrail:
    """A trail that notes what was still unwritten when it was asked to seal, or refuses."""

    refuse: bool = False
    seen: list = dataclasses.field(default_factory=list)

    def check(self, event):
        pass

    def seal(self, work, events):
        self.seen.append((len(work.session.new), len(work.session.dirty), [event.tag for event in events]))
        if self.refuse:
            raise RuntimeError("the trail cannot be written")


@pytest.fixture
def trail(app):
    watching = WatchingTrail()
    ports = app.extensions["jags_ports"]
    app.extensions["jags_ports"] = dataclasses.replace(ports, trail=watching)
    yield watching
    app.extensions["jags_ports"] = ports


def test_the_trail_is_sealed_once_after_everything_is_written(work_on, trail):
    with work_on() as work:
        work.record("agency:added", "early")
        add_police(work).name = "Police Service"
    assert trail.seen == [(0, 0, ["agency:added", "agency:added"])]


def test_without_its_event_nothing_is_stored(work_on, trail):
    trail.refuse = True
    with pytest.raises(RuntimeError, match="cannot be written"), work_on() as work:
        add_police(work)
    assert stored(work_on) == (0, 0)


def test_an_undeclared_event_is_refused_at_once(work_on):
    with work_on() as work:
        with pytest.raises(ValueError, match="'agency:eaten' is not declared"):
            work.record("agency:eaten", "x")
        with pytest.raises(ValueError, match=r"does not carry \['name'\]"):
            work.record("agency:added", "x", name="Police")


def test_one_entity_is_written_alone_and_read_again(app, work_on):
    with work_on() as work:
        agency_id = add_police(work).id
    with work_on() as work:
        agency = work.session.get_one(Agency, agency_id)
        agency.name, agency.sector = "Police Service", Sector.JUSTICE
        with statements(app) as seen:
            work.write_alone(agency)
            work.session.flush()
        # What came out the same is not written, and nothing is left for the flush.
        (written,) = seen
        assert written.startswith("UPDATE agency SET")
        assert "sector" not in written
        assert (agency.name, agency.version) == ("Police Service", 2)


@pytest.mark.parametrize("beside", ["another entity", "a relation"])
def test_what_changed_beside_an_entity_is_written_with_it(work_on, beside):
    with work_on() as work:
        agency, other = add_police(work), add_police(work, key="other", name="Other", aliases=("Others",))
        ids = (agency.id, other.id)
    with work_on() as work:
        agency, other = (work.session.get_one(Agency, one) for one in ids)
        other.name = "Another"
        if beside == "a relation":
            other.aliases.clear()
        else:
            agency.name = "Police Service"
        work.write_alone(other)
    with work_on(write=False) as work:
        agency, other = (work.session.get_one(Agency, one) for one in ids)
        told = ([one.text for one in other.aliases], agency.name)
        assert told == (([], "Police") if beside == "a relation" else (["Others"], "Police Service"))
        assert (other.name, other.version) == ("Another", 2)
