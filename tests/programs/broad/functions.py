"""Fragments that call functions, closures and methods, some of which write what they are given.

In:  nothing.   Out: `PREAMBLE`, text that stands before every program; `FRAGMENTS`.
"""

from __future__ import annotations

from tests.programs.broad.fragment import Fragment

PREAMBLE = """
class Box:
    scale = 0.7

    def __init__(self, u, w=0.5):
        self.u = u
        self.w = w
        self.seen = []

    def push(self, v):
        self.u[0] += 0.3 * v
        self.seen.append(v)
        return self

    def mixed(self, v):
        self.w = 0.5 * self.w + v
        return self.w * self.scale

    def __add__(self, other):
        return Box(self.u + 0.5 * other.u, self.w * other.w)

    def __call__(self, v):
        return np.tanh(self.w * v)

    @property
    def size(self):
        return np.sum(self.u) * self.w

    @staticmethod
    def twice(v):
        return 2.0 * v

    @classmethod
    def of(cls, u):
        return cls(u * 0.5)


class Counted(Box):
    def __init__(self, u):
        super().__init__(u, 0.3)
        self.count = 0

    def push(self, v):
        self.count += 1
        return super().push(0.5 * v)


@dataclass
class Pair:
    u: object
    v: object = 0.4

    def total(self):
        return np.sum(self.u) + 0.3 * np.sum(self.v)

    def step(self, h):
        return Pair(self.u * h, self.v)


@dataclass(frozen=True)
class Fixed:
    u: object
    h: float = 0.3


class Point(NamedTuple):
    p: object
    q: object


def bump(u, v):
    u[0] += 0.3 * v[-1]
    u *= 0.9
    return u[1:]


def blend(u, v, *, rate=0.5):
    v[...] = rate * v + 0.2 * u
    return v


def tail(u, k=1):
    return u[k:]


def first(u, v, limit=0.1717):
    for w in u:
        if np.sum(w) > limit:
            return np.sum(w) * v
        v = v * 0.7
    return v


def halves(u):
    for w in u:
        if w > 0.7717:
            continue
        yield 0.5 * w
        if w < -0.8717:
            return


def descend(z, depth):
    if depth <= 0 or abs(z) > 5.17:
        return 0.3 * z
    return 0.5 * descend(np.sin(z), depth - 1) + 0.2 * z


def split(u, low, high):
    if high - low == 1:
        return 0.7 * u[low]
    middle = (low + high) // 2
    return split(u, low, middle) * 0.6 + np.sin(split(u, middle, high))


def scaled(function, factor):
    def inner(*args):
        return factor * function(*args)

    return inner


def apply(function, *args, **options):
    return function(*args, **options)
"""

_WRITING = (
    ("bump($a, $b)", "some"),
    ("blend($a, $b)", "any"),
    ("blend($a, $b, rate=$v)", "any"),
    ("bump($a, $a)", "some"),
    ("blend(v=$a, u=$a)", "any"),
    ("tail($a)[...] = $v", "some"),
    ("tail($a, 0)[$k] *= $v", "some"),
    ("$new = bump($a, $b)\n$new += 0.2\ntotal += 0.2 * np.sum($new)", "some"),
    ("blend($a, $b)[$place] = $v", "some"),
    ("$a = blend($b, $a.copy())", "any"),
    ("def $new(u):\n    $a[$place] += u\n    return 0.5 * u\ntotal += $new($v) + $new(0.3)", "some"),
    (
        (
            "def $new(u, k):\n"
            "    u[k] = 0.4 * u[-1] + $v\n"
            "for $i in range(2):\n"
            "    $new($a, 0)\n"
            "    $new($b, $i % len($b))"
        ),
        "some",
    ),
    ("$new = Box($a)\n$new.push($v).push(0.2)\ntotal += $new.size + 0.3 * sum($new.seen)", "some"),
    ("$new = Box($a)\n$new.u[$place] = $v\n$new.u *= 0.8\ntotal += $new.mixed($w)", "some"),
    (
        "$new = Counted($a)\nfor $i in range(3):\n    $new.push($v)\ntotal += 0.1 * $new.count * $new.size",
        "some",
    ),
    ("$new = Box($a)\n$new.u = 0.5 * $new.u\n$new.u[$place] += $v\ntotal += $new.size", "some"),
    (
        (
            "$new = Box($a, $v)\n"
            "for $i in range(n):\n"
            "    $new.u = np.sin($new.u)\n"
            "    $new.w += 0.1 * np.sum($new.u)\n"
            "total += $new.w"
        ),
        "some",
    ),
    (
        (
            "$new = Box($a.copy(), $v)\n"
            "$other = $new\n"
            "$other.w *= 0.5\n"
            "$other.u[0] = $w\n"
            "total += $new.size + $new.w"
        ),
        "some",
    ),
    ("$new = Pair($a, $v)\n$new.u += 0.2\n$new.v = $new.v * 0.5\ntotal += 0.3 * $new.total()", "any"),
    (
        "$new = Pair(u=$a, v=$b)\n$new.v[$place] = $v\n$new = $new.step(0.5)\ntotal += 0.3 * $new.total()",
        "some",
    ),
    (
        (
            "$new = [Box($a), Box($b)]\n"
            "for $i in $new:\n"
            "    $i.push($v)\n"
            "    $i.w *= 0.5\n"
            "total += $new[0].size - 0.3 * $new[1].size"
        ),
        "some",
    ),
    ("$new = Box($a)\n$new.w, total = total * 0.5, 0.5 * $new.w\ntotal += $new.size", "any"),
    ("$new = lambda u: 0.5 * u + $v\n$a[:] = $new($a)", "any"),
)
_NUMBERS = (
    ("$new = Box($a, $v)\ntotal += ($new + Box($b)).size * 0.3", "any"),
    ("$new = Box.of($a)\ntotal += $new($v) + Box.twice($w) * 0.2 + $new.size * 0.3", "any"),
    ("$new = Fixed($a, $v)\ntotal += 0.4 * np.sum($new.u) * $new.h", "any"),
    ("$new = Point($v, $a)\ntotal += $new.p * 0.3 * np.sum($new.q)", "any"),
    (
        (
            "$new = Point($v, $w)\n"
            "for $i in range(n):\n"
            "    $new = Point(0.5 * $new.q, np.sin($new.p))\n"
            "total += $new.p - 0.3 * $new.q"
        ),
        "nothing",
    ),
    ("$new = Point($v, $w)._replace(p=0.3 * $w)\ntotal += $new.p * $new.q", "nothing"),
    ("total += 0.3 * first($a, $v)", "some"),
    ("total += 0.3 * first($a, $v, limit=-0.2717)", "some"),
    ("total += descend($v, n) * 0.5", "nothing"),
    ("total += split($a, 0, len($a)) * 0.3", "vector"),
    ("$new = scaled(np.sin, $v)\ntotal += $new($w)", "nothing"),
    ("$new = scaled(scaled(math.cos, 0.4), $v)\ntotal += $new(0.3) * $w", "nothing"),
    ("total += apply(np.sum, $a, axis=None) * 0.2", "any"),
    ("total += apply(lambda u, w=0.3: u * w, $v)", "nothing"),
    ("$new = functools.partial(descend, depth=2)\ntotal += $new($v)", "nothing"),
    (
        (
            "def $new(u, *rest, k=0.4, **more):\n"
            "    return u * k + 0.3 * sum(rest) + more.get('z', 0.1)\n"
            "total += $new($v, $w, 0.2, z=0.5 * $w)"
        ),
        "nothing",
    ),
    (
        (
            "def $new(u):\n"
            "    nonlocal total\n"
            "    total += 0.3 * u\n"
            "    return u * total\n"
            "total += 0.2 * $new($v) + 0.1 * $new($w)"
        ),
        "nothing",
    ),
    (
        "$other = $v\ndef $new(u):\n    return 0.5 * u * $other\n$other = 0.5 * $other\ntotal += $new($w)",
        "nothing",
    ),
    (
        "$new = [lambda u, k=k: u * (0.3 + k) for k in range(2)]\ntotal += $new[0]($v) + 0.2 * $new[1]($w)",
        "nothing",
    ),
    (
        "def $new(k):\n    if k < 1:\n        return $v\n    return 0.6 * $new(k - 1) + 0.1\ntotal += $new(2)",
        "nothing",
    ),
)

FRAGMENTS = [
    # A function that is made in a loop is another one in each iteration, which is refused.
    Fragment(text, needs, top="def $new" in text or "$new = lambda" in text or "partial" in text)
    for text, needs in (*_WRITING, *_NUMBERS)
]
