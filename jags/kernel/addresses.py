"""E-mail addresses as they are stored."""

from email_validator import EmailNotValidError, validate_email

from jags.kernel.errors import Invalid


def checked_email(text: str) -> str:
    """Return an e-mail address as it is stored; raises `Invalid` with what to do."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Invalid(
            "Enter an e-mail address in the correct format, like name@example.org.", field="email"
        ) from error
