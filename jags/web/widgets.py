"""Draw a date as three boxes, also when what was sent is not three parts."""

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovDateInput


class DateBoxes(GovDateInput):
    """Day, month and year for a `DateField(format="%d %m %Y")`; keeps what was typed in each box."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """Return what the GOV.UK macro needs.

        The parent takes exactly three sent values apart; a forged or broken post may carry any number.
        """
        if field.raw_data is not None and len(field.raw_data) != 3:  # noqa: PLR2004 - day, month, year.
            field.raw_data = [*field.raw_data, "", "", ""][:3]
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        return params
