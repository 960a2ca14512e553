"""The code frame that comes with the software: groups and themes of docs/glossary.md, with phrases in our own words."""

from jags.themes.rules.frame import Frame, Theme, Wording

_CASE = "Messages of Case AO"
_REVIEWS = "Recurrent in reviews"
_TRANSITION = "Turning 18"
_PRINCIPLES = "Principles of transitional safeguarding"
_PRESENTING = "What the young person lives with"
_SYSTEM = "Levels of the system"


def _theme(key: str, group: str, words: str, meaning: str, *phrases: str) -> Theme:
    return Theme(key, Wording(group, words, meaning, phrases))


STANDARD: Frame = (
    _theme("relationships", _CASE, "Relationships are the foundation",
           "Flexible and timely relationships: the young person’s own, and those within the professional network.",
           "trust*", "relationship*", "knew her", "knew him", "same worker"),
    _theme("collective-action", _CASE, "Acting together, not only sharing information",
           "Agencies do something together that none of them could do alone.",
           "together", "joint visit*", "joined up", "shared plan"),
    _theme("leaders", _CASE, "Leaders who enable practice across boundaries",
           "Managers give time, permission and cover for work that crosses agencies.",
           "manager*", "senior*", "leader*", "permission"),
    _theme("curiosity", _REVIEWS, "Professional curiosity", "Asking one question more, and checking what is taken for granted.",
           "curious", "curiosity", "did not ask", "nobody asked", "assum*"),
    _theme("communication", _REVIEWS, "Communication", "What was told, to whom and when, and what was not.",
           "communicat*", "not told", "informed", "e-mail*"),
    _theme("challenge", _REVIEWS, "Challenge between professionals", "Different views are spoken and heard; a view can change.",
           "challeng*", "disagree*", "different view*"),
    _theme("silos", _REVIEWS, "Working in silos", "Each agency works on its own part.",
           "silo*", "own part", "not our*", "separately"),
    _theme("divides", _REVIEWS, "Divides in the network", "Camps, blame, or splits between professionals.",
           "blam*", "split*", "divid*", "us and them"),
    _theme("one-view", _REVIEWS, "One agency’s view goes undebated",
           "A retraction or a single account is taken over by all without being looked at again.",
           "retract*", "took their word", "only one view"),
    _theme("adults-not-assessed", _REVIEWS, "Significant adults are never assessed",
           "Partners, relatives or friends who matter are not known to services.",
           "boyfriend*", "partner was", "uncle*", "who he lived with", "who she lived with"),
    _theme("moments", _REVIEWS, "Critical and reachable moments", "A moment at which help would be taken is met, or missed.",
           "reachable", "moment*", "hospital", "arrest*", "opportunit*"),
    _theme("escalation", _REVIEWS, "Escalation", "What was done, or not, when agencies could not agree.",
           "escalat*", "resolution"),
    _theme("missing-partners", _REVIEWS, "Partners who are missing", "For instance housing or education.",
           "housing was", "school was not", "not invited", "not there", "missing from"),
    _theme("before-and-after-18", _TRANSITION, "Duties before and after 18", "Who has which duty on which day.",
           "duty", "duties", "statutory", "turned 18", "turns 18", "at 18"),
    _theme("planning-gap", _TRANSITION, "Gap in planning",
           "Above all for somebody who is neither a care leaver nor disabled.",
           "decided late", "no plan", "too late", "gap*", "care leaver*"),
    _theme("offers-not-known", _TRANSITION, "Offers that are not known", "There is help, and nobody in the room knew of it.",
           "did not know", "offer*", "never heard"),
    _theme("cultures-of-risk", _TRANSITION, "Children’s and adults’ cultures of risk",
           "Services for children and for adults see risk, choice and consent in different ways.",
           "risk", "consent", "lifestyle choice", "choice*", "threshold*"),
    _theme("evidence-informed", _PRINCIPLES, "Evidence-informed", "Research, practice and lived experience are used together.",
           "research", "evidence*"),
    _theme("contextual", _PRINCIPLES, "Contextual and ecological", "Places, peers and groups are looked at, not only the person.",
           "peer*", "neighbourhood", "online", "place*"),
    _theme("developmental", _PRINCIPLES, "Transitional and developmental", "Where the young person is in their development, not just their age.",
           "development*", "matur*", "age alone", "brain*"),
    _theme("relational", _PRINCIPLES, "Relational", "The work goes by relationships that last.",
           "stays with", "who stays", "continu*"),
    _theme("intersectional", _PRINCIPLES, "Intersectional", "Equality, equity, diversity and inclusion.",
           "racis*", "gender*", "cultur*", "discriminat*", "faith*"),
    _theme("participation", _PRINCIPLES, "Participation", "The young person takes part in what is thought and done.",
           "own voice", "asked her", "asked him", "asked them", "their wish*"),
    _theme("mental-health", _PRESENTING, "Mental health", "", "mental health", "anxi*", "depress*"),
    _theme("substance-use", _PRESENTING, "Substance use", "", "drug*", "alcohol", "cannabis", "ketamine"),
    _theme("exploitation", _PRESENTING, "Exploitation", "", "exploit*", "county line*", "groom*"),
    _theme("serious-violence", _PRESENTING, "Serious violence", "", "violen*", "knife", "stab*"),
    _theme("accommodation", _PRESENTING, "Accommodation", "", "accommodation", "homeless*", "tenancy", "sofa*", "supported lodging*"),
    _theme("education-employment", _PRESENTING, "Education and employment", "", "school*", "college*", "apprentic*", "job", "exclu*"),
    _theme("capacity-agency", _PRESENTING, "Capacity and agency", "", "capacity", "own decision*", "unwise"),
    _theme("neglect", _PRESENTING, "Neglect", "", "neglect*"),
    _theme("domestic-abuse", _PRESENTING, "Domestic abuse", "", "domestic", "coercive"),
    _theme("missing-episodes", _PRESENTING, "Missing", "", "went missing", "missing episode*", "reported missing"),
    _theme("self-harm", _PRESENTING, "Self-harm", "", "self-harm*", "self harm*", "suicid*"),
    _theme("fathers-family", _PRESENTING, "Fathers and the family network", "", "father*", "dad", "grandmother*", "grandparent*", "family network"),
    _theme("direct-work", _SYSTEM, "Direct work", "What happens with the young person.", "direct work", "one to one"),
    _theme("team-around", _SYSTEM, "Team around the person", "How the professionals around the young person work together.",
           "team around", "network meeting*", "core group"),
    _theme("organisational-support", _SYSTEM, "Organisational support", "Supervision, time, tools and cover.",
           "supervision", "caseload*", "time to", "workload*"),
    _theme("governance", _SYSTEM, "Governance", "Boards, protocols and how they reach practice.",
           "protocol*", "board*", "policy", "policies"),
)  # fmt: skip
