"""Forms of sign-in, second steps and one's own account."""

from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovSubmitInput, GovTextInput
from wtforms import HiddenField, PasswordField, StringField, SubmitField
from wtforms.validators import DataRequired, EqualTo, Length

from jags.accounts.rules import PASSWORD_LEAST, PASSWORD_MOST
from jags.web.forms import JagsForm, short_text
from jags.web.guard import ANYTHING

# What a browser answers for a passkey is a few hundred letters long.
_ANSWER_MOST = 20_000


class SignInForm(JagsForm):
    """E-mail address and password."""

    email = StringField(
        "E-mail address",
        widget=GovTextInput(),
        validators=[
            DataRequired("Enter your e-mail address."),
            *short_text("the e-mail address", fine=ANYTHING),
        ],
    )
    password = PasswordField(
        "Password",
        widget=GovPasswordInput(),
        validators=[
            DataRequired("Enter your password."),
            Length(max=PASSWORD_MOST, message=f"Enter at most {PASSWORD_MOST} characters."),
        ],
    )
    sign_in = SubmitField("Sign in", widget=GovSubmitInput())


class SetPasswordForm(JagsForm):
    """A new password, twice."""

    password = PasswordField(
        "Choose a password",
        description=f"At least {PASSWORD_LEAST} characters. Three random words work well.",
        widget=GovPasswordInput(),
        validators=[DataRequired("Enter a password.")],
    )
    again = PasswordField(
        "The same password again",
        widget=GovPasswordInput(),
        validators=[
            DataRequired("Enter the same password again."),
            EqualTo("password", "The two passwords differ. Enter the same one twice."),
        ],
    )
    set_password = SubmitField("Set the password", widget=GovSubmitInput())


class ChangePasswordForm(SetPasswordForm):
    """The present password, and a new one, twice."""

    present = PasswordField(
        "Your present password",
        widget=GovPasswordInput(),
        validators=[
            DataRequired("Enter your present password."),
            Length(max=PASSWORD_MOST, message=f"Enter at most {PASSWORD_MOST} characters."),
        ],
    )


class CodeForm(JagsForm):
    """A code of an authenticator app or of a printed sheet."""

    code = StringField(
        "Code",
        widget=GovTextInput(),
        validators=[DataRequired("Enter the code."), *short_text("the code", fine=ANYTHING)],
    )


class PasskeyForm(JagsForm):
    """What the browser answers for a passkey; a small script fills it in."""

    answer = HiddenField(
        validators=[
            DataRequired("Press the button and follow your browser. If nothing happens, choose another way."),
            Length(max=_ANSWER_MOST, message="Your browser’s answer could not be read. Try again."),
        ]
    )
