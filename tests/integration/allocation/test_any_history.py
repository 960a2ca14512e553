"""Whatever people do, in whatever order and two at once: two independent facilitators of two agencies, or an agreed exception."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from conftest import NOW, SOAK
from factories.pool import CONFLICT, NO_CONNECTION, TALK, accepted_request, facilitator, involved, signs_in
from factories.sessions import COORDINATOR, schedule
from jags.accounts.model import Agency, Person
from jags.accounts.queries import contact_of
from jags.allocation.model import IndependenceRecord, Offer, OfferedPair
from jags.allocation.queries import broken_records, get_offer, live_offers, open_pair
from jags.allocation.rules import IndependenceAnswer, OfferState, PairState, Rule
from jags.allocation.rules.record import RecordedFacts, read_record
from jags.allocation.service import (
    choose_again,
    clear_talk,
    declare_independence,
    lapse_offers,
    note_identity,
    offer_pair,
)
from jags.audit.service import verify
from jags.facilitators.model import Facilitator
from jags.facilitators.rules import FacilitatorStatus
from jags.facilitators.service import set_status
from jags.kernel.errors import DomainError
from jags.requests import queries as requests
from jags.requests.model import Request
from jags.requests.rules import PauseReason, State
from jags.requests.service import add_member, lift_pause, pause_request
from jags.scheduling.queries import agreements_to_look_at, find_open_session
from jags.scheduling.service import (
    accept_offer_and_keep_date,
    postpone_session,
    step_back_from_offer,
)
from jags.scheduling.service.ending import step_back
from jags.settings.service import change_setting

NAMES = ("Ann", "Ben", "Cat", "Dan", "Eve")
# Ann and Ben are colleagues; so are Dan and Eve.
AGENCIES = {"Ann": "one", "Ben": "one", "Cat": "two", "Dan": "three", "Eve": "three"}
WITH_FACILITATORS = frozenset({State.FACILITATORS_AGREED, State.SCHEDULED, State.HELD})
people = st.integers(0, len(NAMES) - 1)
pairs = st.sampled_from(list(permutations(range(len(NAMES)), 2)))
reasons = st.sampled_from(["", "", "Nobody else is free."])
changes = st.sampled_from(
    [
        "",
        "pause",
        "join_the_network",
        "move_to_the_third_agency",
        "somebody_of_their_name_joins",
        "pause_everything",
        "says_on_the_telephone_that_they_know_the_family",
    ]
)
answers = st.sampled_from([NO_CONNECTION, NO_CONNECTION, NO_CONNECTION, TALK, CONFLICT])


class History(RuleBasedStateMachine):
    """Any order of offers, answers, changes in the pool and dates for one request."""

    def __init__(self, store, clock, work_on):
        super().__init__()
        self.clock, self.work_on = clock, work_on
        clock.instant = NOW
        store.renew()

    @initialize(pair=pairs, exception=reasons, change=changes, n=people, one_by_one=st.booleans())
    def begin(self, pair, exception, change, n, one_by_one):
        with self.work_on() as work:
            change_setting(work, "offers_one_after_the_other", one_by_one)
            self.people = [
                facilitator(work, name, of=AGENCIES[name], sessions_per_quarter=9) for name in NAMES
            ]
            self.actors = [signs_in(work, person_id) for person_id in self.people]
            network = tuple(involved(f"Person {n}", email=f"person{n}@example.org") for n in range(4))
            self.request_id = accepted_request(work, people=network).id
        self.offer_and_agree_while_something_changes(pair, exception, change, n)

    def attempt(self, act, actor=None):
        """Do something in a unit of work of its own; a refusal in the domain's words is a fine answer."""
        try:
            with self.work_on(actor) as work:
                act(work, work.session.get_one(Request, self.request_id))
        except DomainError:
            return False
        return True

    def offers_of(self, work, n):
        return [o for o in live_offers(work, self.request_id) if o.person_id == self.people[n]]

    # What people do, as functions of the unit of work and the request.

    def offering(self, first, second, exception):
        def act(work, request):
            offer_pair(
                work,
                request.id,
                person_ids=[self.people[first], self.people[second]],
                version=request.version,
                exceptions={Rule.AGENCY: exception},
            )

        return act

    def declaring(self, n, given):
        def act(work, _request):
            for offer in self.offers_of(work, n):
                declare_independence(work, offer.id, given, version=offer.version)

        return act

    def accepting(self, n):
        def act(work, _request):
            for offer in self.offers_of(work, n):
                accept_offer_and_keep_date(work, offer.id, version=offer.version)

        return act

    def stepping_back(self, n):
        def act(work, _request):
            for offer in self.offers_of(work, n):
                step_back_from_offer(work, offer.id, version=offer.version)

        return act

    # One at a time.

    @rule(pair=pairs, exception=reasons)
    def offer(self, pair, exception):
        self.attempt(self.offering(*pair, exception), COORDINATOR)

    @rule(n=people, given=answers)
    def declare(self, n, given):
        self.attempt(self.declaring(n, given), self.actors[n])

    @rule(n=people)
    def accept(self, n):
        self.attempt(self.accepting(n), self.actors[n])

    @rule(given=answers)
    def both_answer(self, given):
        """Let whoever was offered declare and accept, so that agreements are not rare."""
        for n, actor in enumerate(self.actors):
            self.attempt(self.declaring(n, given), actor)
            self.attempt(self.accepting(n), actor)

    @rule(pair=pairs, exception=reasons, change=changes, n=people)
    def offer_and_agree_while_something_changes(self, pair, exception, change, n):
        """Go the whole way, with one thing that changes after the declarations and before anybody accepts."""
        self.call_back()
        self.coordinator_notes_a_step_back(n)
        self.attempt(self.offering(*pair, exception), COORDINATOR)
        for person in pair:
            self.attempt(self.declaring(person, NO_CONNECTION), self.actors[person])
        if change:
            getattr(self, change)(n)
        for person in pair:
            self.attempt(self.accepting(person), self.actors[person])
        self.both_answer(NO_CONNECTION)

    @rule(n=people)
    def step_back(self, n):
        self.attempt(self.stepping_back(n), self.actors[n])

    @rule(n=people)
    def coordinator_notes_a_step_back(self, n):
        self.attempt(
            lambda work, request: step_back(
                work, request.id, person_id=self.people[n], version=request.version
            ),
            COORDINATOR,
        )

    @rule(n=people)
    def talk_through(self, n):
        def act(work, _request):
            for offer in self.offers_of(work, n):
                clear_talk(work, offer.id, "They met once at a course.")

        self.attempt(act, COORDINATOR)

    @rule()
    def call_back(self):
        self.attempt(
            lambda work, request: choose_again(work, request.id, reason="", version=request.version),
            COORDINATOR,
        )

    @rule(days=st.integers(1, 9))
    def time_passes(self, days):
        self.clock.instant += timedelta(days=days)
        self.attempt(lambda work, _request: lapse_offers(work))

    @rule(n=people)
    def pause(self, n):
        self.attempt(lambda work, _request: set_status(work, self.people[n], FacilitatorStatus.PAUSED))

    @rule(n=people)
    def come_back(self, n):
        self.attempt(lambda work, _request: set_status(work, self.people[n], FacilitatorStatus.ACTIVE))

    @rule(n=people)
    def move_to_the_third_agency(self, n):
        def act(work, _request):
            moved_to = work.session.scalars(select(Agency).where(Agency.key == "three")).one()
            work.session.get_one(Person, self.people[n]).agency = moved_to

        self.attempt(act)

    @rule(n=people)
    def join_the_network(self, n):
        def act(work, request):
            contact = contact_of(work, work.session.get_one(Person, self.people[n]))
            add_member(
                work,
                request.id,
                person=involved(contact.name, email=contact.email),
                version=request.version,
            )

        self.attempt(act, COORDINATOR)

    @rule(n=people)
    def somebody_of_their_name_joins(self, n):
        self.attempt(
            lambda work, request: add_member(
                work,
                request.id,
                person=involved(NAMES[n], email=f"another.{NAMES[n].lower()}@example.org"),
                version=request.version,
            ),
            COORDINATOR,
        )

    @rule(n=people)
    def says_on_the_telephone_that_they_know_the_family(self, n):
        self.asked_on_the_telephone(n, known=True)

    @rule(n=people, known=st.booleans())
    def asked_on_the_telephone(self, n, known):
        def act(work, request):
            for offer in self.offers_of(work, n):
                note_identity(work, request.id, offer.id, known=known, version=offer.version)

        self.attempt(act, COORDINATOR)

    @rule(_n=people)
    def pause_everything(self, _n):
        self.attempt(
            lambda work, request: pause_request(work, request.id, reason=PauseReason.OTHER), COORDINATOR
        )

    @rule()
    def lift_the_pause(self):
        self.attempt(lambda work, request: lift_pause(work, request.id, version=request.version), COORDINATOR)

    @rule(weeks=st.integers(1, 4))
    def set_a_date(self, weeks):
        wall = (self.clock.instant + timedelta(weeks=weeks)).replace(hour=14, minute=0, tzinfo=None)
        self.attempt(
            lambda work, request: schedule(work, request.id, wall_start=wall, unusual_day_ok=True),
            COORDINATOR,
        )

    @rule()
    def postpone(self):
        def act(work, request):
            session = find_open_session(work, request.id)
            if session is not None:
                postpone_session(work, session.id, version=session.version)

        self.attempt(act, COORDINATOR)

    # Two at once.

    @rule(pair=pairs, other=pairs)
    def two_coordinators_offer_at_once(self, pair, other):
        self.at_once((self.offering(*pair, ""), COORDINATOR), (self.offering(*other, "Agreed."), COORDINATOR))

    @rule(one=people, other=people, backs_out=st.booleans())
    def two_people_answer_at_once(self, one, other, backs_out):
        second = self.stepping_back(other) if backs_out else self.accepting(other)
        self.at_once((self.accepting(one), self.actors[one]), (second, self.actors[other]))

    def at_once(self, *halves):
        with ThreadPoolExecutor(len(halves)) as pool:
            for half in [pool.submit(self.attempt, act, actor) for act, actor in halves]:
                half.result()

    # What always holds.

    @invariant()
    def two_independent_people_of_two_agencies_or_an_agreed_exception(self):
        with self.work_on(write=False) as work:
            request = work.session.get_one(Request, self.request_id)
            pair = open_pair(work, request.id)
            agreed = pair is not None and pair.state is PairState.AGREED
            assert agreed == (request.state in WITH_FACILITATORS)
            for row in work.session.scalars(select(IndependenceRecord)):
                self.check_agreement(work, row)
            if agreed:
                assert work.session.scalar(
                    select(IndependenceRecord.id).where(IndependenceRecord.pair_id == pair.id)
                ), "an agreement without its record"

    @invariant()
    def who_has_agreed_is_independent_now_or_excepted_or_flagged(self):
        with self.work_on(COORDINATOR, write=False) as work:
            pair = open_pair(work, self.request_id)
            if pair is None or pair.state is not PairState.AGREED:
                return
            found = self.what_is_wrong_now(work, pair)
            flagged = {one.person_id for line in agreements_to_look_at(work) for one in line.against}
            assert flagged == found

    def what_is_wrong_now(self, work, pair):
        """Look at an agreement by hand: return who is not active, connected or may be, and None where both are of one agency."""
        around = requests.members(work, work.session.get_one(Request, self.request_id))
        people = [work.session.get_one(Person, offer.person_id) for offer in pair.offers]
        wrong = set()
        for person, offer in zip(people, pair.offers, strict=True):
            contact = contact_of(work, person)
            if (
                work.session.get_one(Facilitator, person.id).status is not FacilitatorStatus.ACTIVE
                or offer.identity_known
                or any(contact.email == one.email or contact.name == one.name for _, one in around)
            ):
                wrong.add(person.id)
        excepted = {one.rule for one in pair.exceptions}
        if people[0].agency_id == people[1].agency_id and Rule.AGENCY not in excepted:
            wrong.add(None)
        return wrong

    @staticmethod
    def check_agreement(work, row):
        """Hold an agreement, past or present, against the rules, by the record of the moment when it was made."""
        facts = read_record(work.vault.open(row, "facts", RecordedFacts))
        first, second = facts["facilitators"]
        assert all(one["reason"] for one in facts["exceptions"]), "an exception without a reason"
        excepted = {one.rule for one in work.session.get_one(OfferedPair, row.pair_id).exceptions}
        assert first["person"] != second["person"]
        assert first["organisation"] != second["organisation"] or Rule.AGENCY in excepted
        for one in (first, second):
            assert one["current"], "training was not current"
            assert one["status"] == FacilitatorStatus.ACTIVE
            assert not [check["rule"] for check in one["checks"] if check["found"]]
            assert len(one["declaration"]) == len(NO_CONNECTION)
        for offer in work.session.scalars(select(Offer).where(Offer.pair_id == row.pair_id)):
            assert IndependenceAnswer.SHOULD_NOT not in offer.answers

    @invariant()
    def at_most_one_pair_is_open_and_nobody_accepts_undeclared(self):
        with self.work_on(write=False) as work:
            live = live_offers(work, self.request_id)
            open_pairs = {o.pair_id for o in live if o.pair.state is not PairState.ENDED}
            assert len(open_pairs) <= 1
            assert len({o.person_id for o in live}) == len(live)
            for offer in live:
                if offer.state is OfferState.ACCEPTED:
                    assert get_offer(work, offer.id).declared_at is not None

    def teardown(self):
        with self.work_on(write=False) as work:
            assert verify(work) == []
            assert broken_records(work) == []


def test_any_history_ends_with_two_independent_facilitators_or_an_agreed_exception(
    app, store, clock, work_on
):
    run_state_machine_as_test(
        lambda: History(store, clock, work_on),
        settings=settings(
            max_examples=400 if SOAK else 16,
            stateful_step_count=15,
            deadline=None,
            # A history that fails is told as it was found: making it shorter takes minutes.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
