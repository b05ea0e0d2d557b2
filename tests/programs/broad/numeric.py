"""Fragments and expressions of array arithmetic: broadcasting, reductions, products, selections, complex numbers.

In:  nothing.   Out: `NUMBERS`, `ARRAYS`: patterns of expressions; `FRAGMENTS`, `COMPLEX`: statements.
"""

from __future__ import annotations

from tests.programs.broad.fragment import Fragment

NUMBERS = (
    ("np.sum($a) * 0.3", "any"),
    ("$a.sum() * 0.2", "any"),
    ("np.sum($a * $b) * 0.3", "any"),
    ("np.mean($a)", "some"),
    ("$a.mean() * 0.5", "some"),
    ("np.max($a + 0.0131 * np.arange($a.size).reshape($a.shape))", "some"),
    ("($a - 0.0131 * np.arange($a.size).reshape($a.shape)).min()", "some"),
    ("np.prod(np.cos($a))", "any"),
    ("np.sqrt(0.5 + np.sum($a ** 2))", "any"),
    ("np.linalg.norm($a) * 0.3", "vector"),
    ("np.dot($a, $b) * 0.3", "vector"),
    ("($a @ $b) * 0.3", "vector"),
    ("np.std($a + 0.1 * np.arange($a.size).reshape($a.shape))", "vector"),
    ("np.var($a)", "some"),
    ("np.trace($a) * 0.4", "matrix"),
    ("np.sum(np.outer($a, $b)) * 0.2", "vector"),
    ("np.sum($a[:, None] * $b) * 0.2", "vector"),
    ("np.sum($a.T @ $b) * 0.2", "matrix"),
    ("np.sum($a, axis=0)[-1] * 0.3", "matrix"),
    ("np.interp(0.5, np.arange($a.size), $a)", "vector"),
    ("np.sum(np.diff($a)) * 0.4", "vector"),
    ("np.sum(np.triu($a)) * 0.4", "matrix"),
    ("np.logaddexp($a[0], $b[-1]) * 0.3", "vector"),
    ("np.cumsum($a)[-1] * 0.3", "vector"),
    ("np.einsum('i,i->', $a, $b) * 0.3", "vector"),
    ("np.einsum('ij,kj->', $a, $b) * 0.1", "matrix"),
)
"""Numbers made of arrays."""

ARRAYS = (
    ("np.sin($b)", "any"),
    ("0.5 * $b - 0.3 * $c", "any"),
    ("0.4 * $b * $c", "any"),
    ("$b / (1.5 + $c ** 2)", "any"),
    ("np.where($b > 0.0717, np.sin($b), 0.4 * $c)", "any"),
    ("np.where($b > 0.1, $v, $c)", "any"),
    ("np.maximum($b, 0.1171) * 0.6", "any"),
    ("np.tanh($b + $v)", "any"),
    ("0.3 * $b[::-1]", "any"),
    ("np.abs($b - 0.4137) * 0.5", "any"),
    ("np.clip($b, -0.7713, 0.8117)", "any"),
    ("0.5 * np.roll($b, 1)", "any"),
    ("np.exp(-$b ** 2) * 0.5", "any"),
    ("np.full_like($b, $v)", "any"),
    ("$v * np.ones_like($b)", "any"),
    ("$b - 0.4 * np.mean($c)", "some"),
    ("0.4 * np.cumsum($b, axis=0)", "some"),
    ("0.4 * $b[[0]] + 0.3 * $c", "some"),
    ("0.3 * np.sum($b, axis=0, keepdims=True) + 0.2 * $c", "some"),
    ("0.4 * ($b - $c.sum(axis=0))", "matrix"),
    ("0.4 * ($b + $c[:, :1])", "matrix"),
    ("0.3 * ($b @ ($c.T @ $b))", "matrix"),
    ("0.5 * np.stack([u * 0.5 for u in $b])", "some"),
    ("0.5 * np.concatenate([$b[1:], $c[:1]])", "some"),
    ("0.5 * np.array([np.sin(u) for u in $b])", "vector"),
    ("0.4 * np.outer($b, $c)[0]", "vector"),
    ("0.4 * (np.outer($b, $c) @ $b)", "vector"),
    ("0.5 * np.take($b, np.arange(len($b))[::-1], axis=0)", "some"),
    ("np.sort(0.5 * $b + 0.0131 * np.arange($b.size))", "vector"),
    ("0.3 * np.convolve($b, $c)[:len($b)]", "vector"),
    ("0.5 * np.pad($b, 1)[1:-1]", "vector"),
    ("np.linalg.solve(np.eye(len($b)) * 2.0 + 0.1 * np.outer($b, $b), $c)", "vector"),
)
"""Arrays of the shape of `$a`."""

FRAGMENTS = [
    Fragment("$new = $x", "any", {"$new": "same"}, top=True),
    Fragment("$new = np.zeros_like($a)", "any", {"$new": "same"}, top=True),
    Fragment("$new = np.stack([$a, $x])", "any", {"$new": "pair"}, top=True),
    Fragment("$new = np.concatenate([$a, $b * 0.5])", "some", {"$new": "joined"}, top=True),
    Fragment("$new = 0.4 * np.sum($a, axis=0)", "matrix", {"$new": "row"}, top=True),
    Fragment("$new = $a.mean(axis=-1)", "matrix", {"$new": "column"}, top=True),
    Fragment("$new = 0.3 * ($a @ $b.T)", "matrix", {"$new": "square"}, top=True),
    Fragment("$new = 0.3 * np.outer($a, $b)", "vector", {"$new": "square"}, top=True),
    Fragment("$new = np.array([$v, $w, 0.4])", "nothing", {"$new": "three"}, top=True),
    Fragment("$new = $a + 0.3 * $b[:, None]", "vector", {"$new": "square"}, top=True),
    Fragment("$a = 0.5 * $a + 0.5 * ($x)", "any"),
    Fragment("$a, $b = $b, $a", "any"),
    Fragment("$a, $b = 0.5 * $b, $x", "any"),
    Fragment("total += 0.3 * $v", "nothing"),
    Fragment("total = 0.8 * total - $v * $w", "nothing"),
    Fragment("$new = $v", "nothing", {"$new": "number"}),
    Fragment("$new, $other = $v, $w", "nothing", {"$new": "number", "$other": "number"}),
    Fragment("$new: float = $v\n$new **= 2", "nothing", {"$new": "number"}),
    Fragment("$new = divmod($v + 2.1, 1.3)[1]", "nothing", {"$new": "number"}),
    Fragment("$new = round(2.6) * $v // 1.0 + 0.3 * $v", "nothing", {"$new": "number"}),
]

COMPLEX = [
    Fragment("total += 0.2 * np.sum(np.abs(np.fft.fft($a) + 0.3j))", "vector"),
    Fragment("total += 0.2 * np.sum(np.abs(np.fft.rfft($a)) ** 2)", "vector"),
    Fragment(
        "$new = $a * np.exp(1j * $b)\ntotal += 0.2 * np.sum($new.real) + 0.1 * np.sum($new.imag)", "any"
    ),
    Fragment(
        "$new = $a + 1j * $b\n$new *= 0.5 + 0.2j\n$new[0] = $v * 1j\ntotal += 0.2 * np.sum(np.abs($new + 2.0))",
        "some",
    ),
    Fragment("$new = complex($v, 0.3)\ntotal += abs($new + 2.0) + ($new * $new).real", "nothing"),
    Fragment(
        (
            "$new = np.zeros(len($a), dtype=complex)\n"
            "for $i in range(len($a)):\n"
            "    $new[$i] = np.exp(1j * $a[$i])\n"
            "total += 0.2 * np.sum(($new * np.conj($new) * $new).imag)"
        ),
        "vector",
    ),
    Fragment("$a[:] = np.fft.ifft(np.fft.fft($a) * 0.7).real", "vector"),
    Fragment("$a += 0.3 * np.fft.irfft(np.fft.rfft($b), $b.size)", "vector"),
    Fragment(
        (
            "$new = $v + 0.2j\n"
            "for $i in range(n):\n"
            "    $new = 0.5 * $new * $new + 0.3\n"
            "total += $new.real + 0.5 * $new.imag"
        ),
        "nothing",
    ),
]
"""Statements with complex numbers, which the complex step cannot check."""
