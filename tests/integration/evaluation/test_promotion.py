"""The promotion log and who asks, in both databases."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select

from conftest import WorkOn
from factories.held_sessions import add_request
from jags.accounts.model import Agency
from jags.accounts.rules import PERMISSIONS, AgeRemit, Role, Sector
from jags.audit.model import AuditEvent
from jags.evaluation.model import Promotion
from jags.evaluation.queries import channel_totals, get_promotion, promotion_log, promotion_page, who_asks
from jags.evaluation.render import promotion_file
from jags.evaluation.rules import ChannelTotal, Count, LocalityAsking, PromotionEntry, TypeAsking, WhoAsks
from jags.evaluation.service import add_promotion, change_promotion, delete_promotion
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from jags.kernel.work import Work
from jags.requests.rules import State
from jags.settings.service import change_setting

ENTRY = PromotionEntry(date(2026, 11, 20), "Head teachers", "team_meeting", 12, "Asked for a flyer")
YEAR = {"from_on": date(2026, 4, 1), "to_on": date(2026, 11, 24)}


def somebody(role: Role) -> Actor:
    return Actor(ActorKind.ACCOUNT, "somebody", PERMISSIONS[role])


def day(month: int, number: int, year: int = 2026) -> datetime:
    return datetime(year, month, number, 12, tzinfo=UTC)


def an_agency(work: Work, name: str, agency_type: str, **values: object) -> uuid.UUID:
    added = Agency(
        key=name,
        name=name,
        spelling=name.casefold(),
        agency_type=agency_type,
        sector=Sector.EDUCATION,
        age_remit=AgeRemit.CHILDREN,
        **values,
    )
    work.session.add(added)
    work.session.flush()
    return added.id


def asked(work_on: WorkOn, **wanted: date) -> WhoAsks:
    with work_on(write=False) as work:
        return who_asks(work, **{**YEAR, **wanted})


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_an_entry_is_added_changed_and_deleted_and_each_act_is_recorded(work_on: WorkOn, role: Role) -> None:
    with work_on(somebody(role)) as work:
        added = add_promotion(work, replace(ENTRY, audience="  Head teachers ", reach=None))
        entry_id = added.id
    with work_on(somebody(role)) as work:
        change_promotion(work, entry_id, replace(ENTRY, reach=0, channel="email"), version=1)
    with work_on() as work:
        kept = get_promotion(work, entry_id)
        assert (kept.on, kept.audience, kept.channel, kept.reach, kept.note, kept.version) == (
            date(2026, 11, 20), "Head teachers", "email", 0, "Asked for a flyer", 2,
        )  # fmt: skip
    with work_on(somebody(role)) as work:
        delete_promotion(work, entry_id, version=2)
    with work_on() as work:
        assert work.session.scalars(select(Promotion)).all() == []
        with pytest.raises(NotFound):
            get_promotion(work, entry_id)
        tags = work.session.scalars(
            select(AuditEvent.tag).where(AuditEvent.subject_ref == str(entry_id)).order_by(AuditEvent.seq)
        ).all()
        assert tags == ["promotion:added", "promotion:changed", "promotion:deleted"]


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.SCRUTINEER, Role.EVALUATION_READER, Role.OBSERVER])
def test_nobody_else_keeps_the_log(work_on: WorkOn, role: Role) -> None:
    with work_on() as work:
        entry_id = add_promotion(work, ENTRY).id
    for act in (
        lambda work: add_promotion(work, ENTRY),
        lambda work: change_promotion(work, entry_id, ENTRY, version=1),
        lambda work: delete_promotion(work, entry_id, version=1),
    ):
        with pytest.raises(NotAllowed), work_on(somebody(role)) as work:
            act(work)
    with work_on() as work:
        assert [e.promotion.version for e in promotion_log(work)] == [1]


def test_a_form_that_is_behind_changes_and_deletes_nothing(work_on: WorkOn) -> None:
    with work_on() as work:
        entry_id = add_promotion(work, ENTRY).id
    with work_on() as work:
        change_promotion(work, entry_id, replace(ENTRY, reach=30), version=1)
    for act in (
        lambda work: change_promotion(work, entry_id, replace(ENTRY, reach=1), version=1),
        lambda work: delete_promotion(work, entry_id, version=1),
    ):
        with pytest.raises(Stale), work_on() as work:
            act(work)
    with work_on() as work:
        assert get_promotion(work, entry_id).reach == 30


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"on": date(2026, 11, 25)}, "on"),
        ({"audience": "   "}, "audience"),
        ({"audience": "x" * 201}, "audience"),
        ({"channel": "carrier_pigeon"}, "channel"),
        ({"channel": ""}, "channel"),
        ({"reach": -1}, "reach"),
        ({"reach": 1_000_001}, "reach"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(
    work_on: WorkOn, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as caught, work_on() as work:
        add_promotion(work, replace(ENTRY, **wrong))
    assert caught.value.field == field
    with work_on() as work:
        assert promotion_page(work).total == 0


def test_a_channel_that_left_the_list_stays_with_its_entry_only(work_on: WorkOn) -> None:
    with work_on() as work:
        entry_id = add_promotion(work, ENTRY).id
        change_setting(work, "promotion_channels", {"email": "E-mail"})
    with work_on() as work:
        change_promotion(work, entry_id, replace(ENTRY, reach=3), version=1)
        with pytest.raises(Invalid):
            add_promotion(work, ENTRY)
        assert channel_totals(work) == (ChannelTotal("A channel that is no longer in the list", 1, 3, 0),)
        assert [e.channel for e in promotion_log(work)] == ["A channel that is no longer in the list"]


def test_totals_tell_what_nobody_counted_apart_from_zero(work_on: WorkOn) -> None:
    with work_on() as work:
        for channel, reach in (
            ("email", 100),
            ("email", None),
            ("email", 0),
            ("website", None),
            ("flyer", 0),
        ):
            add_promotion(work, replace(ENTRY, channel=channel, reach=reach))
        assert channel_totals(work) == (
            ChannelTotal("E-mail", 3, 100, 1),
            ChannelTotal("Flyer or poster", 1, 0, 0),
            ChannelTotal("Website", 1, None, 1),
        )


def test_pages_are_newest_first_and_beyond_the_last_is_the_last(work_on: WorkOn) -> None:
    with work_on() as work:
        for n in range(5):
            add_promotion(work, replace(ENTRY, on=date(2026, 11, 1) + timedelta(days=n), audience=str(n)))
        pages = [promotion_page(work, page=number, length=2) for number in (1, 2, 3, 9, 0, -4)]
        assert [[e.promotion.audience for e in page.lines] for page in pages] == [
            ["4", "3"], ["2", "1"], ["0"], ["0"], ["4", "3"], ["4", "3"],
        ]  # fmt: skip
        assert [(page.page, page.pages, page.total) for page in pages[:4]] == [
            (1, 3, 5), (2, 3, 5), (3, 3, 5), (3, 3, 5),
        ]  # fmt: skip


def test_the_file_holds_the_whole_log_with_a_colon_where_nobody_counted(work_on: WorkOn) -> None:
    with work_on() as work:
        add_promotion(work, replace(ENTRY, audience="=HYPERLINK(1)", reach=None, note="- first\n- second"))
        text = promotion_file(promotion_log(work)).decode("utf-8-sig")
    assert text == (
        "Date,Audience,Channel,Reach,Note\r\n"
        "2026-11-20,'=HYPERLINK(1),Team meeting,:,\"'- first\n- second\"\r\n"
    )


def test_agencies_of_a_type_are_asked_n_or_never(work_on: WorkOn) -> None:
    with work_on() as work:
        north, south = an_agency(work, "North School", "School"), an_agency(work, "South School", "School")
        an_agency(work, "West School", "School")
        an_agency(work, "A Charity", "charity")
        add_request(work, received_at=day(5, 2), agency_id=north)
        add_request(work, received_at=day(11, 24), agency_id=north)
        # Before the period: it has asked, though not now.
        add_request(work, received_at=day(3, 31), agency_id=south)
        add_request(work, received_at=day(6, 1), agency_typed="Somebody new")
        # Neither counts as received.
        add_request(work, received_at=day(6, 1), state=State.DUPLICATE, agency_id=south)
        add_request(work, received_at=day(6, 1), state=State.DRAFT, agency_id=south)
    found = asked(work_on)
    assert found.types == (
        TypeAsking("charity", 1, 0, 0, ("A Charity",)),
        TypeAsking("School", 3, 1, 2, ("West School",)),
    )
    assert (found.received, found.agency_unsettled) == (3, 1)
    assert asked(work_on, from_on=date(2026, 3, 31)).types[1] == TypeAsking(
        "School", 3, 2, 3, ("West School",)
    )


def test_an_agency_counts_while_it_exists_and_with_those_whose_work_it_took_on(work_on: WorkOn) -> None:
    with work_on() as work:
        heir = an_agency(work, "Heir", "School", valid_from=date(2026, 9, 1))
        ended = date(2026, 8, 31)
        old = an_agency(work, "Old", "School", valid_to=ended, successor_id=heir)
        an_agency(work, "Gone", "School", valid_to=date(2026, 3, 31))
        an_agency(work, "Ended here", "School", valid_to=date(2026, 4, 1))
        an_agency(work, "To come", "School", valid_from=date(2026, 11, 25))
        an_agency(work, "Since today", "School", valid_from=date(2026, 11, 24))
        add_request(work, received_at=day(5, 2), agency_id=old)
    assert asked(work_on).types == (TypeAsking("School", 4, 1, 1, ("Since today",)),)
    # "Never" is said of today where the period ends later; who is to come is counted, and not blamed.
    assert asked(work_on, to_on=date(2027, 3, 31)).types == (TypeAsking("School", 5, 1, 1, ("Since today",)),)
    spring = asked(work_on, to_on=date(2026, 6, 30))
    assert spring.types == (TypeAsking("School", 2, 1, 1, ()),)
    assert spring.never_until == date(2026, 6, 30)


def test_a_circle_of_successors_ends(work_on: WorkOn) -> None:
    with work_on() as work:
        first = an_agency(work, "First", "School")
        second = an_agency(work, "Second", "School", successor_id=first)
        work.session.get_one(Agency, first).successor_id = second
        add_request(work, received_at=day(5, 2), agency_id=first)
    assert asked(work_on).types == (TypeAsking("School", 2, 1, 1, ()),)


def test_localities_of_settings_and_of_requests_are_told_with_their_last_request(work_on: WorkOn) -> None:
    with work_on() as work:
        change_setting(work, "localities", {"North": [], "East": []})
        add_request(work, received_at=day(2, 1), locality="East")
        add_request(work, received_at=day(5, 1), locality="Harbour")
        add_request(work, received_at=day(5, 1), locality=None)
    found = asked(work_on)
    assert found.localities == (
        LocalityAsking("East", 0, date(2026, 2, 1)),
        LocalityAsking("Harbour", 1, date(2026, 5, 1)),
        LocalityAsking("North", 0, None),
    )
    assert found.locality_not_recorded == 1


def test_how_they_heard_is_counted_by_period_with_not_recorded_apart(work_on: WorkOn) -> None:
    with work_on() as work:
        change_setting(work, "heard_of", {"colleague": "A colleague", "flyer": "A flyer"})
        for heard in ("colleague", "colleague", "retired_code", None):
            add_request(work, received_at=day(5, 1), heard_of=heard)
        add_request(work, received_at=day(3, 31), heard_of="flyer")
    found = asked(work_on)
    assert found.heard_of == (
        Count("A colleague", 2),
        Count("A flyer", 0),
        Count("An answer that is no longer in the list", 1),
    )
    assert found.heard_of_not_recorded == 1


def test_reversed_dates_are_refused(work_on: WorkOn) -> None:
    with pytest.raises(Invalid) as caught:
        asked(work_on, to_on=date(2026, 3, 31))
    assert caught.value.field == "to_on"


def test_who_asks_takes_the_same_queries_for_few_and_for_many(work_on: WorkOn) -> None:
    def queries() -> int:
        statements: list[str] = []
        with work_on(write=False) as work:
            event.listen(
                work.session.connection(), "before_cursor_execute", lambda *a: statements.append(a[2])
            )
            who_asks(work, **YEAR)
        return len(statements)

    with work_on() as work:
        add_request(work, agency_id=an_agency(work, "One", "School"), locality="East")
    few = queries()
    with work_on() as work:
        for n in range(30):
            add_request(work, agency_id=an_agency(work, f"Agency {n}", f"Type {n}"), locality=f"Place {n}")
    assert (few, queries()) == (5, 5)
