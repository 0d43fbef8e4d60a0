"""`python -m tests.servers elasticsearch|postgresql [PORT]`: one server in the foreground, until Ctrl-C."""

from __future__ import annotations

import signal
import sys
import time

from tests.servers import elasticsearch, postgresql
from tests.servers.processes import ServerMissing


def main(arguments: list[str]) -> int:
    kind, port = (*arguments, "", "")[:2]
    if kind not in ("elasticsearch", "postgresql", "install"):
        print("usage: python -m tests.servers elasticsearch|postgresql [PORT] | install", file=sys.stderr)  # noqa: T201
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if kind == "postgresql":
            with postgresql.PostgreSQL(int(port) if port else None) as database:
                return stay(f"WARRAQ_DATABASE={database.url('warraq')}")
        home = elasticsearch.install()
        if kind == "install":
            return say(f"Elasticsearch is in {home}, PostgreSQL in {postgresql.programs()}")
        with elasticsearch.Node(int(port) if port else 9200) as node:
            return stay(f"WARRAQ_SEARCH={node.url}")
    except ServerMissing as error:
        print(f"servers: {error}", file=sys.stderr)  # noqa: T201
        return 1


def say(text: str) -> int:
    print(text, flush=True)  # noqa: T201
    return 0


def stay(setting: str) -> int:
    say(f"{setting}\nCtrl-C stops it and deletes its data.")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
