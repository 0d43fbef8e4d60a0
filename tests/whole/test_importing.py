"""Files from elsewhere: wget's WARC, saved pages."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import intake, rereading, visiting
from archive.extract import Page
from archive.importing import Importer
from archive.model import Article
from archive.publishers.declaration import Outlet
from tests.needs import program
from tests.site.content import load
from tests.site.server import Site
from tests.whole.newsroom import Newsroom, newsroom

STORIES = load()[:10]


def importer(room: Newsroom) -> Importer:
    return Importer(room.store, room.captures, room.outlets, room.clock, room.events.append)


def wget(folder: Path, site: Site, *options: str) -> Path:
    """A mirror of both editions' articles as wget makes it, with the sitemaps as a start."""
    addresses = folder / "addresses"
    addresses.write_text("\n".join(t.url for t in site.truth()) + "\n", encoding="utf-8")
    subprocess.run(
        ["wget", "--quiet", "--no-verbose", "-e", "robots=off", "--delete-after", "--directory-prefix", str(folder),
         "--warc-file", str(folder / "mirror"), *options, "--input-file", str(addresses)],
        check=False, timeout=120, env={**os.environ, "no_proxy": "*"},
    )  # fmt: skip
    return next(folder.glob("mirror.warc*"))


@pytest.mark.parametrize(
    "options", [(), ("--no-warc-compression",), ("--recursive", "--level=1")], ids=["gzip", "plain", "recursive"]
)
def test_a_warc_that_wget_wrote_brings_the_same_articles(tmp_path: Path, options: tuple[str, ...]) -> None:
    """The archive made from the WARC says the same as the one that collected the site, however wget went about it."""
    program("wget")
    with Site(stories=STORIES) as site:
        with newsroom(tmp_path / "collected", site) as collected:
            collected.collect()
            expected = collected.content()
        file = wget(tmp_path, site, *options)
        # Where wget met the redirects itself, they tell which addresses are one page; else the declaration does.
        rules = () if "--recursive" in options else site.outlet().identity
        outlet = site.outlet().model_copy(update={"identity": rules})
        with newsroom(tmp_path / "imported", site, {"sample": outlet}) as room:
            tally = importer(room).run([file])

            assert room.content() == expected
            assert tally["new"] == len(site.truth())
            assert tally["failed"] == 0
            assert [] == list(room.captures.verify(room.store.captures()))


def test_importing_twice_brings_nothing_twice(tmp_path: Path) -> None:
    """The second time every page is known; there is no new capture and no new revision."""
    program("wget")
    with Site(stories=STORIES[:4]) as site, newsroom(tmp_path / "home", site) as room:
        file = wget(tmp_path, site)
        importer(room).run([file])
        captures, content = len(room.store.captures()), room.content()

        tally = importer(room).run([file])

        assert set(tally) <= {"unchanged", "skipped"}
        assert (len(room.store.captures()), room.content()) == (captures, content)


def test_a_saved_page_names_its_own_address(tmp_path: Path) -> None:
    """A page saved by a browser comes in under its canonical address, linked as if it had been collected."""
    with Site(stories=STORIES[:2]) as site, newsroom(tmp_path / "home", site) as room:
        truths = site.truth()
        for number, truth in enumerate(truths):
            page = room.collector.fetcher.get(truth.url).final.body
            (tmp_path / f"{number}.html").write_bytes(page)

        tally = importer(room).run([tmp_path])

        assert tally["new"] == len(truths)
        assert {truth.url for truth in truths} == set(room.versions())


def test_what_cannot_be_read_is_named_and_the_rest_comes_in(tmp_path: Path) -> None:
    """No WARC, a torn WARC, a page without an address: one line each; what is whole is imported."""
    program("wget")
    with Site(stories=STORIES[:3]) as site, newsroom(tmp_path / "home", site) as room:
        folder = tmp_path / "files"
        folder.mkdir()
        whole = wget(tmp_path, site)
        (folder / "a.warc").write_bytes(b"this is not a WARC file\n")
        plain = gzip.decompress(whole.read_bytes())
        (folder / "b.warc").write_bytes(plain[: len(plain) * 3 // 4])
        (folder / "c.html").write_text("<html><p>no address</p></html>", encoding="utf-8")

        tally = importer(room).run([folder])

        failed = [event for event in room.events if event.kind == "failed"]
        assert tally["failed"] == 3
        assert ["a.warc", "b.warc", "c.html"] == sorted(Path(event.place).name for event in failed)
        assert all("\n" not in event.detail for event in failed)
        assert "--url" in failed[-1].detail
        assert tally["new"] > 0


def foreign(folder: Path, records: list[tuple[str, str, dict[str, str], bytes]]) -> Path:
    """Somebody else's WARC: (address, status line, headers, body) each."""
    path = folder / "foreign.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, status, headers, body in records:
            http = StatusAndHeaders(status, list(headers.items()), protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=http))
    return path


HTML = {"Content-Type": "text/html; charset=utf-8"}


def test_odd_addresses_in_a_foreign_warc_are_skipped(tmp_path: Path) -> None:
    """A redirect to mailto:, a record of no page, a host that cannot be: none stops the rest."""
    with Site(stories=STORIES[:1]) as site, newsroom(tmp_path / "home", site) as room:
        truth = site.truth()[0]
        page = room.collector.fetcher.get(truth.url).final.body
        file = foreign(tmp_path, [
            (f"{site.ar_base}/write", "302 Found", {"Location": "mailto:desk@example.org"}, b""),
            ("urn:X-saved:page", "200 OK", HTML, b"<p>text"),
            ("http://[broken/", "200 OK", HTML, b"<p>text"),
            (truth.url, "200 OK", HTML, page),
        ])  # fmt: skip
        tally = importer(room).run([file])

        assert tally == {"skipped": 2, "new": 1}
        assert set(room.versions()) == {truth.url}


def test_an_import_queues_the_versions_that_its_pages_link_to(tmp_path: Path) -> None:
    """The next run fetches them; one on a host of no outlet is reported as broken."""
    with Site(stories=STORIES) as site, newsroom(tmp_path / "home", site) as room:
        truth = next(t for t in site.truth() if t.links and t.counterpart)
        page = room.collector.fetcher.get(truth.url).final.body
        importer(room).run([foreign(tmp_path, [(truth.url, "200 OK", HTML, page)])])

        assert [pending.url for pending in room.store.pending("sample")] == [link.target for link in truth.links]
        room.collector.visit_due(room.outlets["sample"])
        assert set(room.versions()) == {truth.url, truth.counterpart}


def test_an_import_after_a_new_extractor_makes_no_false_revision(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """What is stored is read again first: a text that only the extractor reads otherwise did not change."""
    with Site(stories=STORIES[:1]) as site, newsroom(tmp_path / "home", site) as room:
        truth = site.truth()[0]
        page = room.collector.fetcher.get(truth.url).final.body
        plain = rereading.extract

        def old(page: Page, outlet: Outlet) -> Article:
            return replace(plain(page, outlet), title="كما قرأه القديم")

        with monkeypatch.context() as earlier:
            for module in (intake, rereading):
                earlier.setattr(module, "EXTRACTOR", "an older one")
            earlier.setattr(visiting, "extract", old)
            room.collector.add(truth.url)
        room.clock.sleep(3600)
        again = page.replace(b"</body>", b"<!-- another day --></body>")
        tally = importer(room).run([foreign(tmp_path, [(truth.url, "200 OK", HTML, again)])])

        assert dict(tally) == {"unchanged": 1}
        assert [len(version.revisions) for url, version in room.versions().items() if url == truth.url] == [1]
