"""The embedded engine: tantivy, in a folder of the archive's home. No server; safe when killed at any moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from tantivy import DocAddress, FieldType, Occur, Order, Query

from archive.model import Change, StoryId
from indexer.document import IndexDocument
from indexer.engine import EngineBusy, Hit, Request, Results, Status
from indexer.engines.tantivy_folder import Folder, View, reported
from indexer.engines.tantivy_query import NEAR_CANDIDATES, Compiler, total
from indexer.engines.tantivy_results import counted
from indexer.engines.tantivy_schema import LAYOUT
from indexer.hits import shown
from indexer.passages import Wanted, wanted
from indexer.streams import ANALYSIS, PREFIX_TERMS
from indexer.tree import Side, scored

_PAGE = 5_000  # stories of one step of a scan
_HEAP, _REBUILD_HEAP = 50_000_000, 200_000_000  # bytes that a writer fills before it writes a segment
_SORTS = {"newest": ("newest", Order.Desc), "oldest": ("oldest", Order.Asc), "changed": ("changed", Order.Desc)}


class TantivyEngine:
    """See `SearchEngine`. Usable from several threads and processes; one of them at a time may write.

    folder: made when it is not there. near_candidates: how many stories with all the words of a `Near` are looked at;
    when there are more, the newest ones are, and the results say that they are not complete.
    """

    def __init__(
        self, folder: Path, analysis: str = f"{ANALYSIS}+tantivy-{LAYOUT}", near_candidates: int = NEAR_CANDIDATES
    ) -> None:
        self._folder = Folder(folder, analysis)
        self._near_candidates = near_candidates

    def search(self, request: Request) -> Results:
        view = self._folder.view()
        with reported("the search failed"):
            compiler = self._compiler(view)
            tree = compiler.query(request.query.tree)
            filters = compiler.filters(request)
            found = compiler.restricted(tree, filters.values())
            words = wanted(request.query.tree) if request.passages else None
            found_in_all, addresses = _window(view, found, request, scored(request.query.tree))
            facets, years = counted(view, compiler, tree, filters) if request.facets else ({}, ())
            return Results(
                total=found_in_all,
                hits=tuple(_hits(view, addresses, words)),
                facets=facets,
                years=years,
                complete=compiler.complete,
                notes=tuple(compiler.notes),
            )

    def scan(self, request: Request) -> Iterator[StoryId]:
        view = self._folder.view()
        with reported("the search failed"):
            compiler = self._compiler(view, most=None)
            found = compiler.restricted(compiler.query(request.query.tree), compiler.filters(request).values())
            for page in _pages(view, found):
                yield from (StoryId(story) for story, _ in page)

    def apply(self, documents: Sequence[IndexDocument], change: Change) -> None:
        generation, _ = self._folder.opened()
        with reported("the index cannot be written"), generation.writer(_HEAP, 1) as writer:
            view = generation.view()
            newest = {document.story: document for document in sorted(documents, key=lambda document: document.change)}
            there = _changes(view, list(newest))
            for story, document in newest.items():
                if document.change >= there.get(story, 0):
                    writer.delete(story)
                    writer.add(document)
            writer.commit(Change(max(change, view.change)))

    def versions_of(self) -> Iterator[tuple[StoryId, Change, str]]:
        view = self._folder.view()
        live = Query.term_query(view.schema, "state", "live")
        with reported("the index cannot be read"):
            for page in _pages(view, live):
                addresses = [address for _, address in page]
                changes = view.searcher.fast_field_values("change", addresses)
                digests = view.searcher.fast_field_values("digest", addresses)
                for (story, _), change, digest in zip(page, changes, digests, strict=True):
                    yield StoryId(story), Change(int(change or 0)), f"{int(digest or 0):016x}"

    def rebuild(self, forms: str = "", archive: str = "") -> TantivyRebuild:
        return TantivyRebuild(self._folder, forms, archive)

    def status(self) -> Status:
        generation, view = self._folder.current()
        made = generation.made_with, generation.forms, generation.archive
        return Status(generation.path.name, _live(view), view.change, *made)

    def forms(self) -> str:
        return self._folder.current()[0].forms

    def close(self) -> None:
        self._folder.forget()

    def _compiler(self, view: View, most: int | None = PREFIX_TERMS) -> Compiler:
        return Compiler(view.schema, view.searcher, self._near_candidates, view.texts, most)


class TantivyRebuild:
    """See `Rebuild`. Its writer is open from entering to leaving."""

    def __init__(self, folder: Folder, forms: str, archive: str) -> None:
        self._folder = folder
        self._made_with = forms, archive
        self._open = ExitStack()
        self._added: set[StoryId] = set()
        self._swapped = False

    def __enter__(self) -> TantivyRebuild:
        with ExitStack() as opening, reported("the index cannot be rebuilt"):
            opening.enter_context(self._folder.rebuilding())
            self._before = self._folder.standing()
            self._generation = self._folder.aside(*self._made_with)
            opening.callback(self._drop)
            self._writer = opening.enter_context(self._generation.writer(_REBUILD_HEAP, 0))
            self._open = opening.pop_all()
        return self

    def __exit__(self, *exc: object) -> None:
        self._open.close()

    def add(self, documents: Iterable[IndexDocument]) -> None:
        """A story added again replaces what was added before. Tombstones stay: a writer that lost its lease in the
        middle of a batch may still come with something older."""
        with reported("the index cannot be rebuilt"):
            for document in documents:
                if document.story in self._added:
                    self._writer.delete(document.story)
                self._added.add(document.story)
                self._writer.add(document)

    def count(self) -> int:
        with reported("the index cannot be rebuilt"):
            self._writer.commit()
            return _live(self._generation.view())

    def swap(self, change: Change) -> None:
        with reported("the index cannot be rebuilt"):
            self._writer.commit(change)
            self._refuse_older(change)
            self._folder.use(self._generation)
            self._swapped = True

    def _refuse_older(self, change: Change) -> None:
        """An index that stood beyond this change from the beginning (of a store that was restored) is replaced."""
        name, stands = self._folder.standing()
        if name != self._before[0] or (stands > change and stands != self._before[1]):
            raise EngineBusy(
                f"another process wrote the index in {self._folder.path} meanwhile: what it wrote stays in use"
            )

    def _drop(self) -> None:
        if not self._swapped:
            self._folder.discard(self._generation)


def _hits(view: View, found: Sequence[tuple[float, DocAddress]], words: Mapping[Side, Wanted] | None) -> Iterator[Hit]:
    records = view.searcher.fast_field_values("text", [address for _, address in found])
    for (score, _), record in zip(found, records, strict=True):
        at = int(record or 0)
        if words is None:
            yield shown(view.texts.headlines(at), score, (), None)
        else:
            stored, terms = view.texts.whole(at)
            yield shown(stored, score, terms, words)


def _window(view: View, found: Query, request: Request, by_score: bool) -> tuple[int, list[tuple[float, DocAddress]]]:
    """The exact total, and the scores and addresses of the window. tantivy makes room for offset + limit hits at once
    and cannot do without any, so neither is let past the number of documents."""
    most = max(view.searcher.num_docs, 1)
    offset, limit = min(max(request.offset, 0), most), min(max(request.limit, 0), most)
    if request.sort == "relevance" and by_score:
        result = view.searcher.search(found, limit=max(limit, 1), offset=offset)
        hits = [(float(score), address) for score, address in result.hits]
    else:
        field, order = _SORTS["newest" if request.sort == "relevance" else request.sort]
        result = view.searcher.search(found, limit=max(limit, 1), offset=offset, order_by_field=field, order=order)
        hits = [(0.0, address) for _, address in result.hits]
    return total(result), hits[:limit]


def _pages(view: View, found: Query) -> Iterator[list[tuple[int, DocAddress]]]:
    """All that is found, as (story, address), by rising id; each page goes on after the last one's last id."""
    after = 0
    while True:
        beyond = Query.range_query(view.schema, "story", FieldType.Unsigned, after, None, include_lower=False)
        page = view.searcher.search(
            Query.boolean_query([(Occur.Must, found), (Occur.Must, beyond)]),
            limit=_PAGE,
            count=False,
            order_by_field="story",
            order=Order.Asc,
        ).hits
        if page:
            yield page
        if len(page) < _PAGE:
            return
        after = page[-1][0]


def _changes(view: View, stories: list[StoryId]) -> dict[int, int]:
    """The change numbers that these stories have in the index."""
    if not stories:
        return {}
    there = Query.term_set_query(view.schema, "key", [str(story) for story in stories])
    addresses = [address for _, address in view.searcher.search(there, limit=len(stories), count=False).hits]
    found = (view.searcher.fast_field_values(field, addresses) for field in ("story", "change"))
    return {int(story or 0): int(change or 0) for story, change in zip(*found, strict=True)}


def _live(view: View) -> int:
    return total(view.searcher.search(Query.term_query(view.schema, "state", "live"), limit=1))
