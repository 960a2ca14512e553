"""Purpose and method: what the report is about, and how it was counted."""

from jags.evaluation.render.wording import period_in_words
from jags.evaluation.rules.document import Bullets, Paragraph
from jags.evaluation.rules.gathered import Asked, Gathered
from jags.evaluation.rules.measured import RawSection

_FEEDBACK = (
    "Feedback is anonymous. Answers are opened in groups, never one by one, and opinions are told in bands in which nobody can be found. "
    "Those who did not answer may think otherwise."
)
METHOD = (
    (
        "Requests, sessions and agencies are counted from what the Business Unit and facilitators recorded. Requests count by the London date "
        "on which they were received, sessions by the London date on which they were held; so the two do not add up."
    ),
    "What was not recorded is shown by a colon and is never counted as nothing. Below thirty, shares are told as 11 of 12 and not in hundredths.",
    _FEEDBACK,
    "Outside the Business Unit a count of one to five children is not shown, nor as much beside it as would give it away.",
)


def method_of(asked: Asked) -> tuple[str, ...]:
    """Return how a report was counted; one of a locality has no feedback to speak of."""
    return tuple(one for one in METHOD if one != _FEEDBACK or not asked.locality)


def purpose(gathered: Gathered) -> RawSection:
    """Return what the report is about."""
    asked = gathered.asked
    about = "all JAGS"
    if asked.transitional:
        about = "the JAGS for which the Business Unit confirmed that transitional safeguarding features"
    told = "This report gives account of" if asked.period.is_account_of_a_year else "This report tells of"
    if asked.locality:
        about += f" of the locality {asked.locality}"
    tells = (
        "how many there were and who took part"
        if asked.locality
        else "how many there were, who took part, how well they went and what difference they made"
    )
    texts = [
        f"{told} {about}, {period_in_words(asked.period)}: {tells}.",
        (
            "A JAGS (Joint Agency Group Supervision) is a facilitated, reflective space for the practitioners around a child, young person or "
            "family. It sets no tasks and takes no decisions about a case, so this report tells of the practice and not of cases."
        ),
    ]
    if asked.compared_with:
        texts.append(f"Beside it stand the figures of {period_in_words(asked.compared_with)}.")
    return RawSection("purpose", "What this report is about", tuple(map(Paragraph, texts)))


def of_all_localities() -> RawSection:
    """Return what a report of one locality does not tell, and why."""
    return RawSection(
        "of-all-localities",
        "What is told of all localities together",
        (
            Paragraph("Some of it belongs to no locality, and some would show in one who somebody is:"),
            Bullets(
                (
                    "What people said, straight after and some weeks later: answers are kept without their session.",
                    "Keeping to the approach, observations, audits and themes: they are put together over many sessions.",
                    "Training, network meetings and promotion: they are for every locality.",
                )
            ),
        ),
    )
