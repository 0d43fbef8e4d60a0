"""Which article belongs to which story, kept in step with claims and decisions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, union, update

from archive.model import Actor, ArticleId, Claim, ClaimId, DecisionId, Lang, Link, Role, StoryId, Verdict
from archive.pairing.link import Member, link, strongest
from archive.store import audit, claims
from archive.store.database import Tx
from archive.store.part import Part
from archive.store.schema import addresses, articles, broken, decisions, events
from archive.store.schema import claims as claim_rows
from archive.store.values import Event, EventKind, StoreError


@dataclass(frozen=True, slots=True)
class Cause:
    claim: ClaimId | None = None
    decision: DecisionId | None = None


@dataclass(frozen=True, slots=True)
class _Move:
    article: ArticleId
    old: StoryId
    new: StoryId

    @property
    def joins(self) -> bool:
        """It goes to another article's address, not back to its own."""
        return self.new != StoryId(self.article)

    @property
    def left(self) -> EventKind:
        return EventKind.OUT if self.old != StoryId(self.article) else EventKind.INTO

    @property
    def came(self) -> EventKind:
        return EventKind.FROM if self.joins else EventKind.OWN


def component(db: Connection, seeds: Collection[int]) -> set[int]:
    """All articles that claims, SAME decisions or a common story connect with the seeds."""
    found, fresh = set(seeds), set(seeds)
    by_target = claim_rows.join(addresses, addresses.c.key == claim_rows.c.target_key)
    same = decisions.c.verdict == Verdict.SAME.value
    while fresh:
        stories = select(articles.c.story).where(articles.c.id.in_(fresh))
        queries = (
            select(addresses.c.article).select_from(by_target).where(claim_rows.c.article.in_(fresh)),
            select(claim_rows.c.article).select_from(by_target).where(addresses.c.article.in_(fresh)),
            select(decisions.c.b).where(same, decisions.c.a.in_(fresh)),
            select(decisions.c.a).where(same, decisions.c.b.in_(fresh)),
            select(articles.c.id).where(articles.c.story.in_(stories)),
        )
        fresh = set(db.execute(union(*queries)).scalars()) - found
        found |= fresh
    return found


def regroup(tx: Tx, seeds: Collection[int], at: datetime, cause: Cause, fresh: int | None = None) -> None:
    """Derive the stories of all that is connected with the seeds, and move whoever moved.

    `fresh`: an article made in this transaction; nobody has known its own address yet, so nothing happened to it.
    """
    numbers = component(tx.db, seeds)
    rows = tx.db.execute(select(articles).where(articles.c.id.in_(numbers))).all()
    members = [Member(ArticleId(row.id), Lang(row.lang)) for row in rows]
    before = {ArticleId(row.id): StoryId(row.story) for row in rows}
    groups = link(members, claims.touching(tx.db, numbers), claims.decided(tx.db, numbers), tx.key)
    for group in groups:
        for article in group.members:
            move = _Move(article, before[article], group.story)
            if move.old != move.new:
                _move(tx, move, group.links, at, cause, told=article != fresh)
    if cause != Cause():
        for group in groups:
            if set(group.spare) & set(seeds):  # it names one of the seeds beside its members, or does so no more
                tx.touch(group.story, "claim")


def _move(tx: Tx, move: _Move, links: Collection[Link], at: datetime, cause: Cause, told: bool) -> None:
    """Put an article into another story, and say so at both addresses."""
    tx.db.execute(update(articles).where(articles.c.id == move.article).values(story=move.new))
    tx.touch(move.new, "joined" if move.joins else "parted")
    if not told:
        return
    tx.touch(move.old, "left")
    why = _reason(move.article, links) if move.joins else None
    for story, kind, other in ((move.old, move.left, move.new), (move.new, move.came, move.old)):
        row = {"story": story, "kind": kind.value, "article": move.article, "other": other, "at": at}
        tx.db.execute(insert(events).values(**row, claim=(why or cause).claim, decision=(why or cause).decision))


def _reason(article: ArticleId, links: Collection[Link]) -> Cause | None:
    """The link that holds the article in its story."""
    own = [found for found in links if article in (found.a, found.b)]
    decided = [found.decision.id for found in own if found.decision]
    if decided:
        return Cause(decision=max(decided))
    return Cause(claim=strongest(claim for found in own for claim in found.claims).id) if own else None


def story_of(db: Connection, article: int) -> StoryId:
    """The story of an article that is there."""
    return StoryId(db.execute(select(articles.c.story).where(articles.c.id == article)).scalar_one())


class Links(Part):
    def add_claim(
        self,
        article: ArticleId,
        target: str,
        evidence: str,
        maker: str,
        certain: bool,
        score: float,
        at: datetime,
    ) -> ClaimId | None:
        """Someone says that `target` (an address, raw) is another version of the article. Returns the claim's id, or
        None when the same was said before.

        Raises:
            StoreError: there is no such article.
        """
        with self._database.write() as tx:
            if not tx.db.execute(select(articles.c.id).where(articles.c.id == article)).first():
                raise StoreError(f"there is no article {article}; the claim about {target} was not kept")
            claim = claims.put(tx, article, target, evidence, maker, certain, score, at)
            if claim is not None:
                tx.touch(story_of(tx.db, article), "claim")
                regroup(tx, [article], at, Cause(claim=claim))
            return claim

    def break_claim(self, target_url: str, why: str, at: datetime) -> None:
        """The version at this address cannot be had. The claims stay, as evidence, until the address arrives."""
        with self._database.write() as tx:
            key = tx.key(target_url)
            if tx.db.execute(select(broken.c.key).where(broken.c.key == key, broken.c.why == why)).first():
                return
            tx.db.execute(delete(broken).where(broken.c.key == key))
            tx.db.execute(insert(broken).values(key=key, why=why, at=at))
            claimers = select(claim_rows.c.article).where(claim_rows.c.target_key == key)
            for story in tx.db.execute(select(articles.c.story).where(articles.c.id.in_(claimers))).scalars():
                tx.touch(StoryId(story), "claim")

    def broken_claims(self) -> tuple[Claim, ...]:
        """Claims whose target could not be had and is not in the archive, by id."""
        with self._database.read() as db:
            rows = db.execute(claims.query().where(broken.c.why.is_not(None)))
            return tuple(claims.from_row(row) for row in rows)

    def decide(
        self, a: ArticleId, b: ArticleId, verdict: Verdict, actor: Actor, reason: str, at: datetime
    ) -> DecisionId:
        """Join (SAME) or part (APART) two articles. The newest decision on a pair holds.

        Raises:
            StoreError: an article is unknown, both are one, SAME for two in one language, or the actor is a reader.
        """
        first, second = sorted((a, b))
        with self._database.write() as tx:
            _may(tx, first, second, verdict, actor)
            row = {"a": first, "b": second, "verdict": verdict.value, "actor": actor.name, "role": actor.role.value}
            made = insert(decisions).values(**row, reason=reason, at=at).returning(decisions.c.id)
            decision = DecisionId(tx.db.execute(made).scalar_one())
            audit.write(tx, actor, verdict.value, f"articles {first} and {second}", reason, at)
            for article in (first, second):
                tx.touch(story_of(tx.db, article), "decision")
            regroup(tx, [first, second], at, Cause(decision=decision))
            return decision

    def what_happened(self, story: StoryId) -> tuple[Event, ...]:
        """What happened to a story's address, oldest first."""
        with self._database.read() as db:
            rows = db.execute(select(events).where(events.c.story == story).order_by(events.c.id))
            return tuple(
                Event(
                    StoryId(row.story),
                    EventKind(row.kind),
                    ArticleId(row.article),
                    StoryId(row.other),
                    row.at,
                    row.claim,
                    row.decision,
                )
                for row in rows
            )


def _may(tx: Tx, a: ArticleId, b: ArticleId, verdict: Verdict, actor: Actor) -> None:
    if a == b:
        raise StoreError(f"article {a} cannot be linked with itself; name two articles")
    if actor.role is Role.READER:
        raise StoreError(f"{actor.name} is a reader; only editors and keepers decide on links")
    both = select(articles.c.id, articles.c.lang).where(articles.c.id.in_((a, b)))
    langs = dict(tx.db.execute(both).all())
    for article in (a, b):
        if article not in langs:
            raise StoreError(f"there is no article {article}; nothing was decided")
    if verdict is Verdict.SAME and langs[a] == langs[b]:
        raise StoreError(f"articles {a} and {b} are both in {langs[a]}; a story holds one article a language")
