"""An outlet's pages in memory, and what was asked of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from archive.fetched import Hop, Unreachable

Answer = bytes | str | int | tuple[int, dict[str, str], bytes | str] | Callable[[], "Answer"]


@dataclass
class Pages:
    """Answers by address: a body (200), a status, or status, headers and body; an unknown address is 404."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __call__(self, url: str) -> Hop:
        self.asked.append(url)
        answer = self.answers.get(url, 404)
        while callable(answer):
            answer = answer()
        if isinstance(answer, int):
            answer = (answer, {}, b"")
        if not isinstance(answer, tuple):
            answer = (200, {}, answer)
        status, headers, body = answer
        content = body.encode() if isinstance(body, str) else body
        at = datetime(2024, 3, 1, tzinfo=UTC)
        return Hop(url, at, (), status, "", tuple(headers.items()), content, content)


def unreachable() -> Answer:
    raise Unreachable("http://warda.example/", "no connection after 3 tries")
