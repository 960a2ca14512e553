"""What the partnership of the demonstration did to make JAGS known."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MadeUpPromotion:
    """An entry of the promotion log of the demonstration."""

    days_ago: int
    audience: str
    channel: str
    reach: int | None = None
    note: str = ""


PROMOTION: tuple[MadeUpPromotion, ...] = (
    MadeUpPromotion(340, "Everybody in the children’s workforce", "newsletter", 1240, "First notice of JAGS"),
    MadeUpPromotion(
        301, "Designated safeguarding leads of schools", "training", 64, "Half an hour, many questions"
    ),
    MadeUpPromotion(256, "Leaving Care Service", "team_meeting", 14),
    MadeUpPromotion(190, "General practices", "email", None, "Sent on by the integrated care board"),
    MadeUpPromotion(122, "Adult Social Care, duty team", "team_meeting", 9),
    MadeUpPromotion(77, "Staff rooms of secondary schools", "flyer", None),
    MadeUpPromotion(30, "Transitional safeguarding roadshow", "training", 118, "Adult services took part"),
)
