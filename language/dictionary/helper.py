"""The process that holds a dictionary: `python -m language.dictionary.helper DATABASE SUPPLEMENT IDLE`.

One line of JSON on standard output when it is ready, or what is wrong; then an answer for each line it reads: for a
list of forms, a list of their readings. It ends when IDLE seconds pass without a question, or nobody is there to ask.
"""

from __future__ import annotations

import gc
import json
import select
import sys
from pathlib import Path
from typing import Any

from language.dictionary.supplement import SupplementError
from language.morphology import Dictionary, DictionaryError


def main(database: str, supplement: str, idle: str) -> int:
    gc.disable()  # loading makes a million objects and no garbage
    try:
        dictionary = Dictionary(Path(database), Path(supplement))
    except (DictionaryError, SupplementError, OSError, ImportError) as error:
        _say({"error": str(error)})
        return 1
    gc.freeze()  # nor need a collection walk over them
    gc.enable()
    _say({"ready": True})
    while select.select([sys.stdin], [], [], float(idle))[0]:
        line = sys.stdin.buffer.readline()
        if not line:
            break
        _say(dictionary(json.loads(line)))
    return 0


def _say(what: Any) -> None:
    sys.stdout.buffer.write(json.dumps(what, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
