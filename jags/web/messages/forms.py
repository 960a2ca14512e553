"""The form of the wording of an e-mail."""

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField
from wtforms.validators import DataRequired

from jags.web.fields import LongField, tidy
from jags.web.forms import JagsForm, OneLine, PlainText
from jags.web.guard import PLACES, IdentifierGuard


class WordingForm(JagsForm):
    """Subject and text, with placeholders; how long they may be is checked with the rest of the wording."""

    subject = StringField(
        "Subject",
        filters=[tidy],
        widget=GovTextInput(),
        validators=[DataRequired("Write a subject."), PlainText(), OneLine(), IdentifierGuard(PLACES)],
    )
    body = LongField(
        "Text",
        description="Paragraphs with an empty line between them. Who we are, our telephone number and how to find us are added at the end.",
        filters=[tidy],
        validators=[DataRequired("Write what the e-mail says."), PlainText(), IdentifierGuard(PLACES)],
    )
