"""Sums, topics, and what a document is by its content."""

import pytest

from factories.gatherings import PDF, package
from jags.kernel.errors import Invalid
from jags.practice import rules
from jags.practice.rules import DocumentKind, in_pounds, kind_of, pence_of, topics_of
from jags.web.practice.toolbox import file_name

ODT = "application/vnd.oasis.opendocument.text"


@pytest.mark.parametrize(
    ("typed", "pence"),
    [("", None), (" £1,250 ", 125000), ("80.50", 8050), ("0", 0), ("100000", 10_000_000)],
)
def test_sums_in_pounds(typed, pence):
    assert pence_of(typed) == pence


@pytest.mark.parametrize("typed", ["-1", "1.5", "12 pounds", "100000.01", "£", "1e3", "٣"])
def test_other_sums_are_explained(typed):
    if typed == "£":
        # Nothing but the sign is nothing.
        assert pence_of(typed) is None
        return
    with pytest.raises(Invalid, match="cost in pounds") as found:
        pence_of(typed)
    assert found.value.field == "cost"


def test_sums_are_said_in_pounds():
    assert [in_pounds(pence) for pence in (0, 8050, 125000)] == ["£0", "£80.50", "£1,250"]


def test_topics_are_lines_each_once_and_not_too_many():
    assert topics_of(" Endings \n\nWho  holds it\r\nEndings") == ("Endings", "Who holds it")
    assert len(topics_of("\n".join(map(str, range(20))))) == 20
    with pytest.raises(Invalid, match="20 topics at most"):
        topics_of("\n".join(map(str, range(21))))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, DocumentKind.PDF),
        (b"\xef\xbb\xbf\r\n" + PDF, DocumentKind.PDF),
        (b"\x89PNG\r\n\x1a\n...", DocumentKind.PNG),
        (b"\xff\xd8\xff\xe0...", DocumentKind.JPEG),
        (package("[Content_Types].xml", "word/document.xml"), DocumentKind.DOCX),
        (package("[Content_Types].xml", "ppt/presentation.xml"), DocumentKind.PPTX),
        (package("content.xml", mimetype=ODT), DocumentKind.ODT),
    ],
)
def test_a_document_is_what_is_in_it(content, kind):
    assert kind_of(content) is kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script></html>",
        b"MZ\x90\x00",
        # Other programs read these as what they begin with.
        b"<html><script>alert(1)</script>" + PDF,
        b"MZ\x90\x00" + PDF,
        package("%PDF-1.7.txt", "xl/workbook.xml"),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"PK\x03\x04 and nothing of a package",
        package("xl/workbook.xml"),
        package("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"),
    ],
)
def test_other_files_are_refused_with_what_to_choose(content):
    with pytest.raises(Invalid, match="Choose a PDF, a Word") as found:
        kind_of(content)
    assert found.value.field == "file"


@pytest.mark.parametrize(
    "content",
    [
        package("word/document.xml", "word/vbaProject.bin"),
        package("%PDF-1.7.txt", "word/document.xml", "word/vbaProject.bin"),
        package("word/document.xml", "word/activeX/activeX1.xml"),
        package("ppt/presentation.xml", "ppt/embeddings/oleObject1.bin"),
        package("ppt/presentation.xml", "ppt/embeddings/Book1.xlsm"),
        package("word/document.xml", "word/something.bin"),
        # Under the name of an ordinary part.
        package("word/document.xml", "word/printerSettings/a.bin", binary=b"\xd0\xcf\x11\xe0\xa1\xb1"),
        package(
            "[Content_Types].xml",
            "word/document.xml",
            types=b'<Override ContentType="application/vnd.ms-office.vbaProject"/>',
        ),
        package("[Content_Types].xml", "word/document.xml", types=b" " * (1024 * 1024 + 1)),
        package("content.xml", "Basic/Standard/Module1.xml", mimetype=ODT),
    ],
)
def test_a_document_that_carries_a_program_is_refused(content):
    with pytest.raises(Invalid, match="carries a program"):
        kind_of(content)


@pytest.mark.parametrize(
    "content",
    [
        package("word/document.xml", "word/printerSettings/printerSettings1.bin", binary=b"\x00P\x00r"),
        package(
            "ppt/presentation.xml", "ppt/fonts/font1.bin", "ppt/fonts/font2.fntdata", "ppt/media/film.mp4"
        ),
        package(
            "ppt/presentation.xml", "ppt/embeddings/Microsoft_Excel_Sheet1.xlsx", "ppt/printerSettings/p1.bin"
        ),
    ],
)
def test_ordinary_parts_of_office_documents_are_taken(content):
    assert kind_of(content) in {DocumentKind.DOCX, DocumentKind.PPTX}


def test_a_document_with_too_many_parts_or_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(rules, "_PARTS_MOST", 1)
    with pytest.raises(Invalid, match="Choose a PDF"):
        kind_of(package("word/document.xml", "word/styles.xml"))
    monkeypatch.setattr(rules, "DOCUMENT_BYTES_MOST", len(PDF))
    assert kind_of(PDF) is DocumentKind.PDF
    with pytest.raises(Invalid, match="MB at most"):
        kind_of(PDF + b".")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Aide memoire: 2027", "Aide-memoire-2027"),
        ("../../etc/passwd", "etc-passwd"),
        ("\r\nX: y", "X-y"),
        ("☂", "document"),
    ],
)
def test_a_title_is_the_name_of_a_file_on_every_system(title, name):
    assert file_name(title) == name
