"""The forms of back-entry: one session that was held before, and a file of them."""

import uuid
from collections.abc import Iterable
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovFileInput, GovRadioInput, GovSelect
from wtforms import FileField, Form, FormField, SelectField
from wtforms.validators import InputRequired, Optional, ValidationError

from jags.accounts.queries import find_agency
from jags.accounts.rules import spelling
from jags.facilitators.queries import PoolMember
from jags.importing.rules.form import NamedAgency
from jags.importing.rules.held import HeldEntry, NamedFacilitator
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.rules import AgeBand, AskedBy, TransitionalFeature
from jags.scheduling.rules import AgencyRow, ApologyReason, Attendance, SessionFormat
from jags.settings.queries import partnership
from jags.web.fields import AnyOf, DayField, OneOf, Rows, WholeNumberField, line, offered, worded
from jags.web.forms import FileForm, JagsForm
from jags.web.guard import PEOPLE
from jags.web.unit_of_work import current_work
from jags.web.wording import words

NOT_RECORDED = "Not recorded"
_OPEN = ("", NOT_RECORDED)
# So many empty rows stand beneath those that are filled.
SPARE_ROWS = 6
MOST_ROWS = 60
_REASONS = [reason for reason in ApologyReason if reason is not ApologyReason.NOT_RECORDED]


class MaybeDay(DayField):
    """A date that may be left open."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date; three empty boxes are none."""
        if not any(part.strip() for part in valuelist):
            self.data = None
            return
        super().process_formdata(valuelist)


def _select(label: str, choices: Iterable[Any] = (), hint: str = "") -> SelectField:
    return SelectField(
        label,
        description=hint,
        widget=GovSelect(),
        choices=[*offered([_OPEN]), *choices],
        validators=[Optional()],
    )


class AgencyForm(Form):
    """How one agency took part; a row without a name is none."""

    name = line("Agency", "the name of the agency")
    attendance = SelectField(
        "Did they come?",
        widget=GovSelect(),
        choices=offered(
            [
                ("", NOT_RECORDED),
                (Attendance.PRESENT.value, "They came"),
                (Attendance.APOLOGIES.value, "They did not come"),
            ]
        ),
        validators=[Optional()],
    )
    reason = _select("If not, why?", offered((reason.value, words(reason)) for reason in _REASONS))

    def validate_name(self, field: Any) -> None:
        """Ask for a name where anything else was chosen."""
        if not field.data and (self.attendance.data or self.reason.data):
            raise ValidationError("Enter the agency, or clear the row.")


class HeldForm(JagsForm):
    """A session that was held before; everything but its day may be left open."""

    held_on = DayField(
        "When was it held?",
        description="For example, 27 3 2026",
        validators=[InputRequired("Enter the day on which it was held.")],
    )
    number = line(
        "Your own number for it",
        "the number",
        most=40,
        hint="By which you would look for it, such as JAGS025 in the old tracker",
    )
    received_on = MaybeDay("When was the request received?", description="For example, 27 2 2026")
    agency = line("Which agency asked?", "the name of the agency")
    asked_by = _select("How did they ask?", worded(AskedBy))
    locality = _select("Locality")
    age_bands = AnyOf(
        "Age of the children, young people or young adults",
        description="All that apply. None ticked means not recorded.",
        choices=worded(AgeBand),
        widget=GovCheckboxesInput(),
    )
    transitional = OneOf(
        "Does transitional safeguarding feature?",
        description="As the Business Unit sees it",
        choices=offered([("yes", "Yes"), ("no", "No"), ("", NOT_RECORDED)]),
        default="",
        widget=GovRadioInput(),
    )
    features = AnyOf("What features?", choices=worded(TransitionalFeature), widget=GovCheckboxesInput())
    first = _select("First facilitator")
    first_name = line("Or a name", "the name", hint="Of somebody who is not in the pool", fine=PEOPLE)
    second = _select("Second facilitator")
    second_name = line("Or a name", "the name", hint="Of somebody who is not in the pool", fine=PEOPLE)
    agencies = Rows(FormField(AgencyForm), max_entries=MOST_ROWS)
    format = _select("How did people meet?", worded(SessionFormat))
    minutes = WholeNumberField(
        "How long did it last, in minutes?",
        message="Enter the length in minutes, as a whole number.",
        validators=[Optional()],
    )

    def offer(self, pool: Iterable[PoolMember]) -> None:
        """Offer the people of the pool, and the localities."""
        localities = partnership(current_work()).localities
        self.locality.choices = offered([_OPEN, *((name, name) for name in localities)])
        people = [(str(m.person_id), ", ".join(filter(None, (m.name, m.agency)))) for m in pool]
        self.first.choices = self.second.choices = offered([_OPEN, *people])

    def entry(self, work: Work) -> HeldEntry:
        """Return what was entered; raises `Invalid` where a facilitator is named in two ways."""
        return HeldEntry(
            held_on=self.held_on.data or work.today,
            number=" ".join((self.number.data or "").upper().split()),
            received_on=self.received_on.data,
            agency=_agency(work, self.agency.data or ""),
            locality=self.locality.data or None,
            age_bands=frozenset(map(AgeBand, self.age_bands.data or ())),
            transitional={"yes": True, "no": False}.get(self.transitional.data or ""),
            features=frozenset(map(TransitionalFeature, self.features.data or ())),
            asked_by=AskedBy(self.asked_by.data) if self.asked_by.data else None,
            facilitators=tuple(self._facilitators()),
            agencies=tuple(_row(work, row.form) for row in self.agencies if row.form.name.data),
            format=SessionFormat(self.format.data) if self.format.data else None,
            minutes=self.minutes.data,
        )

    def _facilitators(self) -> Iterable[NamedFacilitator]:
        for chosen, named in ((self.first, self.first_name), (self.second, self.second_name)):
            if chosen.data and named.data:
                raise Invalid("Select somebody from the pool or enter a name, not both.", field=named.name)
            if chosen.data:
                yield NamedFacilitator(uuid.UUID(chosen.data))
            elif named.data:
                yield NamedFacilitator(None, named.data)


class UploadForm(FileForm):
    """A spreadsheet of sessions that were held before."""

    file = FileField(
        "Your spreadsheet",
        description="The filled-in template, or a CSV file with its headings; at most 1 MB",
        widget=GovFileInput(),
    )


def shown(entry: HeldEntry, names: dict[uuid.UUID, str]) -> dict[str, Any]:
    """Return what a form shows of an entry; `names` are those of agencies."""
    people = [*entry.facilitators, *[NamedFacilitator(None)] * 2][:2]
    return {
        "held_on": entry.held_on,
        "number": entry.number,
        "received_on": entry.received_on,
        "agency": _name(entry.agency, names) if entry.agency else "",
        "asked_by": entry.asked_by or "",
        "locality": entry.locality or "",
        "age_bands": [band.value for band in entry.age_bands],
        "transitional": {True: "yes", False: "no", None: ""}[entry.transitional],
        "features": [feature.value for feature in entry.features],
        "first": str(people[0].person_id or ""),
        "first_name": people[0].name,
        "second": str(people[1].person_id or ""),
        "second_name": people[1].name,
        "agencies": [
            *(
                {
                    "name": _name(NamedAgency(row.agency_id, row.agency_typed), names),
                    "attendance": "" if row.attendance is Attendance.NOT_RECORDED else row.attendance.value,
                    "reason": row.reason.value if row.reason in _REASONS else "",
                }
                for row in entry.agencies
            ),
            *blank_rows(),
        ],
        "format": entry.format or "",
        "minutes": entry.minutes,
    }


def blank_rows() -> list[dict[str, str]]:
    """Return rows for agencies that are still to be entered."""
    return [{"name": "", "attendance": "", "reason": ""}] * SPARE_ROWS


def _name(agency: NamedAgency, names: dict[uuid.UUID, str]) -> str:
    return names.get(agency.agency_id, "") if agency.agency_id else agency.typed


def _agency(work: Work, typed: str) -> NamedAgency | None:
    if not spelling(typed):
        return None
    known = find_agency(work, typed)
    return NamedAgency(known.id if known else None, "" if known else typed)


def _row(work: Work, row: Any) -> AgencyRow:
    agency = _agency(work, row.name.data) or NamedAgency(None)
    attendance = Attendance(row.attendance.data or Attendance.NOT_RECORDED)
    reason = None
    if attendance is Attendance.APOLOGIES:
        reason = ApologyReason(row.reason.data or ApologyReason.NOT_RECORDED)
    return AgencyRow(agency.agency_id, agency.typed, attendance, reason)
