"""Whoever wants to know what the software is made of gets it by a command, whole."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_bill_of_materials_names_everything_that_is_locked(tmp_path):
    target = tmp_path / "sbom.json"
    said = subprocess.run(
        [sys.executable, ROOT / "scripts" / "sbom.py", target], check=True, capture_output=True, text=True
    ).stdout
    made = json.loads(target.read_text())
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert said == f"{target}: {len(made['components'])} components\n"
    python = {
        one["name"]: one["version"] for one in made["components"] if one["purl"].startswith("pkg:pypi/")
    }
    locked = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert sorted(python) == sorted(locked)
    scripts = {one["name"] for one in made["components"] if one["purl"].startswith("pkg:npm/")}
    assert "govuk-frontend" in scripts
    assert sum("licenses" in one for one in made["components"]) > len(made["components"]) * 0.8
