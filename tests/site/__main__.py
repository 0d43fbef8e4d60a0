"""`python -m tests.site --arabic-port 8101 --english-port 8102`: serves the sample outlet until it is told to end."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from .outlet import declaration
from .server import Site


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.site", description="Serves the sample outlet on 127.0.0.1.")
    parser.add_argument("--arabic-port", type=int, default=8101)
    parser.add_argument("--english-port", type=int, default=8102)
    parser.add_argument("--declaration", type=Path, help="also write the outlet's declaration to this file")
    parser.add_argument("--edited", action="store_true", help="with the corrections that two stories got later")
    options = parser.parse_args(arguments)
    try:
        site = Site(ports=(options.arabic_port, options.english_port)).start()
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    if options.edited:
        for story in site.current():
            for side in story.edits:
                site.edit(story.key, side.lang)
    if options.declaration:
        options.declaration.write_text(declaration(site.addresses, site.brand), "utf-8")
    print(f"Arabic edition: {site.ar_base}/\nEnglish edition: {site.en_base}/", flush=True)  # noqa: T201
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
    site.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
