"""Words and rules of network meetings, training events and the toolbox."""

import codecs
import io
import re
import uuid
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum

from jags.facilitators.rules import BookingKind
from jags.kernel.errors import DomainError, Invalid
from jags.scheduling.rules import Place, SessionFormat

# A meeting begins within these wall times in London, both included, and lasts so many minutes.
EARLIEST_START = time(8)
LATEST_START = time(20)
MINUTES_LEAST = 30
MINUTES_MOST = 480
PLACES_MOST = 200
COST_MOST = 100_000_00
# A theme is put forward for an agenda when it is shared by so many sessions of the last twelve months at least.
THEME_SESSIONS_LEAST = 5
TOPICS_MOST = 20
DOCUMENT_BYTES_MOST = 5 * 1024 * 1024
# So many parts and no more has a document that a word processor writes.
_PARTS_MOST = 2000
# Programs, and objects of other software that may hold one; a part's name is only the first thing that is looked at.
_CODE_PARTS = re.compile(
    r"vbaproject|vbadata|activex|oleobject|^basic/|^scripts/|\.(exe|dll|com|scr|bat|cmd|ps1|vbs?|jse?|hta|jar|docm|dotm|pptm|xlsm|xlsb)$",
    re.IGNORECASE,
)
# What a package says of its parts, whatever they are called.
_CODE_TYPES = re.compile(rb"vbaproject|macroenabled|activex|oleobject", re.IGNORECASE)
_TYPES_PART, _TYPES_BYTES_MOST = "[Content_Types].xml", 1024 * 1024
# Settings of printers and embedded fonts are ordinary; a binary part that opens as an OLE file may hold anything.
_ORDINARY_BINARY = re.compile(r"(^|/)(printersettings|fonts)/[^/]+\.bin$", re.IGNORECASE)
_OLE_FILE = b"\xd0\xcf\x11\xe0"


class GatheringKind(StrEnum):
    """What facilitators come together for."""

    NETWORK_MEETING = "network_meeting"
    TRAINING = "training"

    @property
    def booking(self) -> BookingKind:
        """Return as what it takes people's time."""
        return BookingKind(self.value)


class GatheringState(StrEnum):
    """Where a meeting or a training event stands."""

    PLANNED = "planned"
    HELD = "held"
    CALLED_OFF = "called_off"


class Reply(StrEnum):
    """How it stands with somebody who is invited."""

    INVITED = "invited"
    COMING = "coming"
    APOLOGIES = "apologies"
    ATTENDED = "attended"
    NOT_THERE = "not_there"


# Whose time is held.
HOLDS_TIME = frozenset({Reply.INVITED, Reply.COMING})


class Audience(StrEnum):
    """Who may see a document of the toolbox."""

    FACILITATORS = "facilitators"
    BUSINESS_UNIT = "business_unit"


class DocumentKind(StrEnum):
    """What a document is, told by its content; the value is how a file of this kind is called at its end."""

    PDF = "pdf"
    DOCX = "docx"
    PPTX = "pptx"
    ODT = "odt"
    PNG = "png"
    JPEG = "jpg"

    @property
    def content_type(self) -> str:
        """Return the content type with which it is given out."""
        return _CONTENT_TYPES[self]


_OFFICE = "application/vnd.openxmlformats-officedocument"
_CONTENT_TYPES = {
    DocumentKind.PDF: "application/pdf",
    DocumentKind.DOCX: f"{_OFFICE}.wordprocessingml.document",
    DocumentKind.PPTX: f"{_OFFICE}.presentationml.presentation",
    DocumentKind.ODT: "application/vnd.oasis.opendocument.text",
    DocumentKind.PNG: "image/png",
    DocumentKind.JPEG: "image/jpeg",
}


class NoPlaceLeft(DomainError):
    """All places are taken. Invite fewer people, or offer more places."""


@dataclass(frozen=True)
class About:
    """What a training event is called, who gives it, and from which fund it is paid; sealed."""

    title: str = ""
    provider: str = ""
    fund: str = ""


@dataclass(frozen=True)
class Agenda:
    """What a network meeting is about; sealed. Never a case."""

    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A meeting or a training event as it is planned; `wall_start` is naive London time, `cost_pence` None where not known.

    `venue_id` is one of the places that are booked once at a time, and `place` then says what that is called.
    """

    wall_start: datetime
    minutes: int
    format: SessionFormat
    place: Place
    about: About = field(default_factory=About)
    places: int | None = None
    cost_pence: int | None = None
    transitional: bool = False
    venue_id: uuid.UUID | None = None


def topics_of(text: str) -> tuple[str, ...]:
    """Return the topics of a text, one on each line, each once; raises `Invalid` for too many."""
    topics = tuple(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))
    if len(topics) > TOPICS_MOST:
        raise Invalid(f"Enter {TOPICS_MOST} topics at most.", field="topics")
    return topics


def pence_of(text: str) -> int | None:
    """Return a sum in pounds, such as £1,250 or 80.50, in pence; None for an empty text, `Invalid` for none at all."""
    plain = text.strip().removeprefix("£").replace(",", "").strip()
    if not plain:
        return None
    found = re.fullmatch(r"([0-9]{1,7})(?:\.([0-9]{2}))?", plain)
    pence = int(found[1]) * 100 + int(found[2] or 0) if found else COST_MOST + 1
    if pence > COST_MOST:
        raise Invalid("Enter the cost in pounds, such as 1250 or 80.50, up to 100,000.", field="cost")
    return pence


def in_pounds(pence: int) -> str:
    """Return pence as £1,250 or £80.50."""
    pounds, rest = divmod(pence, 100)
    return f"£{pounds:,}.{rest:02}" if rest else f"£{pounds:,}"


def kind_of(content: bytes) -> DocumentKind:
    """Return what a file is, by what is in it and not by its name.

    Raises `Invalid` for another kind, for a document that carries a program, and for one that is too large.
    """
    if len(content) > DOCUMENT_BYTES_MOST:
        raise Invalid(
            f"Choose a file of {DOCUMENT_BYTES_MOST // 1024**2} MB at most. Pictures in it can often be made smaller.",
            field="file",
        )
    # What stands before the mark would be read by other programs: a page, a package or a program in another dress.
    if content.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"%PDF-"):
        return DocumentKind.PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return DocumentKind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return DocumentKind.JPEG
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_package(content)
    raise _other_kind()


def _kind_of_package(content: bytes) -> DocumentKind:
    """Look into the list of a package's parts; nothing is unpacked but the few bytes that say what it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            if len(names) > _PARTS_MOST:
                raise _other_kind()
            if _carries_a_program(package, names):
                raise Invalid(
                    "This document carries a program (macros), or an embedded object that may hold one. Save it without, and choose "
                    "it again.",
                    field="file",
                )
            if "word/document.xml" in names:
                return DocumentKind.DOCX
            if "ppt/presentation.xml" in names:
                return DocumentKind.PPTX
            if (
                names[:1] == ["mimetype"]
                and package.open("mimetype").read(100) == DocumentKind.ODT.content_type.encode()
            ):
                return DocumentKind.ODT
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, zipfile.LargeZipFile):
        pass
    raise _other_kind()


def _carries_a_program(package: zipfile.ZipFile, names: Sequence[str]) -> bool:
    if any(_CODE_PARTS.search(name) for name in names):
        return True
    if _TYPES_PART in names:
        with package.open(_TYPES_PART) as types:
            said = types.read(_TYPES_BYTES_MOST + 1)
        if len(said) > _TYPES_BYTES_MOST or _CODE_TYPES.search(said):
            return True
    return any(
        not _ORDINARY_BINARY.search(name) or _begins(package, name).startswith(_OLE_FILE)
        for name in names
        if name.lower().endswith(".bin")
    )


def _begins(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        return part.read(len(_OLE_FILE))


def _other_kind() -> Invalid:
    return Invalid(
        "Choose a PDF, a Word, PowerPoint or OpenDocument text file, or a PNG or JPEG picture.", field="file"
    )
