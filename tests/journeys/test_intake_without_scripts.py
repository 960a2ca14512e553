"""The request form on a phone whose browser runs no script."""

import pytest

from journeys.asking import check_and_send, confirm_by_mail, fill_the_form
from journeys.letters import Letters
from journeys.partnership import Partnership
from journeys.visitors import Visitors


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_practitioner_asks_for_a_jags_without_scripts(
    partnership: Partnership, letters: Letters, visitors: Visitors
) -> None:
    partnership.serve()
    phone = visitors.on_a_phone(scripts=False)
    fill_the_form(visitors, phone, scripts=False)
    reference = check_and_send(visitors, phone, scripts=False)
    confirm_by_mail(visitors, letters, phone, reference, scripts=False)
    letters.take("odette.farr@school.example.org", "We have your request")
    assert visitors.problems == []
    assert letters.unopened == []
