"""The command as people type it: its output, its exit code, and once as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from tests.servers.processes import free_port
from tests.site.content import load
from tests.site.outlet import declaration
from tests.site.server import Site
from warraq.cli import main


class Done(NamedTuple):
    """What a command printed and ended with."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site(stories=load()[:6]) as running:
        yield running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    (folder / "outlets").mkdir()
    (folder / "outlets/sample.toml").write_text(declaration(site.addresses, site.brand), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def run(home: Path, site: Site) -> Run:
    hosts = ",".join(address.split("//", 1)[1] for address in (site.ar_base, site.en_base))
    ours = {"WARRAQ_HOME": str(home), "WARRAQ_ALLOW_HOSTS": hosts, "COLUMNS": "100"}

    def call(*arguments: str, **variables: str) -> Done:
        done = CliRunner().invoke(main, list(arguments), env=ours | variables, prog_name="warraq")
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception  # a traceback: never what a person should see
        return Done(done.exit_code, done.stdout, done.stderr)

    collected = call("collect", "sample")
    assert collected.returncode == 0, collected.stderr
    assert str(home) in collected.stdout
    assert "12 new" in collected.stdout
    return call


def found(run: Run, query: str) -> list[int]:
    answer = run("search", query, "--json")
    assert answer.returncode == 0, answer.stderr
    return [story["story"] for story in json.loads(answer.stdout)["stories"]]


def test_search_tells_what_else_is_looked_for_and_takes_it_back(run: Run) -> None:
    said = run("search", "swings").stdout
    keys = {each["source"]: each for each in json.loads(run("search", "swings", "--json").stdout)["expansions"]}

    assert "stem:swings" in said
    assert not keys["swings"]["off"]
    assert "stem:swings" not in run("search", "swings", "--match", "exact").stdout
    assert "stem:swings" not in run("search", "swings", "--without", "stem:swings").stdout
    off = json.loads(run("search", "swings", "--without", "stem:swings", "--json").stdout)["expansions"]
    assert [each["off"] for each in off if each["kind"] == "stem"] == [True]
    assert run("search", "swing", "--match", "exact").stdout.startswith("0 stories")
    assert run("search", "swing", "--match", "nearly").returncode == 2


def test_a_search_without_result_says_what_would_find_something(run: Run) -> None:
    lines = {
        " ".join(line.split()) for line in run("search", "swings", "--from", "1999", "--to", "1999").stdout.splitlines()
    }
    assert "1 \u2068swings\u2069 without --from and --to" in lines
    exact = run("search", "swing", "--match", "exact").stdout
    assert "with --match related and nothing left out" in exact
    assert "swings" in run("search", "swimgs").stdout


def test_a_date_typed_into_a_query_that_finds_nothing_is_named(run: Run) -> None:
    said = [" ".join(line.split()) for line in run("search", "swings", "1990..1991").stdout.splitlines()]
    assert any("without" in line and "1990..1991" in line for line in said)


def test_search_shows_both_headlines_and_why(run: Run) -> None:
    """A word of one language finds the story; both versions' headlines are printed, and how it matched."""
    said = run("search", "swings").stdout

    assert "1 story" in said
    assert "Raqqa park gets its swings back" in said
    assert "أراجيحها" in said
    assert "exact" in said


def test_an_article_address_finds_its_story(run: Run, site: Site) -> None:
    """Pasted in any spelling; one that is not there says how to add it."""
    truth = site.truth()[0]

    for address in (truth.url, truth.aliases[1], truth.url.removeprefix("http://")):
        assert "story" in run("search", address).stdout
    missing = run("search", f"{site.ar_base}/999999/")
    assert missing.returncode == 1
    assert "warraq add" in missing.stderr


def test_show_prints_the_versions_side_by_side(run: Run) -> None:
    """Every paragraph of both versions is there."""
    (story,) = found(run, "swings")
    said = run("show", str(story)).stdout

    assert "al-Khabour" in said
    assert "الخابور" in said


def test_as_many_results_as_asked_for(run: Run) -> None:
    """--limit holds for the table and for JSON alike; the answer tells where to go on."""
    first = json.loads(run("search", "the OR في", "--json", "--limit", "2").stdout)

    assert len(first["stories"]) == 2
    assert first["total"] > 2
    assert first["next"]
    assert run("search", "the OR في", "--limit", "2").stdout.count("\n#") == 2


@pytest.mark.parametrize("left_out", ["-swings", "-hospital", "-o", "-لجنة"])
def test_a_dash_before_a_word_leaves_it_out_wherever_options_stand(run: Run, left_out: str) -> None:
    """Also when it begins with letters of options (-h, -o)."""
    told = json.loads(run("search", "the", left_out, "--json", "--versions", "both").stdout)
    assert told["query"] == f"the {left_out}"
    limited = run("search", left_out, "--to", "1999", "the").stdout
    assert "0 stories" in limited.splitlines()
    if left_out != "-o":  # of export an option
        exported = run("export", "the", left_out, "--versions", "both").stdout.splitlines()
        assert len({json.loads(line)["story"] for line in exported}) == told["total"]


def test_a_misspelt_option_is_no_word(run: Run) -> None:
    for command in ("search", "export"):
        refused = run(command, "the", "--form", "2024")
        assert refused.returncode == 2
        assert "--from" in refused.stderr


def test_export_has_the_documented_keys_for_every_article(run: Run, site: Site) -> None:
    """One line an article, in the stable format."""
    lines = [json.loads(line) for line in run("export", "--format", "jsonl").stdout.splitlines()]

    assert {line["url"] for line in lines} == {truth.url for truth in site.truth()}
    keys = "story article url aliases lang title authors published updated section tags blocks revision link captures"
    assert all(list(line) == keys.split() for line in lines)
    linked = [line for line in lines if line["link"]]
    assert all(line["link"]["evidence"] and line["link"]["certain"] for line in linked)
    assert all(set(capture) == {"at", "sha256", "warc", "offset"} for line in lines for capture in line["captures"])


def test_unlinking_and_linking_by_hand_is_recorded_and_reversible(run: Run) -> None:
    """Each member gets its own story back; joining makes one story again; the evidence names who."""
    (story,) = found(run, "swings")
    members = [str(line["article"]) for line in map(json.loads, run("export", "swings").stdout.splitlines())]

    parted = run("links", "unlink", *members, "--reason", "تجربة")
    assert "stories" in parted.stdout
    assert found(run, "versions:x swings OR أراجيحها") != []
    run("links", "link", *members)

    assert found(run, "swings") == [story]
    shown = run("links", "show", str(story)).stdout
    assert "decided same by editor" in shown


def test_withheld_text_is_found_and_exported_by_nobody_until_access_is_restored(run: Run) -> None:
    """Withholding takes effect at once in search and export; restoring brings the text back."""
    (line,) = (x for x in map(json.loads, run("export", "swings").stdout.splitlines()) if x["lang"] == "en")

    assert run("withhold", str(line["article"]), "--reason", "source protection").returncode == 0
    assert found(run, "swings") == []
    assert line["url"] not in run("export").stdout
    assert line["title"] not in run("show", str(line["story"])).stdout
    assert "al-Khabour" in run("show", str(line["story"]), "--withheld").stdout
    assert run("restore-access", str(line["article"]), "--reason", "agreed").returncode == 0
    assert found(run, "swings") == [line["story"]]


def test_purged_text_is_nowhere_on_disk_and_the_rest_verifies(run: Run, home: Path) -> None:
    """The words are in no file of the home any more; captures of other articles stay intact."""
    (line,) = (x for x in map(json.loads, run("export", "باب").stdout.splitlines()[:1]))
    secret = max(line["blocks"][1]["text"].split(), key=len).encode()

    assert run("purge", str(line["article"]), "--reason", "court order", "--yes").returncode == 0

    assert run("verify").returncode == 0
    assert line["url"] not in run("export").stdout
    holding = [p.name for p in home.rglob("*") if p.is_file() and line["blocks"][1]["text"].encode() in p.read_bytes()]
    assert holding == [], secret


def test_care_commands_say_that_all_is_well(run: Run) -> None:
    """doctor, verify, index status and index verify end with 0 on a healthy archive."""
    for command in (
        ("doctor",),
        ("verify",),
        ("index", "status"),
        ("index", "verify"),
        ("index", "rebuild"),
        ("migrate",),
    ):
        done = run(*command)
        assert done.returncode == 0, (command, done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("search",), 2, "QUERY"),
        (("search", "x", "--from", "yesterday"), 2, "2024-03"),
        (("collect", "nobody"), 2, "sample"),
        (("show", "99999"), 1, "no story"),
        (("show", "one"), 2, "one"),
        (("show", "9" * 20), 2, "9" * 20),
        (("links", "unlink", "1", "99999"), 1, "99999"),
        (("add", "http://nobody.example/x"), 1, "outlets add"),
        (("add", "not an address"), 1, "not a web address"),
        (("import", "/nonexistent.warc"), 2, "nonexistent"),
        (("outlets", "check", "/nonexistent.toml"), 1, "nonexistent"),
        (("withhold", "1"), 2, "--reason"),
        (("search", "(" * 100_000), 0, "too long"),
        (("search", "ق" * 100_000), 0, "0 stories"),
    ],
)
def test_a_mistake_gets_one_clear_line(run: Run, arguments: tuple[str, ...], code: int, said: str) -> None:
    """What is wrong and what to do, no traceback, and the exit code that says whose mistake it was."""
    done = run(*arguments)

    assert done.returncode == code, done.stderr
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_says_once_what_is_wrong_with_several_things(run: Run) -> None:
    address = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none"
    done = run("doctor", WARRAQ_DATABASE=address)
    assert done.returncode == 1
    bad = [line.split(maxsplit=2)[1:] for line in done.stdout.splitlines() if line.startswith("BAD")]
    assert [name for name, _ in bad] == ["store", "captures", "sources", "index"]
    first, *others = (said for _, said in bad)
    assert first.endswith("no database server answers there; is it running, and is the address right?")
    assert others == ["cannot be looked at, see store"] * 3


def test_an_outlet_whose_sources_are_all_down_is_a_failure(home: Path, run: Run, site: Site) -> None:
    """A keeper's nightly run must notice: exit code 1 and a line, while a quiet day is no failure."""
    assert run("collect", "sample").returncode == 0
    site.switches.fail(500)
    done = run("collect", "sample")
    site.switches.troubles.clear()

    assert done.returncode == 1
    assert "no source answered" in done.stderr


def test_a_declaration_with_a_mistake_is_named_with_file_and_key(run: Run, home: Path) -> None:
    """Nothing else is touched; the line says which file, which key, what to do."""
    wrong = home / "outlets/wrong.toml"
    wrong.write_text('key = "wrong"\nname = { ar = "خطأ", en = "Wrong" }\nhosts = []\n', encoding="utf-8")
    done = run("collect")
    wrong.unlink()

    assert done.returncode == 1
    assert "wrong.toml" in done.stderr
    assert "hosts" in done.stderr


def test_the_installed_command_is_the_same(home: Path, run: Run) -> None:
    """As a process: the same words, the same exit codes."""
    environment = {**os.environ, "WARRAQ_HOME": str(home)}
    command = [sys.executable, "-m", "warraq.cli"]
    good = subprocess.run([*command, "index", "status"], env=environment, capture_output=True, text=True, check=False)
    bad = subprocess.run([*command, "show", "one"], env=environment, capture_output=True, text=True, check=False)

    assert (good.returncode, good.stdout) == (0, run("index", "status").stdout)
    assert bad.returncode == 2
    assert "Usage: warraq show" in bad.stderr


def test_a_wrong_setting_is_wrong_usage(run: Run) -> None:
    """The variable is named, with what it may be."""
    done = run("doctor", WARRAQ_PORT="eighty")

    assert done.returncode == 2
    assert "WARRAQ_PORT" in done.stderr
