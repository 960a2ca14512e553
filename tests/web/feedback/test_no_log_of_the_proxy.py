"""The reverse proxy of the operating guide logs no address with a secret and no page of a ticket, least of all the sending of an answer."""

import re
from pathlib import Path

from flask import Flask

from config import ROOT

_SILENT = re.compile(r"location ~ (\S+) \{ access_log off;")


def test_the_guide_keeps_every_page_of_a_ticket_or_a_link_out_of_the_proxys_log(sqlite_store) -> None:
    app: Flask = sqlite_store.app
    silent = re.compile(_SILENT.findall(Path(ROOT, "docs", "operating.md").read_text(encoding="utf-8"))[0])

    paths = {
        re.sub(r"<[^>]+>", "x", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("feedback.") or "secret" in rule.arguments
    }

    assert {"/feedback", "/feedback/code", "/feedback/x", "/link/x"} <= paths
    assert [path for path in sorted(paths) if not silent.search(path)] == []
    # What people who are signed in do is logged as ever.
    assert not silent.search("/feedback-comments")
