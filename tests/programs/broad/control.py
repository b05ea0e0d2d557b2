"""Fragments of control flow: loops, ways out of them, branches, match, comprehensions, generators.

In:  nothing.   Out: `FRAGMENTS`.
"""

from __future__ import annotations

from tests.programs.broad.fragment import Fragment

_BODIES = (
    "for $i in range(n):\n    $body",
    "for $i in range(n):\n    $body\nelse:\n    total += 0.1 * $v",
    "for $i in range(n, 0, -1):\n    $body",
    "for $i in reversed(range(2)):\n    $body",
    "for $i in range(0):\n    $body",
    "for $i in range(m):\n    if $v > 0.2717:\n        break\n    $body",
    "for $i in range(3):\n    $body\n    if $v > 0.2717:\n        break\nelse:\n    total += 0.1 * $w",
    "for $i in range(n):\n    if $v < -0.1717:\n        continue\n    $body",
    "for $i in range(3):\n    if $i == 1:\n        continue\n    $body",
    "for $i in range(n):\n    $body\n    if $i >= 1 and $v > 0.1717:\n        return $everything",
    "$i = n\nwhile $i > 0:\n    $i -= 1\n    $body",
    "$i = 0\nwhile True:\n    $i += 1\n    $body\n    if $i >= n or $v > 0.3717:\n        break",
    "$i = 0\nwhile $i < 2:\n    $i += 1\n    $body\nelse:\n    total += 0.1 * $v",
    "$i = 0\nwhile $i < 4 and $v < 0.2717:\n    $i = $i + 1\n    $body",
    "if $v > 0.0717:\n    $body",
    "if $v > 0.0717:\n    $body\nelse:\n    $body",
    "if $v > 0.2717:\n    $body\nelif $w < 0.1:\n    $body\nelse:\n    total *= 0.9",
    "if not ($v > 0.0717 and $w > 0.0171):\n    $body",
    "if n > 1 or $v > 0.5:\n    $body\nelse:\n    pass",
    "for $i in range(2):\n    for $j in range($i + 1):\n        $body",
    "for $i, $j in zip(range(n), range(1, 4)):\n    $body\n    total += 0.01 * $j",
    (
        "match n:\n"
        "    case 0 | 1:\n"
        "        total += 0.2\n"
        "    case k if k > 5:\n"
        "        total *= 0.5\n"
        "    case _:\n"
        "        $body"
    ),
    "match m:\n    case 2:\n        $body\n    case _:\n        total *= 0.7",
    "with np.errstate(all='ignore'):\n    $body",
    "try:\n    $body\nfinally:\n    total *= 0.9",
)
_EARLY = (
    "if $v > 0.4717:\n    return $everything",
    "if np.sum($a) > 1.3717:\n    total += 0.2\n    return $everything",
)
_OUT = (
    "if $v > 0.3717:\n    break",
    "if $v < -0.2717:\n    continue",
    "if $v > 0.3717:\n    total += 0.1\n    break",
    "if $v > 0.2717:\n    $a[$k] *= 0.5\n    continue",
    "if $v > 0.6717:\n    return $everything",
)
_NUMBERS = (
    (
        (
            "$new = 0.0\n"
            "for $i in $a:\n"
            "    if np.sum($i) > 0.7717:\n"
            "        break\n"
            "    $new = 0.6 * $new + np.sum($i)"
        ),
        "some",
    ),
    (
        "$new = 0.0\nfor $i in $a:\n    if np.sum($i) < 0.0717:\n        continue\n    $new += np.sum($i) * 0.3",
        "some",
    ),
    (
        "$new = $v\nfor $i in range(n):\n    $other = np.sin($new)\n    $new = 0.7 * $other + 0.1 * $i",
        "nothing",
    ),
    (
        (
            "$new, $other = $v, $w\n"
            "for $i in range(n):\n"
            "    $new, $other = $other, 0.5 * $new - 0.3 * $other\n"
            "total += 0.4 * $other"
        ),
        "nothing",
    ),
    ("$new = sum(0.3 * np.sum(u) for u in $a)", "some"),
    ("$new = sum([np.sin(u) * 0.3 for u in $a if u > 0.0717])", "vector"),
    ("$new = sum(u * w for u, w in zip($a, $b)) * 0.4", "vector"),
    ("$new = max(u + 0.0131 * k for k, u in enumerate($a))", "vector"),
    ("$new = min([u * 0.5 + 0.0131 * k for k, u in enumerate($a)])", "vector"),
    ("$new = sum($a[i] * $b[-1 - i] for i in range(len($a))) * 0.3", "vector"),
    ("$new = np.sum(np.array([np.sin(u) for u in $a]) * 0.3)", "vector"),
    ("$new = np.sum(np.stack([0.5 * u for u in $a]) * 0.3)", "some"),
    ("$new = functools.reduce(lambda s, u: 0.5 * s + u, $a, $v)", "vector"),
    ("$new = sum(itertools.accumulate($a, lambda s, u: 0.5 * s + u)) * 0.3", "vector"),
    ("$new = sum(map(lambda u: 0.3 * u * u, $a))", "vector"),
    ("$new = sum(halves($a)) * 0.3", "vector"),
    ("$new = 0.0\nfor $i in halves($a):\n    $new = 0.5 * $new + $i", "vector"),
    ("$new = $v if $w > 0.0717 else 0.4 * $w", "nothing"),
    (
        (
            "$new = 0.0\n"
            "for $i in range(4):\n"
            "    if ($other := 0.5 * $new + $v) > 0.6717:\n"
            "        break\n"
            "    $new = $other"
        ),
        "nothing",
    ),
    ("$new = $v\nwhile abs($new) > 0.1717:\n    $new = 0.5 * $new", "nothing"),
    ("$new = $v\nif any(u > 0.4717 for u in $a):\n    $new = 0.5 * $new", "vector"),
    ("$new = $v\nif all(u > -0.8717 for u in $a):\n    $new = 0.5 * $new", "vector"),
    (
        (
            "$new = 0.0\n"
            "for $i in itertools.product(range(2), range(2)):\n"
            "    $new += 0.1 * $i[0] * $v + 0.2 * $i[1] * $w"
        ),
        "nothing",
    ),
    (
        (
            "match ($v, $w):\n"
            "    case ($other, $i) if $other > 0.1717:\n"
            "        $new = $other * 0.5 + $i\n"
            "    case (_, $i):\n"
            "        $new = $i * 0.3"
        ),
        "nothing",
    ),
    ("$new = float(np.sum($a)) * 0.2", "any"),
    ("$new = 0.0\nfor $i, $j in enumerate($a, start=1):\n    $new += np.sum($j) * 0.2 / $i", "some"),
    ("for $i in range(1, 3):\n    $new = np.sum($a) * 0.2 * $i", "any"),
    ("$new = 1.0\nfor $i in sorted($a + 0.0131 * np.arange($a.size)):\n    $new = 0.4 * $new + $i", "vector"),
    (
        (
            "$new = 0.0\n"
            "for $i in range(n):\n"
            "    for $j in range(len($a)):\n"
            "        if $a[$j] > 0.5717:\n"
            "            break\n"
            "        $new = 0.5 * $new + $a[$j]"
        ),
        "vector",
    ),
)

FRAGMENTS = [
    *(Fragment(text, "some" if "$a" in text else "nothing") for text in (*_BODIES, *_EARLY)),
    *(Fragment(text, "some" if "$a" in text else "nothing", looping=True) for text in _OUT),
    *(Fragment(text, needs, {"$new": "number"}) for text, needs in _NUMBERS),
]
