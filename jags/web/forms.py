"""The base of every form: its hidden version, limits on text, and where a broken rule is shown."""

from collections.abc import Collection
from typing import Any

from flask import g, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import Form, IntegerField
from wtforms.csrf.core import CSRFTokenField
from wtforms.validators import Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from jags.kernel.errors import Invalid
from jags.kernel.identifiers import Kind, NamesSomebody
from jags.web.guard import (
    ANSWERED,
    INITIALS,
    NOTHING,
    SHOWN,
    IdentifierGuard,
    answer_to_hint,
    hint_at_names,
    likely_names,
    names_asked_about,
    put_initials,
    show_at,
)
from jags.web.unit_of_work import current_work

SHORT = 200
LONG = 2000


class ShowsErrors(Form):
    """A form that can show a broken rule which a service found."""

    def attach(self, error: Invalid) -> None:
        """Show a broken rule at its field, or above the form."""
        field: Any = self._fields.get(error.field)
        if field is None:
            self.form_errors.append(str(error))
        else:
            field.errors = [*field.errors, str(error)]
            if isinstance(error, NamesSomebody):
                show_at(field, error)


class _Token(CSRFTokenField):
    """The forgery token of a form, made when it is drawn: a form that was sent and kept needs no new one."""

    def process(self, *args: Any, **values: Any) -> None:
        """Take what was sent, as every hidden field does."""
        super(CSRFTokenField, self).process(*args, **values)

    def _value(self) -> str:
        token: str = self.csrf_impl.generate_csrf_token(self)
        return token


class _Forgery(FlaskForm.Meta.csrf_class):
    """Flask-WTF's own check of tokens, with our field."""

    field_class = _Token


class JagsForm(ShowsErrors, FlaskForm):
    """A form with a forgery token and the version of what it was shown."""

    class Meta(FlaskForm.Meta):
        """Read what was typed, never a file: no form of ours takes one, and a file is no text."""

        csrf_class = _Forgery

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return the texts of the post that is being answered."""
            data = super().wrap_formdata(form, formdata)
            return request.form if isinstance(data, CombinedMultiDict) else data

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    # The fields that seem to hold names, when the page is shown with the hint about them.
    hinted: tuple[dict[str, str], ...] = ()

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        # So that an error page can say what was typed by the words of its questions.
        g.forms = (*g.get("forms", ()), self)

    def validate(self, *args: Any, **values: Any) -> bool:
        """Check what was typed; a likely name is hinted at once, and whoever sends the form again keeps it."""
        answer = answer_to_hint()
        if INITIALS in answer:
            put_initials(self)
        valid = bool(super().validate(*args, **values))
        asked = names_asked_about()
        # What is sent on from a page that only shows it was asked about before: there is nothing new in it.
        if asked or not answer:
            self.hinted = tuple(hint_at_names(self, but=asked))
        return valid and not self.hinted

    @property
    def names_said(self) -> str:
        """Return what the page carries hidden when it is shown again: that the hint is on it, or was answered."""
        if self.hinted:
            return SHOWN
        return ANSWERED if answer_to_hint() else ""

    @property
    def names_seen(self) -> str:
        """Return the names that the page carries hidden with that, one a line: another that is typed is hinted at, too."""
        return "\n".join(likely_names(self)) if self.names_said else ""

    @property
    def shown_version(self) -> int:
        """Return the version that the form was shown; 0 when it named none."""
        return self.version.data or 0

    def attach(self, error: Invalid) -> None:
        """Show a broken rule at its field (or above the form), and roll the unit of work back."""
        current_work().abandon()
        super().attach(error)


class FileForm(JagsForm):
    """A form with one field for a file, called `file`."""

    class Meta(JagsForm.Meta):
        """Read the one file of the form, and texts as everywhere else."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return the texts of the post, and the file at its own field only."""
            texts = super().wrap_formdata(form, formdata)
            if texts is None:
                return None
            data = MultiDict(texts)
            data.pop("file", None)
            if request.files.get("file"):
                data["file"] = request.files["file"]
            return data


class PlainText:
    """Refuse characters that no keyboard makes: NUL, controls, and overrides of the writing direction."""

    def __call__(self, _form: Any, field: Any) -> None:
        """Raise a `ValidationError` that says what to do."""
        text = field.data or ""
        if any((ord(c) < 32 and c not in "\r\n\t") or ord(c) == 127 or c in _OVERRIDES for c in text):  # noqa: PLR2004 - Control characters.
            raise ValidationError(
                "Remove the hidden control characters: type this text again, or paste it as plain text."
            )


class OneLine:
    """Refuse line breaks and tabs where one line is asked."""

    def __call__(self, _form: Any, field: Any) -> None:
        """Raise a `ValidationError` that says what to do."""
        if any(c in "\r\n\t" for c in (field.data or "").strip()):
            raise ValidationError("Write this on one line, without line breaks or tabs.")


# Embeddings, overrides and isolates of the writing direction.
_OVERRIDES = frozenset(chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def short_text(what: str, *, fine: Collection[Kind] = NOTHING) -> list[Any]:
    """Return the validators of one line of text; `what` completes "Shorten …", `fine` is what may identify somebody here."""
    return [
        Length(max=SHORT, message=f"Shorten {what} to {SHORT} characters or fewer."),
        PlainText(),
        OneLine(),
        IdentifierGuard(fine),
    ]


def long_text(what: str, *, fine: Collection[Kind] = NOTHING) -> list[Any]:
    """Return the validators of a longer text; `what` completes "Shorten …", `fine` is what may identify somebody here."""
    return [
        Length(max=LONG, message=f"Shorten {what} to {LONG:,} characters or fewer."),
        PlainText(),
        IdentifierGuard(fine),
    ]


def asked_again(form: Form) -> dict[str, list[str]]:
    """Return what the address asks for by a form, to be asked for again elsewhere.

    Nothing else of the address: `url_for` would take an argument `endpoint` or `_scheme` for one of its own.
    """
    known = {field.name for field in form}
    asked = request.args.to_dict(flat=False)
    # The three boxes of a date are called after it, with a dash.
    return {name: values for name, values in asked.items() if name.partition("-")[0] in known}
