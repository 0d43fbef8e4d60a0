"""The thread that writes the index while pages are served: what it says when it cannot."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.archive.fetching import FakeClock
from tests.servers.processes import free_port
from warraq.indexing import PAUSE, REMIND, Failing


def test_what_fails_again_and_again_is_told_at_once_then_seldom_and_its_end(caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock()
    failing = Failing(clock)
    failing.no_more()
    for _ in range(100):
        failing.because(OSError("the disk is gone"))
        clock.sleep(1)
    failing.because(OSError("the server is gone"))
    clock.sleep(REMIND)
    failing.because(OSError("the disk is gone"))
    failing.no_more()
    failing.no_more()
    assert [record.getMessage().removeprefix("the index is ") for record in caplog.records] == [
        "not being written: the disk is gone",
        "not being written: the server is gone",
        "not being written: the disk is gone",
        "written again",
    ]


def test_serve_says_when_the_index_could_not_be_written(tmp_path: Path) -> None:
    """With nothing where Elasticsearch should be."""
    ours = {"WARRAQ_HOME": str(tmp_path), "WARRAQ_SEARCH": f"http://127.0.0.1:{free_port()}"}
    with subprocess.Popen(
        [Path(sys.executable).with_name("warraq"), "serve", "--port", str(free_port())],
        env=os.environ | ours, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as serving:  # fmt: skip
        assert serving.stderr
        told = serving.stderr.readline()
        time.sleep(3 * PAUSE)
        serving.send_signal(signal.SIGINT)
        rest = serving.stderr.read()
    assert re.match(
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} the index is not being written: .* cannot be reached", told
    )
    assert "not being written" not in rest
