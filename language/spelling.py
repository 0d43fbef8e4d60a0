"""How far two words are apart in letters."""

from __future__ import annotations


def edits(a: str, b: str, limit: int) -> int:
    """Letters changed, added, dropped or swapped with the next one (optimal string alignment); limit + 1 if more."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    a, b = _differing(a, b)
    far = limit + 1
    before: list[int] = []
    row = [min(j, far) for j in range(len(b) + 1)]
    for i, x in enumerate(a, start=1):
        last, before, row = before, row, [far] * (len(b) + 1)
        row[0] = min(i, far)
        for j in range(max(1, i - limit), min(len(b), i + limit) + 1):  # the others are too far anyway
            y = b[j - 1]
            cost = before[j - 1] if x == y else min(before[j - 1], before[j], row[j - 1]) + 1
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, last[j - 2] + 1)
            row[j] = cost
        if min(row) > limit and min(before) > limit:
            return far
    return min(row[-1], far)


def _differing(a: str, b: str) -> tuple[str, str]:
    """Both without what they begin and end with alike."""
    same = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        same += 1
    a, b = a[same:], b[same:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    return a, b
