"""Which articles are versions of one story: a pure function of articles, claims and decisions.

The order in which they arrived plays no part. Claims are ranked and taken greedily (Kruskal's spanning forest with two
constraints): a story holds at most one article a language, and no two articles that were decided apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from archive.address import identity
from archive.model import ArticleId, Claim, Decision, Lang, Link, StoryId, Verdict

Pair = tuple[ArticleId, ArticleId]  # the smaller id first

EVIDENCE = ("hreflang", "rest", "in-text link")  # the strongest first


@dataclass(frozen=True, slots=True)
class Member:
    """An article as far as linking goes. `keys`: the identities of all its addresses."""

    id: ArticleId
    lang: Lang
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Evidence that does not hold: the pair's claim or SAME decision, and why."""

    pair: Pair
    why: str  # "language" (it is taken on the other side) or "apart" (a decision stands between)


@dataclass(frozen=True, slots=True)
class Group:
    """A story: its members, the links between them, who was claimed but had no place, and what did not hold."""

    story: StoryId
    members: tuple[ArticleId, ...]
    links: tuple[Link, ...] = ()
    spare: tuple[ArticleId, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def pair_of(a: ArticleId, b: ArticleId) -> Pair:
    return (a, b) if a <= b else (b, a)


def resolve(
    members: Iterable[Member], claims: Iterable[Claim], key: Callable[[str], str] = identity
) -> tuple[Claim, ...]:
    """The claims with `target_article` set where an address of a member is meant, sorted by id."""
    owners = {name: member.id for member in members for name in member.keys}
    found = (c if c.target_article else replace(c, target_article=owners.get(key(c.target))) for c in claims)
    return tuple(sorted(found, key=lambda claim: claim.id))


def standing(decisions: Iterable[Decision]) -> dict[Pair, Decision]:
    """The newest decision on each pair."""
    ordered = sorted(decisions, key=lambda decision: decision.id)
    return {pair_of(decision.a, decision.b): decision for decision in ordered}


def evidence(langs: Mapping[ArticleId, Lang], claims: Iterable[Claim]) -> dict[Pair, tuple[Claim, ...]]:
    """The claims of each pair that can be one story's, by id. A claim on oneself or one's own language is none."""
    pairs: dict[Pair, list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda claim: claim.id):
        a, b = claim.article, claim.target_article
        if b is not None and a in langs and b in langs and langs[a] != langs[b]:
            pairs[pair_of(a, b)].append(claim)
    return {pair: tuple(found) for pair, found in pairs.items()}


def link(
    members: Iterable[Member],
    claims: Iterable[Claim],
    decisions: Iterable[Decision],
    key: Callable[[str], str] = identity,
) -> tuple[Group, ...]:
    """The stories of these articles, by story id. All of a connected component must be given, or all there is.

    Decisions come first, the newest before older ones; then certain claims before inferred ones, the higher score
    first, then the stronger kind of evidence, then claims that both sides make, then the smaller ids.
    """
    known = sorted(members, key=lambda member: member.id)
    langs = {member.id: member.lang for member in known}
    decided = {pair: d for pair, d in standing(decisions).items() if pair[0] in langs and pair[1] in langs}
    pairs = evidence(langs, resolve(known, claims, key))
    stories = _Stories(langs, {pair for pair, d in decided.items() if d.verdict is Verdict.APART})
    conflicts = [Conflict(pair, why) for pair in _order(pairs, decided) if (why := stories.join(*pair))]
    return tuple(_group(ids, langs, pairs, decided, conflicts) for ids in stories.groups())


def _order(pairs: Mapping[Pair, tuple[Claim, ...]], decided: Mapping[Pair, Decision]) -> list[Pair]:
    """The pairs that want to be joined, the one with most right to it first."""
    same = [pair for pair, d in decided.items() if d.verdict is Verdict.SAME]
    same.sort(key=lambda pair: -decided[pair].id)
    open_pairs = [pair for pair in pairs if pair not in decided]
    open_pairs.sort(key=lambda pair: (*_strength(strongest(pairs[pair])), not _mutual(pairs[pair]), pair))
    return same + open_pairs


def strongest(claims: Iterable[Claim]) -> Claim:
    return min(claims, key=lambda claim: (*_strength(claim), claim.id))


def _strength(claim: Claim) -> tuple[bool, float, int]:
    """Sorts the strongest first."""
    kind = EVIDENCE.index(claim.evidence) if claim.evidence in EVIDENCE else len(EVIDENCE)
    return not claim.certain, -claim.score, kind


def _mutual(claims: Iterable[Claim]) -> bool:
    return len({claim.article for claim in claims}) == 2


class _Stories:
    """Disjoint sets under the two constraints."""

    def __init__(self, langs: Mapping[ArticleId, Lang], apart: set[Pair]) -> None:
        self._langs = langs
        self._apart = apart
        self._set = {article: {article} for article in langs}

    def join(self, a: ArticleId, b: ArticleId) -> str | None:
        """Put both in one set, unless a constraint forbids it: then its name."""
        left, right = self._set[a], self._set[b]
        if left is right:
            return None
        if any(pair_of(x, y) in self._apart for x in left for y in right):
            return "apart"
        if {self._langs[x] for x in left} & {self._langs[y] for y in right}:
            return "language"
        left |= right
        for article in right:
            self._set[article] = left
        return None

    def groups(self) -> list[list[ArticleId]]:
        return sorted(sorted(ids) for ids in {id(ids): ids for ids in self._set.values()}.values())


def _group(
    ids: list[ArticleId],
    langs: Mapping[ArticleId, Lang],
    pairs: Mapping[Pair, tuple[Claim, ...]],
    decided: Mapping[Pair, Decision],
    conflicts: Iterable[Conflict],
) -> Group:
    links, spare = inside(ids, langs, pairs, decided)
    return Group(
        story=StoryId(ids[0]),
        members=tuple(ids),
        links=links,
        spare=spare,
        conflicts=tuple(conflict for conflict in conflicts if set(conflict.pair) & set(ids)),
    )


def inside(
    ids: Iterable[ArticleId],
    langs: Mapping[ArticleId, Lang],
    pairs: Mapping[Pair, tuple[Claim, ...]],
    decided: Mapping[Pair, Decision],
) -> tuple[tuple[Link, ...], tuple[ArticleId, ...]]:
    """The links between a story's members, and the articles that claims name beside them.

    An article that was decided apart from the member it is claimed with is not spare: it is another story's.
    """
    members = set(ids)
    wanted = set(pairs) | {pair for pair, decision in decided.items() if decision.verdict is Verdict.SAME}
    links, spare = [], set()
    for pair in sorted(wanted):
        within = members & set(pair)
        if len(within) == 2:
            links.append(_link(pair, pairs.get(pair, ()), decided.get(pair)))
        elif len(within) == 1 and langs[pair[0]] != langs[pair[1]] and not _parted(pair, decided):
            spare |= set(pair) - members
    return tuple(links), tuple(sorted(spare))


def _parted(pair: Pair, decided: Mapping[Pair, Decision]) -> bool:
    return pair in decided and decided[pair].verdict is Verdict.APART


def _link(pair: Pair, claims: tuple[Claim, ...], decision: Decision | None) -> Link:
    if decision is not None and decision.verdict is Verdict.SAME:
        return Link(*pair, evidence="editor", certain=True, score=1.0, claims=claims, decision=decision)
    best = strongest(claims)
    return Link(*pair, best.evidence, best.certain, best.score, claims, decision)
