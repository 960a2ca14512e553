"""Write what the software is made of as CycloneDX 1.6: python scripts/sbom.py OUTPUT.

Python packages as installed, without those that only development needs; packages of the pages' scripts as locked.
"""

import json
import re
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
_NAME = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


def components() -> list[dict[str, Any]]:
    """Return every third-party part that runs: what is locked for running, with the licence that is installed with it."""
    installed = {_plain(one.metadata["Name"]): one for one in distributions() if one.metadata["Name"]}
    locked = dict(_NAME.findall((ROOT / "requirements.lock").read_text("utf-8")))
    python = [
        {
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{_plain(name)}@{version}",
            **_licence(installed.get(_plain(name))),
        }
        for name, version in sorted(locked.items())
    ]
    lock = json.loads((ROOT / "assets" / "package-lock.json").read_text("utf-8"))
    scripts = [
        {
            "type": "library",
            "name": path.rpartition("node_modules/")[2],
            "version": one["version"],
            "purl": f"pkg:npm/{path.rpartition('node_modules/')[2].replace('@', '%40')}@{one['version']}",
            **({"licenses": [{"license": {"name": one["license"]}}]} if one.get("license") else {}),
        }
        for path, one in sorted(lock["packages"].items())
        if path
    ]
    return python + scripts


def document() -> dict[str, Any]:
    """Return the whole bill of materials."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid4()}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "jags"}},
        "components": components(),
    }


def _licence(found: Distribution | None) -> dict[str, Any]:
    if found is None:
        return {}
    name = found.metadata.get("License-Expression") or found.metadata.get("License") or ""
    short = name.strip().splitlines()[0][:80] if name.strip() else ""
    return {"licenses": [{"license": {"name": short}}]} if short else {}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    made = document()
    target.write_text(json.dumps(made, indent=1), "utf-8")
    print(f"{target}: {len(made['components'])} components")
