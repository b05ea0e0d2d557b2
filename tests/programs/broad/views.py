"""Fragments that give an array a second name, whole or in part.

In:  nothing.   Out: `FRAGMENTS`.
"""

from __future__ import annotations

from tests.programs.broad.fragment import Fragment

_BOUND = (
    ("$a", "any", "same"),
    ("$a[:]", "any", "same"),
    ("$a[::-1]", "any", "same"),
    ("$a.T", "any", "turned"),
    ("$a.reshape(-1)", "some", "flat"),
    ("$a.ravel()", "some", "flat"),
    ("$a.flatten()", "some", "flat"),
    ("np.asarray($a)", "any", "same"),
    ("np.flip($a)", "any", "same"),
    ("$a[..., None]", "some", "one more"),
    ("np.expand_dims($a, -1)", "some", "one more"),
    ("$a[$cut:]", "some", "after"),
    ("$a[:$cut]", "some", "before"),
    ("$a[::2]", "some", "half"),
    ("$a[::-1][:$cut]", "some", "before"),
    ("$a[1:]", "vector", "tail"),
    ("$a[1:][::-1]", "vector", "tail"),
    ("$a[0]", "matrix", "row"),
    ("$a[-1]", "matrix", "row"),
    ("$a[:, 0]", "matrix", "column"),
    ("$a.T[0]", "matrix", "column"),
    ("$a[1:, :]", "matrix", "tail"),
    ("np.diagonal($a)", "matrix", "diagonal"),
    ("np.diag($a)", "matrix", "diagonal"),
    ("$a.swapaxes(0, 1)", "matrix", "turned"),
    ("np.transpose($a)[::-1]", "matrix", "turned"),
    ("$a.copy()", "any", "same"),
    ("$a[[0, -1]]", "some", None),
    ("$a[$b > 0.05]", "any", None),
)
_READ_ONLY = ("np.diagonal($a)", "np.diag($a)")
_WRITTEN = (
    ("$new = $other = $a\n$new += 0.3 * ($x)\n$other[$place] = $v", "some"),
    ("$new = $a[1:]\n$new[0] = $v\n$a[1] += 0.3 * $new[-1]", "vector"),
    ("$new = $a[1:]\n$other = $new[::-1]\n$other[0] *= $v\n$new += 0.2", "vector"),
    ("$new, $other = $a, $a\n$new *= 0.8\n$other[$place] += $v", "some"),
    ("$new = $a\n$a = 0.5 * $a\n$new[$place] = $v\n$a += 0.3 * $new", "some"),
    ("$new = $a.reshape(-1)\n$new[$k] = $v\n$new *= 0.9", "some"),
    ("$new = $a.T\n$new[0] += $v\n$a[0] *= 0.5", "some"),
    ("$new = $a[1:]\nfor $i in range(n):\n    $new[0] += 0.3 * $a[0]\n    $a[0] = 0.7 * $new[-1]", "vector"),
    ("$new = $a\nfor $i in range(n):\n    $new = $new[::-1]\n    $new[0] += $v", "some"),
    ("$new = $a\nfor $i in range(2):\n    $new, $a = $a, $new * 0.7", "some"),
    (
        (
            "$new, $other = $a * 1.0, $b * 0.5\n"
            "for $i in range(n):\n"
            "    $new[...] = 0.5 * $other + 0.1\n"
            "    $new, $other = $other, $new\n"
            "total += np.sum($new) + 0.3 * np.sum(np.sin($other))"
        ),
        "some",
    ),
    (
        "if $v > 0.0717:\n    $new = $a\nelse:\n    $new = $a.copy()\ntotal = total + 0.2 * np.sum(np.sin($new))",
        "some",
    ),
    ("$new = $a if $v > 0.0717 else $b\ntotal = total + 0.2 * np.sum(np.sin($new))", "any"),
    ("$new = [$a, $a]\n$new[0][$place] = $v\ntotal += 0.3 * np.sum($new[1])", "some"),
    ("$new = ($a, $b)\n$new[1][$place] += $v\nfor $i in $new:\n    $i *= 0.8", "some"),
    ("for $i in ($a, $b):\n    $i[$place] += $v\n    $i *= 0.9", "some"),
    ("$new = {'u': $a, 'v': $b[$k:]}\n$new['u'] *= 0.8\n$new['v'] += $v", "some"),
    ("for $i in $a[::-1]:\n    $i *= 0.7\ntotal += np.sum($a) * 0.1", "matrix"),
    ("for $i, $j in zip($a, $b):\n    $i += 0.4 * $j\n    $j *= 0.8", "matrix"),
    ("$a[0], $a[1] = $a[1].copy(), $a[0] * 0.7", "matrix"),
    ("$new, $other = np.split($a, [1])\ntotal += np.sum($new) * 0.3 + np.sum(np.sin($other))", "vector"),
    ("$new = np.broadcast_to($a, (2, *$a.shape))\ntotal += 0.3 * np.sum(np.sin($new))\n$a *= 0.8", "some"),
)

FRAGMENTS = [
    *(
        Fragment(f"$new = {text}", needs, {"$new": shape or "number"}, top=True)
        for text, needs, shape in _BOUND
        if shape is not None and text not in _READ_ONLY
    ),
    *(Fragment(f"total = total + 0.4 * np.sum(np.sin({text}))", needs) for text, needs, shape in _BOUND),
    *(Fragment(text, needs) for text, needs in _WRITTEN),
]
