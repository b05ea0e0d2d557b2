"""Fragments that write arrays in place, in every form.

In:  nothing.   Out: `FRAGMENTS`.
"""

from __future__ import annotations

from tests.programs.broad.fragment import Fragment

_ANY = (
    "$a += 0.4 * ($x)",
    "$a *= np.cos($x)",
    "$a -= 0.3 * $a * $v",
    "$a /= 1.5 + ($x) ** 2",
    "$a[...] = 0.5 * $a + $v",
    "$a[:] = $x",
    "total = total + 0.3 * np.sum($a)\n$a.fill($v)",
    "np.copyto($a, $x)",
    "np.copyto($a, $v, where=$a > 0.0717)",
    "np.multiply($b, 0.5, out=$a)",
    "np.multiply($b, $c, out=$a)",
    "np.add($b, $v, $a)",
    "np.negative($b, out=$a)",
    "np.subtract($b, $x, out=$a, where=$b > 0.0717)",
    "$a[$a > 0.1717] *= $v",
    "$a[$a < 0.0717] = $v",
    "$a[$b > 0.1] += 0.2 * $c[$b > 0.1]",
    "$new = $b > 0.05\n$a[$new] = 0.4 * $c[$new]",
    "$a[np.abs($b) < 0.4717] -= 0.3",
    "$a[:] = 0.7 * $b[::-1]",
    "np.clip($a, -0.8717, 0.9171, out=$a)",
)
_SOME = (
    "$a[$place] = $v",
    "$a[$place] += $v",
    "$a[$place] *= $v",
    "$a[$place] = 0.5 * $a[$place] + $v",
    "$a[$k] = 0.6 * $b[$l]",
    "$a[$k] += 0.4 * $a[$l]",
    "$a[$k], $a[$l] = $a[$l], $a[$k] * 0.9",
    "$a[[$k, $l]] = $a[[$l, $k]]",
    "$a[[$k, $l, $k]] = $v",
    "$a[[$k, $l, $k]] += 0.5 * $v",
    "$a[[$k, $l]] = 0.5 * $b[[$l, $l]]",
    "$a[np.array([$k, $l])] *= $v",
    "np.add.at($a, [$k, $l, $k], $v)",
    "np.subtract.at($a, [$k, $k], 0.3 * $b[[$k, $l]])",
    "np.multiply.at($a, [$k, $l], $v)",
    "$a[::-1] = 0.7 * $a",
    "$a[::-1] += 0.3 * $b",
    "$a[::2] *= $v",
    "$a[$k:] = $v",
    "$a[$k:] += 0.2 * $b[$k:]",
    "$a[-1] = 0.3 * $a[0] + $v",
    "np.put_along_axis($a, np.array([$k]).reshape((1,) * $a.ndim), $v, 0)",
)
_VECTOR = (
    "$a[1:] += 0.5 * $a[:-1]",
    "$a[:-1] = 0.3 * $a[1:] + $v",
    "$a[1:], $a[:-1] = $a[:-1] * 0.5, $a[1:] * 0.7",
    "$a[:$cut] = 0.4 * $a[:$cut][::-1]",
    "$a[::-1][:$cut] *= $v",
    "$a += 0.0137 * np.arange($a.size)\n$a.sort()",
    "$a[:] = np.sort($b + 0.0173 * np.arange($b.size))",
    "for $i in range(1, len($a)):\n    $a[$i] = 0.6 * $a[$i - 1] + 0.5 * $b[$i]",
    "for $i in range(len($a) - 1, 0, -1):\n    $a[$i - 1] -= 0.4 * $a[$i] * $v",
    "for $i, $j in enumerate($b):\n    $a[$i] += 0.5 * np.sin($j)",
    "for $i in range(len($a)):\n    $a[$i], $a[-1 - $i] = $a[-1 - $i], 0.8 * $a[$i]",
    "for $i in range(n):\n    $a[1:-1] += 0.2 * ($a[2:] - 2.0 * $a[1:-1] + $a[:-2])",
    "$a[1:] = np.cumsum($b)[:-1] * 0.4",
    "$a[np.argmax($b + 0.0131 * np.arange($b.size))] = $v",
    "$new = np.argsort($b + 0.0131 * np.arange($b.size))\n$a[$new] = 0.9 * $c",
    "$a[np.arange($a.size) % 2 == 0] = $v",
    "$a[slice(0, $cut)] += $v",
    "np.put($a, [0, 0], [$v, $w])",
    "$a[$b.argmin()] += $v",
)
_MATRIX = (
    "$a[0] = 0.5 * $a[1] + $v",
    "$a[:, 0] += 0.4 * $b[:, -1]",
    "$a[:, ::-1] = 0.9 * $a",
    "$a[1:, :] *= $a[:-1, :]",
    "$a[$k, :] = $v",
    "$a.T[0] *= $v",
    "$a[..., 0] = $v",
    "$a[[0, 1], [0, 0]] += $v",
    "$a[[0, 0], [0, 0]] = [$v, $w]",
    "$a[np.ix_([0, 1], [0])] *= $v",
    "for $i in $a:\n    $i[0] = 0.5 * $i[-1] + $v\n    $i *= 0.9",
    (
        "for $i in range($a.shape[0]):\n"
        "    for $j in range($a.shape[1]):\n"
        "        $a[$i, $j] = 0.5 * $a[$i, $j - 1] + 0.3 * $b[$i - 1, $j]"
    ),
    "for $i in range(1, $a.shape[0]):\n    $a[$i] += 0.5 * $a[$i - 1] - 0.2 * $b[$i]",
    "for $i, $j in np.ndindex($a.shape):\n    $a[$i, $j] *= np.cos($b[$i, $j])",
    "np.fill_diagonal($a, $v)",
    "$a -= 0.3 * $a.mean(axis=0)",
    "$a[:] = $a - 0.4 * np.sum($b, axis=1, keepdims=True)",
    "$a += 0.011 * np.arange($a.size).reshape($a.shape)\n$a.sort(axis=0)",
    "$a[$a > 0.1] = $v",
    "$a[$b[:, 0] > 0.1] *= 0.7",
)

FRAGMENTS = [
    *(Fragment(text, "any") for text in _ANY),
    *(Fragment(text, "some") for text in _SOME),
    *(Fragment(text, "vector") for text in _VECTOR),
    *(Fragment(text, "matrix") for text in _MATRIX),
]
