"""Stories are a function of articles, claims and decisions; the order in which those came plays no part."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from archive.model import Actor, ArticleId, Claim, ClaimId, Decision, DecisionId, Lang, Role, Verdict
from archive.pairing.link import Conflict, Group, Member, link, pair_of

AT = datetime(2024, 3, 1, tzinfo=UTC)
EDITOR = Actor("سلمى", Role.EDITOR)


def member(number: int, lang: str) -> Member:
    return Member(ArticleId(number), Lang(lang), frozenset({f"daily.example/{number}"}))


def claim(
    number: int, article: int, target: int, score: float = 1.0, certain: bool = True, evidence: str = "hreflang"
) -> Claim:
    url = f"https://www.daily.example/{target}/"
    return Claim(ClaimId(number), ArticleId(article), url, None, evidence, "page", certain, score, AT)


def decision(number: int, a: int, b: int, verdict: Verdict) -> Decision:
    return Decision(DecisionId(number), ArticleId(a), ArticleId(b), verdict, EDITOR, AT)


def stories(groups: tuple[Group, ...]) -> list[tuple[int, ...]]:
    return [group.members for group in groups]


PAIR = (member(1, "ar"), member(2, "en"))


class TestClaims:
    def test_a_claim_by_address_joins_two_languages(self) -> None:
        (group,) = link(PAIR, [claim(1, 2, 1)], [])
        assert (group.story, group.members) == (1, (1, 2))
        assert [(found.a, found.b, found.evidence, found.certain) for found in group.links] == [
            (1, 2, "hreflang", True)
        ]

    def test_the_story_has_the_id_of_its_oldest_member(self) -> None:
        assert [group.story for group in link([member(9, "en"), member(4, "ar")], [claim(1, 4, 9)], [])] == [4]

    def test_without_a_claim_everybody_is_alone(self) -> None:
        assert stories(link(PAIR, [], [])) == [(1,), (2,)]

    def test_a_target_that_is_not_there_joins_nothing(self) -> None:
        assert stories(link(PAIR, [claim(1, 2, 77)], [])) == [(1,), (2,)]

    def test_a_claim_on_itself_or_in_one_language_is_ignored(self) -> None:
        groups = link([*PAIR, member(3, "en")], [claim(1, 2, 2), claim(2, 3, 2)], [])
        assert stories(groups) == [(1,), (2,), (3,)]
        assert all(not group.spare and not group.links for group in groups)

    def test_a_chain_of_three_languages_is_one_story(self) -> None:
        groups = link([*PAIR, member(3, "tr")], [claim(1, 2, 1), claim(2, 3, 2)], [])
        assert stories(groups) == [(1, 2, 3)]

    def test_the_link_carries_the_strongest_claim_and_all_others(self) -> None:
        weak = claim(1, 2, 1, score=0.7, certain=False, evidence="figures")
        (group,) = link(PAIR, [weak, claim(2, 1, 2, evidence="rest"), claim(3, 2, 1, evidence="in-text link")], [])
        (found,) = group.links
        assert (found.evidence, found.certain, found.score) == ("rest", True, 1.0)
        assert [one.id for one in found.claims] == [1, 2, 3]

    def test_certain_claims_come_before_inferred_ones(self) -> None:
        members = [*PAIR, member(3, "en")]
        inferred, certain = claim(1, 2, 1, score=9.0, certain=False), claim(2, 3, 1, evidence="in-text link")
        assert stories(link(members, [inferred, certain], [])) == [(1, 3), (2,)]

    def test_the_higher_score_comes_first_among_inferred_ones(self) -> None:
        low, high = (claim(n, n + 1, 1, score=s, certain=False, evidence="figures") for n, s in ((1, 0.6), (2, 0.8)))
        assert stories(link([*PAIR, member(3, "en")], [low, high], [])) == [(1, 3), (2,)]

    def test_of_three_that_claim_one_the_mutual_one_has_it_and_the_others_stay_visible(self) -> None:
        members = [member(1, "ar"), member(2, "en"), member(3, "en"), member(4, "en")]
        claims = [claim(1, 2, 1), claim(2, 3, 1), claim(3, 4, 1), claim(4, 1, 3)]
        groups = link(members, claims, [])
        assert stories(groups) == [(1, 3), (2,), (4,)]
        assert groups[0].spare == (2, 4)
        assert groups[1].spare == (1,)
        assert groups[0].conflicts == (
            Conflict((ArticleId(1), ArticleId(2)), "language"),
            Conflict((ArticleId(1), ArticleId(4)), "language"),
        )

    def test_of_three_equal_ones_the_oldest_has_it(self) -> None:
        members = [member(1, "ar"), member(2, "en"), member(3, "en"), member(4, "en")]
        groups = link(members, [claim(1, 4, 1), claim(2, 3, 1), claim(3, 2, 1)], [])
        assert stories(groups) == [(1, 2), (3,), (4,)]


class TestDecisions:
    def test_an_editor_joins_what_nobody_claims(self) -> None:
        (group,) = link(PAIR, [], [decision(1, 2, 1, Verdict.SAME)])
        assert group.members == (1, 2)
        assert group.links[0].evidence == "editor"
        assert group.links[0].decision is not None

    def test_apart_beats_a_certain_claim_and_leaves_nobody_spare(self) -> None:
        groups = link(PAIR, [claim(1, 2, 1)], [decision(1, 1, 2, Verdict.APART)])
        assert stories(groups) == [(1,), (2,)]
        assert all(group.spare == () for group in groups)

    def test_apart_holds_through_a_chain_too(self) -> None:
        members = [*PAIR, member(3, "tr")]
        groups = link(members, [claim(1, 1, 2), claim(2, 2, 3)], [decision(1, 1, 3, Verdict.APART)])
        assert stories(groups) == [(1, 2), (3,)]
        assert groups[0].conflicts == (Conflict((ArticleId(2), ArticleId(3)), "apart"),)

    def test_the_newest_decision_on_a_pair_holds(self) -> None:
        history = [decision(1, 1, 2, Verdict.APART), decision(2, 2, 1, Verdict.SAME)]
        assert stories(link(PAIR, [], history)) == [(1, 2)]
        assert stories(link(PAIR, [], [*history, decision(3, 1, 2, Verdict.APART)])) == [(1,), (2,)]

    def test_same_takes_the_place_of_a_certain_claim(self) -> None:
        groups = link([*PAIR, member(3, "en")], [claim(1, 2, 1)], [decision(1, 1, 3, Verdict.SAME)])
        assert stories(groups) == [(1, 3), (2,)]
        assert groups[0].spare == (2,)

    def test_same_for_one_language_never_joins(self) -> None:
        members = [member(1, "en"), member(2, "en")]
        groups = link(members, [], [decision(1, 1, 2, Verdict.SAME)])
        assert stories(groups) == [(1,), (2,)]
        assert groups[0].spare == ()


World = tuple[list[Member], list[Claim], list[Decision]]

LANGS = st.sampled_from(["ar", "en", "tr"])
NUMBERS = st.integers(1, 7)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    members = [member(n, lang) for n, lang in enumerate(draw(st.lists(LANGS, min_size=1, max_size=7)), 1)]
    number = st.integers(1, len(members) + 1)  # the last is not in the archive
    own = st.integers(1, len(members))
    kinds = st.sampled_from(["hreflang", "rest", "in-text link", "figures"])
    said = draw(st.lists(st.tuples(own, number, st.sampled_from([0.5, 0.9, 1.0]), st.booleans(), kinds), max_size=12))
    decided = draw(st.lists(st.tuples(own, own, st.sampled_from(Verdict)), max_size=5))
    claims = [claim(n, *one) for n, one in enumerate(said, 1)]
    return members, claims, [decision(n, *one) for n, one in enumerate(decided, 1)]


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_plays_no_part(world: World, random: Random) -> None:
    before = link(*world)
    for part in world:
        random.shuffle(part)
    assert link(*world) == before


@given(worlds())
def test_a_story_holds_one_article_a_language_and_nobody_who_was_decided_apart(
    world: World,
) -> None:
    members, claims, decisions = world
    langs = {one.id: one.lang for one in members}
    newest = {pair_of(one.a, one.b): one.verdict for one in decisions}
    groups = link(members, claims, decisions)
    assert sorted(article for group in groups for article in group.members) == sorted(langs)
    for group in groups:
        assert group.story == min(group.members)
        assert len({langs[article] for article in group.members}) == len(group.members)
        assert not any(newest.get(pair) is Verdict.APART for pair in combinations(group.members, 2))


@given(worlds())
def test_a_component_can_be_computed_alone(world: World) -> None:
    """Adding articles that nothing connects changes no other story."""
    members, claims, decisions = world
    stranger = member(99, "ar")
    with_stranger = link([*members, stranger], claims, decisions)
    assert tuple(group for group in with_stranger if group.story != 99) == link(members, claims, decisions)
