"""Who may do what by role, and how spellings are compared."""

import pytest

from jags.accounts.rules import LINK_PATHS, PERMISSIONS, Permission, Purpose, Role, spelling

CASE = {
    Permission.REQUEST_READ,
    Permission.REQUEST_TRIAGE,
    Permission.REQUEST_PAUSE,
    Permission.PAIR_OFFER,
    Permission.SESSION_ARRANGE,
}


def test_only_coordinators_work_on_requests():
    assert {role for role in Role if PERMISSIONS[role] & CASE} == {Role.COORDINATOR}


def test_readers_of_evaluations_read_nothing_else():
    assert PERMISSIONS[Role.EVALUATION_READER] == {Permission.EVALUATION_READ}
    assert PERMISSIONS[Role.SCRUTINEER] == {
        Permission.EVALUATION_READ,
        Permission.REPORT_REVIEW,
        Permission.REPORT_SCRUTINISE,
    }


def test_only_administrators_give_accounts_and_change_settings():
    for permission in (Permission.ACCOUNT_MANAGE, Permission.SETTINGS_MANAGE):
        assert {role for role in Role if permission in PERMISSIONS[role]} == {Role.ADMINISTRATOR}


def test_every_role_and_every_purpose_has_its_entry():
    assert PERMISSIONS.keys() == set(Role)
    assert LINK_PATHS.keys() == set(Purpose)
    assert len(set(LINK_PATHS.values())) == len(Purpose)


@pytest.mark.parametrize("typed", ["Children’s  Services", " children's services ", "CHILDREN'S SERVICES."])
def test_spellings_that_mean_the_same_compare_equal(typed):
    assert spelling(typed) == "children's services"
