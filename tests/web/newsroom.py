"""A small archive on real parts (SQLite, WARC, tantivy): invented stories in real places, for tests of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from urllib.parse import quote

from archive.fetched import Hop
from archive.model import AR, EN, Actor, Article, ArticleId, Block, BlockKind, Capture, Lang, Role, StoryId, VersionLink
from archive.publishers.declaration import Name, Outlet, Section
from archive.store import Store
from archive.warc import WarcFolder
from indexer.engines.tantivy import TantivyEngine
from indexer.sync import sync
from web import Services

EDITOR = Actor("desk", Role.EDITOR)
NOW = datetime(2025, 3, 12, 9, 30, tzinfo=UTC)
SAHL = Outlet(
    key="sahl",
    name=Name(ar="بريد السهل", en="Sahl Courier"),
    hosts=("sahl.example", "english.sahl.example"),
    zone="Asia/Damascus",
    sections={
        "society": Section(label=Name(ar="مجتمع", en="Society")),
        "economy": Section(label=Name(ar="اقتصاد", en="Economy")),
    },
)
P, H, Q, C, I = BlockKind.PARAGRAPH, BlockKind.SUBHEADING, BlockKind.QUOTE, BlockKind.CAPTION, BlockKind.ITEM  # noqa: E741


class SetClock:
    """Stands where it was put."""

    def __init__(self, now: datetime = NOW) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def article(lang: Lang, slug: str, title: str, blocks: list[tuple[BlockKind, str]], **more: object) -> Article:
    host = "sahl.example" if lang == AR else "english.sahl.example"
    text = tuple(Block(kind, words) for kind, words in blocks)
    return replace(Article(f"https://{host}/{quote(slug)}", lang, title, text), **more)  # type: ignore[arg-type]


def at(day: int, hour: int = 8, month: int = 3, year: int = 2025) -> datetime:
    return datetime(year, month, day, hour, 5, tzinfo=UTC)


LIBRARY_EN = article(
    EN,
    "archives/2025/03/mobile-library",
    "Mobile library returns to displaced families’ camps near Raqqa",
    [
        (P, "The mobile library run by volunteers in the Raqqa countryside went back on the road on Thursday, "
            "and reached families displaced from the villages along the canal."),
        (C, "Children wait for the bus at the school stop, 6 March 2025 (Sahl Courier)"),
        (P, "The bus will stop at 21 camps over four weeks, said the coordinator, Samar Haddad."),
        (P, "Most of the families have moved at least twice since the flood, and few could carry books."),
        (H, "Cards kept for six months"),
        (Q, "A book that comes back is worth two that stay on the shelf."),
        (I, "Three books a child until the next visit"),
    ],
    published=at(7, 11), authors=("Lamar Sahloul",), section="society",
    links=(VersionLink("https://sahl.example/651204/%D9%85%D9%83%D8%AA%D8%A8%D8%A9", "in-text link", AR),),
)  # fmt: skip
LIBRARY_AR = article(
    AR,
    "651204/مكتبة",
    "المكتبة المتنقلة تعود إلى مخيمات النازحين قرب الرقة",
    [
        (P, "استأنفت المكتبة المتنقلة التي يديرها متطوعون في ريف الرقة جولتها الخميس، ووصلت إلى عائلات نازحة من القرى "
            "المحيطة بالقناة."),
        (C, "أطفال ينتظرون الحافلة في محطة المدرسة، 6 آذار 2025 (بريد السهل)"),
        (P, "وقالت المنسقة سمر حداد إن الحافلة ستتوقف في 21 مخيمًا خلال أربعة أسابيع."),
        (H, "بطاقات محفوظة منذ ستة أشهر"),
        (Q, "كتابٌ يعود خيرٌ من كتابين يبقيان على الرف."),
        (I, "ثلاثة كتب لكل طفل حتى الزيارة التالية"),
        (P, "وتحتاج الحافلة إلى إطارين قبل نهاية الشهر."),
    ],
    published=at(6, 8), authors=("لمار سحلول",), section="society",
)  # fmt: skip
LIBRARY_AR_LATER = replace(
    LIBRARY_AR,
    title="المكتبة المتنقلة تعود إلى مخيمات المهجّرين قرب الرقة",
    blocks=(
        *LIBRARY_AR.blocks[:2],
        Block(P, "وقالت المنسقة سمر حداد إن الحافلة ستتوقف في 12 مخيمًا خلال أربعة أسابيع."),
        *LIBRARY_AR.blocks[3:],
    ),
)
BREAD_AR = article(
    AR, "660311/خبز", "سبعة أفران جديدة لا تكفي نازحي الرقة",
    [(P, "يقف النازحون في الأحياء الشرقية من الرقة ساعتين للحصول على ربطة خبز."), (P, "ووعد المجلس بفرن ثامن.")],
    published=at(2, 7), section="economy", authors=("يزن ديب",),
)  # fmt: skip
RENT_EN = article(
    EN, "archives/2023/05/rent", "Explainer: who counts as displaced in Raqqa’s rent dispute?",
    [(P, "The housing office keeps two lists, and a family whose displacement card has expired is on neither.")],
    published=at(14, 9, 5, 2023), section="society",
)  # fmt: skip
HOSTILE = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>'
HOSTILE_EN = article(
    EN, "archives/2024/01/hostile", f"Hostile headline {HOSTILE}",
    [(P, f"A paragraph about hostility {HOSTILE} and its end."), (Q, "\u202e\u202dunclosed direction marks")],
    published=at(3, 9, 1, 2024), authors=(f"Nobody {HOSTILE}",), section="<b>odd</b>", kicker=HOSTILE,
)  # fmt: skip
SCHOOL_EN = article(
    EN, "archives/2023/09/school", "School year starts three weeks late in Aleppo",
    [(P, "Lessons take place in two shifts."), (P, "The roof was mended by parents.")], published=at(24, 9, 9, 2023),
)  # fmt: skip
SCHOOL_AR = article(
    AR, "640000/مدرسة", "بدء متأخر للعام الدراسي في حلب",
    [(P, "تُعطى الدروس على فترتين."), (P, "وأصلح الأهالي السقف.")], published=at(23, 9, 9, 2023),
)  # fmt: skip


@dataclass
class Newsroom:
    """The archive and what was put into it, by name."""

    store: Store
    engine: TantivyEngine
    captures: WarcFolder
    folder: Path
    clock: SetClock
    stories: dict[str, StoryId]
    articles: dict[str, ArticleId]

    def services(self, **changes: object) -> Services:
        plain = Services(
            store=self.store,
            engine=self.engine,
            outlets={"sahl": SAHL},
            captures=self.captures,
            clock=self.clock,
            secret_key="only for tests",
            behind=lambda: int(self.store.change()) - int(self.engine.status().change),
            actor=EDITOR,
        )
        return replace(plain, **changes)  # type: ignore[arg-type]

    def capture(self, url: str, when: datetime, body: bytes = b"<html><body>as it came</body></html>") -> Capture:
        hop = Hop(url, when, (), 200, "OK", (("Content-Type", "text/html; charset=utf-8"),), body, body)
        capture = self.captures.write(hop)
        self.store.add_capture(capture)
        return capture

    def put(self, name: str, content: Article, when: datetime) -> ArticleId:
        capture = self.capture(content.url, when, content.digest.encode())
        saved = self.store.save("sahl", content.url, content, capture, "sample 1", when)
        self.articles[name] = saved.article
        return saved.article

    def index(self) -> None:
        sync(self.store, self.engine)
        for name, number in self.articles.items():
            home = self.store.story_of(number)
            assert home is not None
            self.stories[name] = home


def fill(room: Newsroom) -> None:
    """The sample stories: both versions with a later Arabic revision, one-sided, hostile, proposed, and many small."""
    room.put("library-ar", LIBRARY_AR, at(6, 9))
    room.put("library", LIBRARY_EN, at(7, 12))
    room.put("library-ar", LIBRARY_AR_LATER, at(9, 16))
    room.put("bread", BREAD_AR, at(2, 9))
    room.put("rent", RENT_EN, at(14, 10, 5, 2023))
    room.put("hostile", HOSTILE_EN, at(3, 10, 1, 2024))
    school = room.put("school", SCHOOL_EN, at(24, 10, 9, 2023))
    room.put("school-ar", SCHOOL_AR, at(24, 11, 9, 2023))
    room.store.add_claim(school, SCHOOL_AR.url, "sample inference", "sample 1", False, 0.91, at(25, 10, 9, 2023))
    for n in range(12):
        when = at(1 + n, 9, 6, 2016 + n % 6)
        market = f"Olive market report {n} from Homs"
        body = [(P, f"Prices of oil in Homs, week {n}, with the water bill.")]
        room.put(
            f"market-{n}", article(EN, f"archives/market-{n}", market, body, published=when, section="economy"), when
        )


@contextmanager
def opened(folder: Path) -> Iterator[Newsroom]:
    """The archive in a folder; an empty one gets its tables."""
    clock = SetClock()
    store = Store.open(f"sqlite:///{folder / 'archive.db'}", clock, {"sahl": SAHL})
    engine = TantivyEngine(folder / "index")
    with WarcFolder(folder / "captures", clock) as captures:
        yield Newsroom(store, engine, captures, folder, clock, {}, {})
    engine.close()
    store.close()


@contextmanager
def newsroom(folder: Path) -> Iterator[Newsroom]:
    """A new archive with the sample stories."""
    with opened(folder) as room:
        fill(room)
        room.index()
        yield room


@contextmanager
def copied(room: Newsroom, folder: Path) -> Iterator[Newsroom]:
    """A copy of an archive that nobody writes to, to be changed."""
    copytree(room.folder, folder, dirs_exist_ok=True)
    with opened(folder) as copy:
        yield replace(copy, stories=dict(room.stories), articles=dict(room.articles))
