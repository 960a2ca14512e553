"""A facilitator's own page: pooled feedback of their own sessions only, and a log that is theirs alone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from factories.held_sessions import add_held_session
from factories.opened import add_pool
from factories.pool import facilitator, signs_in
from jags.kernel.errors import Invalid, NotFound, Stale
from jags.quality.model import DevelopmentEntry
from jags.quality.queries.own import development_log, own_feedback
from jags.quality.service.own import add_entry, change_entry, delete_entry
from jags.scheduling.model import SessionFacilitator


def held_by(work, person_id):
    session = add_held_session(work)
    session.facilitators.append(SessionFacilitator(person_id=person_id, position=1))
    work.session.flush()
    return session


@pytest.fixture
def two(work_on):
    with work_on() as work:
        return [signs_in(work, facilitator(work, name)) for name in ("Ash Reed", "Birch Lane")]


def test_own_feedback_begins_at_five_sessions_and_is_renewed_by_five_more(work_on, two):
    ash, birch = two
    seen = []
    for number in range(11):
        with work_on() as work:
            session = held_by(work, ash.person_id)
            add_pool(work, [session], opened_on=work.today - timedelta(days=20 - number))
        with work_on(ash) as work:
            found = own_feedback(work)
            seen.append((found.sessions, found.answers))
    assert seen == [(0, 0)] * 4 + [(5, 25)] * 5 + [(10, 50)] * 2
    with work_on(ash) as work:
        (safe,) = own_feedback(work).opinions
        assert (safe.item, safe.n, safe.band) == ("safe", 50, "95 % or more")
    with work_on(birch) as work:
        assert own_feedback(work).sessions == 0


def test_merged_pools_and_those_opened_today_are_on_nobodys_page(work_on, two):
    ash, _ = two
    with work_on() as work:
        for number in range(4):
            add_pool(work, [held_by(work, ash.person_id)], opened_on=work.today - timedelta(days=9 - number))
        merged = [held_by(work, ash.person_id), held_by(work, ash.person_id)]
        add_pool(work, merged, opened_on=work.today - timedelta(days=2))
        add_pool(work, [held_by(work, ash.person_id)], opened_on=work.today)
    with work_on(ash) as work:
        assert own_feedback(work).sessions == 0


def test_the_log_is_kept_sealed_changed_and_deleted_by_its_writer_alone(work_on, two):
    ash, birch = two
    day = date(2026, 11, 23)
    with work_on(ash) as work:
        entry_id = add_entry(work, on=day, text="Wait longer before I speak").id
    with work_on(ash) as work:
        change_entry(work, entry_id, on=day, text="Wait much longer", version=1)
    with work_on(ash) as work:
        assert [(line.on, line.text) for line in development_log(work)] == [(day, "Wait much longer")]
        assert b"Wait" not in (work.session.scalars(select(DevelopmentEntry.entry_sealed)).one() or b"")
    with pytest.raises(Stale), work_on(ash) as work:
        change_entry(work, entry_id, on=day, text="Late", version=1)
    with pytest.raises(Invalid), work_on(ash) as work:
        add_entry(work, on=day, text="  ")
    with work_on(birch) as work:
        assert development_log(work) == []
    with pytest.raises(NotFound), work_on(birch) as work:
        delete_entry(work, entry_id)
    with work_on(ash) as work:
        delete_entry(work, entry_id)
        work.session.flush()
        assert development_log(work) == []
