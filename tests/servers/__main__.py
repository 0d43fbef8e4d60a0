"""`python -m tests.servers elasticsearch|postgresql [PORT]`: one server in the foreground, until Ctrl-C.

Prints the setting to use it. Exit 0: it was stopped; 1: it cannot be started, or ended by itself; 2: wrong usage.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time

from tests.servers import elasticsearch, postgresql
from tests.servers.processes import PortTaken, ServerMissing, own_port

LOOK = 0.5  # seconds between two looks whether the server is still there


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__)
    parser.add_argument("kind", choices=("elasticsearch", "postgresql", "install"))
    parser.add_argument("port", type=int, nargs="?", help="(default: 9200, for PostgreSQL a free one)")
    given = parser.parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGINT):  # a shell starts what runs behind it with SIGINT ignored
        signal.signal(number, signal.default_int_handler)
    try:
        return run(given.kind, given.port)
    except KeyboardInterrupt:
        return 0
    except (ServerMissing, PortTaken, RuntimeError) as error:
        return say(f"servers: {error}", 1)


def run(kind: str, port: int | None) -> int:
    if kind == "install":
        say(f"Elasticsearch is in {elasticsearch.install()}, PostgreSQL in {postgresql.programs()}")
        return 0
    chosen = own_port(port if port is not None else 9200 if kind == "elasticsearch" else 0)
    if kind == "postgresql":
        with postgresql.PostgreSQL(chosen) as database:
            return stay(database, f"WARRAQ_DATABASE={database.url('warraq')}")
    elasticsearch.install()
    say("starting Elasticsearch, which takes up to a minute")
    with elasticsearch.Node(chosen) as node:
        return stay(node, f"WARRAQ_SEARCH={node.url}")


def stay(server: elasticsearch.Node | postgresql.PostgreSQL, setting: str) -> int:
    """Until it ends by itself."""
    say(f"{setting}\nCtrl-C stops it and deletes its data.")
    while server.alive:
        time.sleep(LOOK)
    return say(
        f"{server.tail()}\nservers: the server ended by itself (its last lines are above); its data is deleted", 1
    )


def say(text: str, code: int = 0) -> int:
    print(text, file=sys.stderr if code else sys.stdout, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
