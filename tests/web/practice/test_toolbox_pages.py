"""The pages of the toolbox: add, version, download, withdraw."""

import io
import re

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from factories.gatherings import PDF, package
from factories.pages import come_in, errors, sign_in, token, version
from factories.pool import facilitator
from jags.accounts.rules import Role
from jags.practice.rules import DOCUMENT_BYTES_MOST, Audience
from jags.practice.service import add_document
from jags.web.bounds import LARGEST_DOCUMENT, LARGEST_FORM


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def uploads(client, path, content, *, name="anything.exe", **fields):
    page = client.get(path)
    data = {"csrf_token": token(page), "version": version(page) if "version" in fields else "", **fields}
    # The test client would leave a temporary file open.
    boundary, body = encode_multipart({**data, "file": FileStorage(io.BytesIO(content), filename=name)})
    return client.post(path, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


@pytest.fixture
def document(work_on):
    with work_on() as work:
        return add_document(work, title="Aide memoire", audience=Audience.FACILITATORS, content=PDF).id


def test_a_document_is_added_by_its_content_whatever_it_is_called(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    added = uploads(client, "/toolbox/new", PDF, title="Aide memoire", audience="facilitators")
    assert (added.status_code, added.location) == (303, "/toolbox")
    assert "Aide memoire Download Aide memoire , PDF, 1 kB" in words(client.get("/toolbox"))
    refused = uploads(
        client,
        "/toolbox/new",
        b"<script>alert(1)</script>",
        name="toolkit.pdf",
        title="Toolkit",
        audience="facilitators",
    )
    assert errors(refused) == [
        "Choose a PDF, a Word, PowerPoint or OpenDocument text file, or a PNG or JPEG picture."
    ]
    assert 'value="Toolkit"' in refused.get_data(as_text=True)


def test_a_file_that_is_missing_or_too_large_is_explained(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    page = client.get("/toolbox/new")
    # The limit is read before anything is chosen.
    assert [" 5 MB at most." in client.get(path).text for path in ("/toolbox", "/toolbox/new")] == [
        True,
        True,
    ]
    data = {"csrf_token": token(page), "title": "Toolkit", "audience": "facilitators"}
    assert errors(client.post("/toolbox/new", data=data)) == ["Choose the file."]
    # A name typed in the field's place is no file.
    assert errors(client.post("/toolbox/new", data={**data, "file": "toolkit.pdf"})) == ["Choose the file."]
    large = uploads(
        client, "/toolbox/new", PDF + bytes(DOCUMENT_BYTES_MOST), title="Toolkit", audience="facilitators"
    )
    assert errors(large) == ["Choose a file of 5 MB at most. Pictures in it can often be made smaller."]
    assert 'value="Toolkit"' in large.text
    assert (
        uploads(
            client, "/toolbox/new", bytes(LARGEST_DOCUMENT + LARGEST_FORM), title="T", audience="facilitators"
        ).status_code
        == 413
    )
    # Other pages take no more than before.
    assert client.post("/promotion/new", data={"note": "x" * LARGEST_FORM}).status_code == 413


def test_a_download_is_a_file_and_never_a_page(client, work_on, document):
    with work_on() as work:
        ann = facilitator(work, "Ann")
    come_in(client, work_on, ann)
    answer = client.get(f"/toolbox/{document}/1")
    assert answer.data == PDF
    found = {
        name: answer.headers[name]
        for name in (
            "Content-Type",
            "Content-Disposition",
            "X-Content-Type-Options",
            "Content-Security-Policy",
            "Cache-Control",
        )
    }
    assert found == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename=Aide-memoire.pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store",
    }


def test_a_new_version_takes_the_place_of_the_old_one_for_facilitators(client, work_on, document):
    with work_on() as work:
        ann = facilitator(work, "Ann")
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/toolbox/{document}"
    page = client.get(f"{path}/version")
    content = package("word/document.xml")
    sent = {"csrf_token": token(page), "version": version(page), "file": (io.BytesIO(content), "x.docx")}
    client.post(f"{path}/version", data=sent, content_type="multipart/form-data")
    assert "2, the one in use Download version 2 , Word" in words(client.get(path))
    assert client.get(f"{path}/1").data == PDF
    # The same page once more was shown an older state.
    again = {**sent, "csrf_token": token(client.get(path)), "file": (io.BytesIO(content), "x.docx")}
    assert client.post(f"{path}/version", data=again, content_type="multipart/form-data").status_code == 409
    come_in(client, work_on, ann)
    assert client.get(f"{path}/2").data == content
    assert client.get(f"{path}/1").status_code == 404
    assert client.get(path).status_code == 403


def test_a_withdrawn_document_is_gone_for_facilitators_until_it_is_put_back(client, work_on, document):
    with work_on() as work:
        ann = facilitator(work, "Ann")
    path = f"/toolbox/{document}"
    for act, there in (("withdraw", False), ("return", True)):
        sign_in(client, work_on, Role.COORDINATOR)
        page = client.get(path)
        client.post(f"{path}/{act}", data={"csrf_token": token(page), "version": version(page)})
        assert ("Withdrawn on" in words(client.get(path))) is not there
        come_in(client, work_on, ann)
        assert ("Aide memoire" in words(client.get("/toolbox"))) is there
        assert client.get(f"{path}/1").status_code == (200 if there else 404)


def test_title_and_readers_are_changed(client, work_on, document):
    with work_on() as work:
        ann = facilitator(work, "Ann")
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/toolbox/{document}"
    page = client.get(path)
    data = {
        "csrf_token": token(page),
        "version": version(page),
        "title": "Draft",
        "audience": "business_unit",
    }
    assert client.post(path, data=data).status_code == 303
    assert "Draft" in words(client.get("/toolbox"))
    come_in(client, work_on, ann)
    assert "Nothing is in the toolbox yet." in words(client.get("/toolbox"))
