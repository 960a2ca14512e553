"""LibreOffice without its windows, which opens what was written for Word and Excel and says what it found."""

import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

SECONDS = 120
# Flat documents: one XML file that holds all of it.
_FLAT = {".docx": "fodt", ".xlsx": "fods"}


def opened(file: Path) -> ET.Element:
    """Return what LibreOffice made of a file, as OpenDocument XML; its profile lies beside the file."""
    program = shutil.which("soffice")
    if program is None:
        raise FileNotFoundError("LibreOffice is not installed. Run `make test`, which installs it.")
    kind = _FLAT[file.suffix]
    profile = (file.parent / "profile").as_uri()
    subprocess.run(
        [
            program,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(file.parent / "opened"),
            str(file),
        ],
        check=True,
        capture_output=True,
        timeout=SECONDS,
    )
    return ET.parse(file.parent / "opened" / f"{file.stem}.{kind}").getroot()  # noqa: S314 - Made by this test.
