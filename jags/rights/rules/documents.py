"""Documents that the partnership completes: what each part asks for, and what the software itself can say."""

from dataclasses import dataclass
from enum import StrEnum

PART_MOST = 4000


class Document(StrEnum):
    """A document that says what is done with people's data, or who can use these pages."""

    PRIVACY = "privacy"
    ACCESSIBILITY = "accessibility"
    IMPACT = "impact"
    PROCESSING = "processing"
    RETENTION = "retention"


@dataclass(frozen=True)
class DocumentPart:
    """One part: `asks` is what to write, `facts` what this software does, which needs no completing."""

    key: str
    title: str
    asks: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class DocumentOf:
    """A document with its parts; `path` is where everybody reads it, empty when it is for the Business Unit and advisers."""

    title: str
    about: str
    parts: tuple[DocumentPart, ...]
    path: str = ""


_HELD = (
    "Practitioners: name, role, team, agency, work e-mail and telephone number.",
    "Children, young people and families: initials or a made-up name, age bands, locality, plans, and what is written about the work. No name, date of birth, address or NHS number: they are stopped before anything is kept.",
    "Sessions: date, agencies present, length, whether it kept to the approach, general learning. No minutes, no actions, no decisions.",
    "Feedback: figures and comments that nobody can join to a person.",
)
_PROTECTED = (
    "Names, addresses and texts are encrypted, each request and person under a key of its own; the master key lies outside the database.",
    "Everybody sees what their part needs. Who stands aside from a case sees nothing of it. Acts are kept in a chained audit trail.",
    "Reports hide small counts about children and show opinions in bands.",
    "Records are erased with two people when their time is over; legal hold and open complaints keep them.",
)

DOCUMENTS: dict[Document, DocumentOf] = {
    Document.PRIVACY: DocumentOf(
        "Privacy notice",
        "What everybody reads who asks for a JAGS or takes part. The page says what the software does; these parts stand below it.",
        (
            DocumentPart(
                "controller",
                "Who is responsible",
                "Name and address of the controller, and of joint controllers.",
            ),
            DocumentPart("officer", "Data protection officer", "Position and how to reach them."),
            DocumentPart(
                "basis",
                "The law that we rely on",
                "The public task and the condition for special categories, with the acts and sections that your advisers name.",
            ),
            DocumentPart(
                "shared",
                "With whom we share it",
                "Partners, and suppliers who host or look after this service.",
            ),
            DocumentPart(
                "more",
                "Your rights, and to whom you can complain",
                "Including the Information Commissioner’s Office.",
            ),
        ),
        "/privacy",
    ),
    Document.ACCESSIBILITY: DocumentOf(
        "Accessibility statement",
        "Public bodies publish one. The software says what it was built and tested for; the rest is yours.",
        (
            DocumentPart(
                "how",
                "How accessible these pages are",
                "",
                (
                    (
                        "They are built to meet the Web Content Accessibility Guidelines 2.2 at level AA: they work with a keyboard alone, without scripts, at 400 % zoom, "
                        "and with a screen reader; no meaning is in colour alone, and every chart is also a table."
                    ),
                    "Automatic checks run on the pages of the main walks at each change of the software.",
                ),
            ),
            DocumentPart("status", "How far they comply", "Fully, partly or not, after your own test."),
            DocumentPart(
                "problems",
                "What is not accessible yet",
                "Each problem, and by when it is mended. PDF files and maps, too.",
            ),
            DocumentPart("formats", "Another format", "How to ask for it, and how many days it takes."),
            DocumentPart(
                "tested",
                "How and when it was tested",
                "By whom, with which people and programs, and when this statement was looked at last.",
            ),
            DocumentPart(
                "enforced",
                "If you are not happy with our answer",
                "The body that enforces the regulations in your country, and how to reach it.",
            ),
        ),
        "/accessibility",
    ),
    Document.IMPACT: DocumentOf(
        "Help with the impact assessment (DPIA)",
        "Facts of the software for your data protection impact assessment, and what only you can answer.",
        (
            DocumentPart(
                "need",
                "Why an assessment is needed",
                "Special-category data about children; vulnerable people; several agencies.",
            ),
            DocumentPart("held", "What is held", "Anything that you hold beside this software.", _HELD),
            DocumentPart(
                "asked",
                "Who was asked",
                "Practitioners, young people and families, staff representatives, the officer; what they said.",
            ),
            DocumentPart(
                "necessary",
                "Necessity and proportion",
                "Why less would not do, and which optional questions you have switched off.",
                (
                    "No consent is asked for: people are told. Nothing about a child is published that could name them.",
                ),
            ),
            DocumentPart(
                "protected",
                "How it is protected",
                "Hosting, who administers it, backups, where paper copies of keys lie.",
                _PROTECTED,
            ),
            DocumentPart(
                "risks",
                "Risks, and what is done about each",
                "Likelihood and harm as you see them, and what remains.",
                (
                    (
                        "Somebody recognises a child from few facts · a mailbox is read by somebody else · an account is taken over · whoever administers the machine looks · "
                        "feedback is recognised by its style · a backup is lost. The software’s threat model says what each would give away."
                    ),
                ),
            ),
            DocumentPart(
                "signed", "Signed off", "Who, when, what advice was given, when it is looked at again."
            ),
        ),
    ),
    Document.PROCESSING: DocumentOf(
        "Record of processing",
        "The entry of your record of processing activities.",
        (
            DocumentPart(
                "controller", "Controller, representative and officer", "Names and how to reach them."
            ),
            DocumentPart(
                "purposes",
                "Purposes",
                "Anything else that you use it for.",
                (
                    "Arranging Joint Agency Group Supervision, looking after its facilitators, and learning from it.",
                ),
            ),
            DocumentPart(
                "categories", "People and data", "Anything that you hold beside this software.", _HELD
            ),
            DocumentPart(
                "recipients",
                "Who receives it",
                "Suppliers with their contracts.",
                (
                    "Two facilitators a request; whoever takes part sees who else is coming; readers of released reports.",
                ),
            ),
            DocumentPart(
                "transfers",
                "Outside the country",
                "Where servers and mail lie.",
                ("The software itself sends data to nobody but your mail server.",),
            ),
            DocumentPart(
                "retention",
                "How long",
                "",
                ("The retention schedule, which is made from the rules in force.",),
            ),
            DocumentPart("security", "How it is protected", "Your own measures.", _PROTECTED),
        ),
    ),
    Document.RETENTION: DocumentOf(
        "Retention schedule",
        "Made from the rules in force; these parts stand above and below it.",
        (
            DocumentPart(
                "policy",
                "Which policy it belongs to",
                "Name and date of the partnership’s own schedule, and who agreed it.",
            ),
            DocumentPart(
                "beside",
                "Kept elsewhere",
                "What is kept beside this software: mailboxes, paper, the case records of agencies.",
            ),
        ),
        "/how-long-we-keep",
    ),
}
