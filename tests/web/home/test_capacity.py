"""What the pool can still give is the same number on home and on the page of the pool."""

import re
from datetime import timedelta

from factories.pages import sign_in
from factories.pool import facilitator, offered
from factories.sessions import agree, arrange
from jags.accounts.rules import Role
from jags.allocation.queries import taken_on
from jags.facilitators.model import Facilitator
from jags.facilitators.queries import pool
from jags.facilitators.rules import FacilitatorStatus
from jags.feedback.queries import at_a_glance
from jags.settings.service import change_setting


def test_home_counts_the_sessions_that_the_page_of_the_pool_shows(client, work_on) -> None:
    # Ash and Birch have given one of two, Ann and Ben are asked for one of two each, Cas, who is new, is not asked for more than two of three; the others count nothing.
    arrange(work_on, agree(work_on))
    with work_on() as work:
        offered(work, "Ann", "Ben")
        facilitator(work, "Cas", sessions_per_quarter=3)
        facilitator(work, "Not trained", trained_on=None)
        facilitator(work, "Lapsed", refresher_due_on=work.today - timedelta(days=1))
        paused = facilitator(work, "Paused")
        work.session.get_one(Facilitator, paused).status = FacilitatorStatus.PAUSED
        full = facilitator(work, "Full", sessions_per_quarter=0)
        assert full
    with work_on(write=False) as work:
        assert at_a_glance(work).sessions_left == 1 + 1 + 1 + 1 + 2
        members = [m for m in pool(work) if m.current and m.facilitator.status is FacilitatorStatus.ACTIVE]
        taken = taken_on(work, {m.person_id: m.load for m in members})
        by_page = sum(taken[m.person_id].left for m in members)
        assert by_page == 6
    sign_in(client, work_on, Role.COORDINATOR)
    home = " ".join(re.sub(r"<[^>]+>", " ", client.get("/home").text).split())
    assert "6 sessions that the pool can still give this quarter" in home


def test_home_counts_training_by_the_interval_of_the_partnership(work_on) -> None:
    # Ann was trained a year and a day ago, Ben a year ago; Cas’s own date stands whatever the interval says.
    with work_on() as work:
        a_year_ago = work.today.replace(year=work.today.year - 1)
        facilitator(work, "Ann", trained_on=a_year_ago - timedelta(days=1))
        facilitator(work, "Ben", trained_on=a_year_ago, sessions_per_quarter=1)
        facilitator(work, "Cas", trained_on=a_year_ago - timedelta(days=400), refresher_due_on=work.today)
    with work_on() as work:
        assert at_a_glance(work).sessions_left == 2 + 1 + 2
        change_setting(work, "refresher_months", 12)
        assert at_a_glance(work).sessions_left == 1 + 2
        change_setting(work, "training_grace_days", 1)
        assert at_a_glance(work).sessions_left == 2 + 1 + 2
