"""Fragments with run-time lists, nested lists, dicts, tuples and histories.

In:  nothing.   Out: `FRAGMENTS`.
"""

from __future__ import annotations

from tests.programs.broad.fragment import Fragment

_FILLED = (
    "$new = []\nfor $i in range(n):\n    $new.append($v + 0.1 * $i)",
    "$new = [$v]\nfor $i in range(n):\n    $new.append(0.6 * $new[-1] + 0.1)",
    "$new = [$v, $w]\nfor $i in range(2, n + 2):\n    $new.append(0.5 * $new[$i - 1] - 0.3 * $new[$i - 2])",
    "$new = [$v, $w, 0.3]",
    "$new = [0.1] * 3\nfor $i in range(3):\n    $new[$i] = $v * ($i + 1)",
    "$new = [0.2 * $i * $v for $i in range(1, n + 2)]",
    "$new = list($a * 0.5)",
    (
        "$new = [$v]\n"
        "for $i in range(3):\n"
        "    if $new[-1] > 0.4717:\n"
        "        break\n"
        "    $new.append(0.3 + 0.5 * $new[-1])"
    ),
)
_CHANGED = (
    "$new.append($w)",
    "$new.extend([$w, $v])",
    "$new += [$w]",
    "$new.insert(0, $w)",
    "$new[0] = 0.5 * $new[-1]",
    "$new[-1] += 0.4 * $new[0]",
    "$new.reverse()",
    "$new = $new[::-1]",
    "$new = $new[1:] + $new[:1]",
    "total += $new.pop() * 0.4",
    "total += 0.3 * $new.pop(0)",
    "del $new[0]",
    "$other = $new\n$other.append($w)",
    "$other = $new[:]\n$other[0] = $w\ntotal += 0.2 * sum($other)",
    "$other = $new.copy()\n$other.append($w)\ntotal += 0.2 * sum($other)",
    "$new[0], $new[-1] = $new[-1], $new[0] * 0.7",
    "for $i in range(len($new)):\n    $new[$i] = np.sin($new[$i])",
    "while len($new) > 1:\n    total += 0.3 * $new.pop()",
    "$new = [u * 0.5 for u in $new]",
    "pass",
)
_SUMMED = (
    "total += 0.3 * sum($new)",
    "for $i in $new:\n    total = 0.7 * total + 0.3 * $i",
    "for $i in range(len($new)):\n    total += 0.2 * $new[$i] * ($i + 1)",
    "total += 0.2 * np.sum(np.array($new))",
    "total += 0.2 * sum(u * u for u in $new)",
    "total += 0.2 * np.sum(np.sin(np.array($new)))",
)
_ARRAYS = (
    (
        "$new = []\n"
        "for $i in range(n):\n"
        "    $new.append($x * (0.3 + 0.1 * $i))\n"
        "total += 0.2 * np.sum(np.sin(np.array($new)))"
    ),
    (
        "$new = [$a * 0.5]\n"
        "for $i in range(n):\n"
        "    $new.append(np.sin($new[-1]) + 0.3 * $b)\n"
        "$a = 0.5 * $a + 0.3 * $new[-1]"
    ),
    (
        "$new = [$a.copy()]\n"
        "for $i in range(2):\n"
        "    $a += 0.3 * $new[-1]\n"
        "    $new.append($a.copy())\n"
        "total += 0.1 * sum(np.sum(np.sin(u)) for u in $new)"
    ),
    "$new = [$a, $b]\n$new[0] = $new[1] * 0.5\n$new[1][$place] += $v\ntotal += 0.3 * np.sum($new[0])",
    (
        "$new = {'p': $a, 'q': $v}\n"
        "$new['q'] += 0.3\n"
        "$new['p'] = 0.6 * $new['p']\n"
        "total += $new['q'] * np.sum($new['p'])"
    ),
    "$new = {}\nfor $i in ('p', 'q'):\n    $new[$i] = $v * 0.5\ntotal += $new['p'] - 0.4 * $new['q']",
    "$new = {'p': $a, 'q': $b}\nfor $i, $j in $new.items():\n    total += 0.2 * np.sum(np.sin($j))",
    "$new = {'p': $a}\n$new['p'][$place] = $v\n$new['r'] = $new.pop('p') * 0.5\ntotal += 0.4 * np.sum($new['r'])",
    "$new = ($v, ($w, $a * 0.5))\n$other, ($i, $j) = $new\ntotal += $other * $i + 0.3 * np.sum($j)",
    (
        "$new = [[$v, $w], [0.3]]\n"
        "$new[1].append($new[0][0])\n"
        "$new[0][1] *= 0.5\n"
        "total += 0.2 * sum(sum(u) for u in $new)"
    ),
    (
        "$new = []\n"
        "for $i in range(n):\n"
        "    $new.append([])\n"
        "    for $j in range(2):\n"
        "        $new[-1].append($v * (0.3 + $j))\n"
        "total += 0.1 * sum(u[0] * u[1] for u in $new)"
    ),
    (
        "$new = [(0.3 * $v, $w)]\n"
        "for $i in range(n):\n"
        "    u, w = $new[-1]\n"
        "    $new.append((0.5 * w, u - 0.3))\n"
        "total += 0.3 * $new[-1][0] + 0.2 * $new[-1][1]"
    ),
    (
        "$new, $other = [], []\n"
        "for $i in range(n):\n"
        "    $new.append($v)\n"
        "    if $i % 2 == 0:\n"
        "        $other.append(0.5 * $new[-1])\n"
        "total += 0.3 * sum($new) + 0.2 * sum($other)"
    ),
    (
        "$new = [$a * (1.0 + 0.2 * u) for u in range(2)]\n"
        "$new[0], $new[1] = $new[1], 0.5 * $new[0]\n"
        "$new[0] += 0.1\n"
        "total += 0.2 * sum(np.sum(np.sin(u)) for u in $new)"
    ),
    "$new = np.array([$v, $w, 0.5 * $v])\n$new[1:] -= 0.2 * $new[:-1]\ntotal += np.sum(np.sin($new))",
    "$new = np.zeros(3)\nfor $i in range(n):\n    $new[$i % 3] += $v\ntotal += np.sum(np.sin($new))",
    (
        "$new = np.empty((n, 2))\n"
        "for $i in range(n):\n"
        "    $new[$i, 0] = $v\n"
        "    $new[$i, 1] = 0.5 * $new[$i, 0] + $w\n"
        "total += 0.2 * np.sum(np.sin($new))"
    ),
    (
        "$new = np.zeros((n + 1, *$a.shape))\n"
        "$new[0] = $a\n"
        "for $i in range(n):\n"
        "    $new[$i + 1] = np.sin($new[$i]) + 0.3 * $b\n"
        "total += 0.1 * np.sum($new * $new)"
    ),
)

FRAGMENTS = [
    *(
        Fragment(f"{filled}\n{changed}\n{summed}", "vector" if "$a" in filled else "nothing")
        for number, filled in enumerate(_FILLED)
        for place, changed in enumerate(_CHANGED)
        for summed in (_SUMMED[(number + place) % len(_SUMMED)],)
    ),
    *(Fragment(text, "some") for text in _ARRAYS),
]
