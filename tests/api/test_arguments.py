"""From a call to parameters, structures and leaves."""

from __future__ import annotations

import collections
import dataclasses
import math
from types import SimpleNamespace

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import UsageError
from gradscribe.frontend.arguments import arguments_from_annotations, default_source, read_arguments
from gradscribe.frontend.structure import ShapeDtype, StructureReader, leaf_paths
from gradscribe.ir.signature import Container, ContainerKind, Fixed, Leaf


def read(value):
    reader = StructureReader()
    return reader.read(value, "x"), reader


def types_of(function, *args, **kwargs):
    return [str(type_) for type_ in read_arguments(function, args, kwargs).leaf_types]


def test_numbers_and_arrays_are_leaves_of_their_types():
    def f(a, b, c, d, e):
        return a

    types = types_of(f, 1, 2.0, 1j, np.float32(3), np.zeros((1, 1), np.float32))
    assert types == ["int", "float", "complex", "np.float32", "float32[1, 1]"]


def test_dimensions_are_one_or_not_one():
    _, reader = read(np.zeros((1, 4, 0)))
    assert [n.is_one for n in reader.types[0].shape] == [True, False, False]
    assert [n.is_not_one for n in reader.types[0].shape] == [False, True, True]


@pytest.mark.parametrize(
    "value", [None, True, "text", np.dtype(float), np.sum, len, np, int, slice(3), range(2), ...]
)
def test_flags_texts_functions_and_the_like_are_static(value):
    structure, reader = read(value)
    assert isinstance(structure, Fixed)
    assert structure.value is value
    assert not reader.types


def test_every_kind_of_parameter_is_bound():
    def f(a, /, b, *rest, c=3, d="x", **more):
        return a

    arguments = read_arguments(f, (1.0, 2.0, 5.0, 6.0), {"e": 7.0})
    structures = {p.name: p.structure for p in arguments.parameters}
    assert structures["rest"].keys == (0, 1)
    assert structures["c"] == Leaf(4)
    assert structures["d"].value == "x"
    assert structures["more"].keys == ("e",)
    assert arguments.leaf_values == (1.0, 2.0, 5.0, 6.0, 3, 7.0)
    assert [p.default for p in arguments.parameters] == [None, None, None, "3", "'x'", None]


def test_a_default_that_is_no_literal_takes_those_before_it_along():
    def f(a, b=1.0, c=np.zeros(2), d=2):
        return a

    arguments = read_arguments(f, (1.0,), {})
    assert [p.default for p in arguments.parameters] == [None, None, None, "2"]


@pytest.mark.parametrize(
    ("value", "source"),
    [(1, "1"), (-2.5, "-2.5"), (True, "True"), (None, "None"), ("a", "'a'"), ((1, 2), "(1, 2)"), ([], None),
     (float("inf"), None), (np.float64(1.0), None)],
)  # fmt: skip
def test_default_source(value, source):
    assert default_source(value) == source


def test_defaults_that_are_only_read_are_read_at_each_call():
    def f(x, weights=[1.0, 2.0], table=np.ones(2)):  # noqa: B006, B008
        return x * sum(weights) * np.sum(table)

    derivative = gs.grad(f)
    assert derivative(1.0) == 6.0
    weights, table = f.__defaults__
    weights.append(4.0)
    table[0] = 2.0
    assert derivative(1.0) == 21.0
    assert derivative(1.0, [5.0]) == 15.0


def test_what_may_be_done_to_an_argument_is_refused_of_the_default():
    def f(x, seen=[]):  # noqa: B006
        seen.append(x)
        return x * seen[-1] * len(seen)

    derivative = gs.grad(f)
    assert derivative(1.5, []) == 3.0
    for _ in range(2):
        with pytest.raises(
            gs.errors.UnsupportedSyntaxError, match="`f` changes the default of `seen`, a list"
        ):
            derivative(1.5)
    assert derivative(1.5, []) == 3.0
    assert f.__defaults__ == ([],)


def test_a_callees_default_is_no_parameter_where_it_is_given():
    def scaled(x, by=np.ones(3)):  # noqa: B008
        return x * np.sum(by)

    def f(x):
        return scaled(x, np.full(3, x))

    derivative = gs.grad(f)
    assert derivative(1.5) == 9.0
    assert "def f_grad(x):" in derivative.source


def test_nested_containers_keep_their_structure():
    Point = collections.namedtuple("Point", "x y")

    @dataclasses.dataclass
    class Layer:
        W: object
        b: object

    value = {"layers": [Layer(np.zeros(2), 1.0), (Point(1.0, 2), None)]}
    structure, reader = read(value)
    assert structure.kind is ContainerKind.DICT
    layer, pair = structure.children[0].children
    assert (layer.kind, layer.type, layer.keys) == (ContainerKind.DATACLASS, Layer, ("W", "b"))
    assert (pair.children[0].kind, pair.children[0].keys) == (ContainerKind.NAMED_TUPLE, ("x", "y"))
    assert [path for _, path in leaf_paths(structure, "p")] == [
        "p['layers'][0].W", "p['layers'][0].b", "p['layers'][1][0].x", "p['layers'][1][0].y",
    ]  # fmt: skip


def test_a_plain_object_with_arrays_is_a_container_of_its_attributes():
    class Model:
        def __init__(self):
            self.W = np.zeros(3)
            self.name = "model"
            self.frame = SimpleNamespace(tag="no arrays here")

    structure, reader = read(Model())
    assert isinstance(structure, Container)
    assert structure.kind is ContainerKind.OBJECT
    assert structure.keys == ("W", "name", "frame")
    assert isinstance(structure.children[2], Fixed)


def test_attributes_that_cannot_be_taken_apart_are_static():
    class Model:
        def __init__(self):
            self.W = np.zeros(3)
            self.table = np.array([None])
            self.me = self

    structure, reader = read(Model())
    assert [type(child) for child in structure.children] == [Leaf, Fixed, Fixed]
    assert len(reader.types) == 1


def test_an_object_without_floats_is_static():
    structure, _ = read(SimpleNamespace(depth=3))
    assert isinstance(structure, Fixed)


def test_slots_are_attributes():
    class Model:
        __slots__ = ("W", "unset")

        def __init__(self):
            self.W = np.zeros(3)

    structure, _ = read(Model())
    assert structure.keys == ("W",)


class FloatChild(float):
    pass


class ListChild(list):
    pass


class Frame:
    def __array__(self):
        return np.zeros(2)

    def to_numpy(self):
        return np.zeros(2)


@pytest.mark.parametrize(
    ("value", "message", "fix"),
    [
        (np.array([None]), "argument `x['k'][1]` is of type `numpy.ndarray`", "x['k'][1].astype(float)"),
        (np.ma.masked_array([1.0]), "`numpy.MaskedArray`", "np.asarray(x['k'][1])"),
        (np.array(["a"]), "dtype is str", "numbers"),
        (FloatChild(1), "FloatChild", "float(x['k'][1])"),
        (ListChild(), "ListChild", "list(x['k'][1])"),
        (Frame(), "Frame", "x['k'][1].to_numpy()"),
        ({1.5, 2.5}, "`set`", "tuple(sorted(x['k'][1]))"),
        (np.datetime64("2020-01-01"), "datetime64", "numbers"),
    ],
)
def test_what_cannot_be_an_argument_is_named_by_its_path(value, message, fix):
    with pytest.raises(UsageError) as caught:
        read({"k": [1.0, value]})
    assert caught.value.code == "GS302"
    assert message in str(caught.value)
    assert fix in str(caught.value)


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_matrices_are_refused():
    with pytest.raises(UsageError, match=r"np.asarray\(x\)"):
        read(np.matrix([[1.0]]))


def test_a_container_that_contains_itself_is_refused():
    value = [1.0]
    value.append(value)
    with pytest.raises(UsageError, match="contains itself"):
        read(value)


def test_too_deep_nesting_is_refused():
    lists, node = [1.0], SimpleNamespace(value=1.0, after=None)
    for _ in range(1000):
        lists, node = [lists], SimpleNamespace(value=1.0, after=node)
    for value in (lists, node):
        with pytest.raises(UsageError, match="`x` holds containers inside of one another, more than 80 deep"):
            read(value)


def test_too_many_leaves_are_refused():
    with pytest.raises(UsageError, match=r"np.array\(x\)"):
        read([0.0] * 10_001)


def test_wrong_calls_are_usage_errors():
    with pytest.raises(UsageError, match="missing a required argument: 'y'") as caught:
        read_arguments(lambda x, y: x, (1.0,), {})
    assert caught.value.code == "GS301"


def test_descriptions_stand_for_arrays():
    def f(x, n):
        return x

    arguments = read_arguments(f, (ShapeDtype((3, 1), np.float32), 2), {})
    assert str(arguments.leaf_types[0].dtype) == "float32"
    assert [n.is_one for n in arguments.leaf_types[0].shape] == [False, True]
    assert ShapeDtype(3).shape == (3,)


def test_annotations_of_numbers_are_enough():
    def f(x: float, n: int, y: np.float32, flag=True):
        return x

    arguments = arguments_from_annotations(f)
    assert [str(t) for t in arguments.leaf_types] == ["float", "int", "np.float32"]
    assert arguments.leaf_values is None


def test_other_annotations_are_not():
    def f(x: np.ndarray):
        return x

    assert arguments_from_annotations(f) is None
    assert arguments_from_annotations(lambda x: x) is None
    assert arguments_from_annotations(lambda *x: x) is None


@pytest.mark.parametrize(("value", "what"), [("mode", "a str"), (math.sin, "a builtin_function_or_method")])
def test_what_is_no_number_is_not_differentiated(value, what):
    with pytest.raises(UsageError, match=f"with respect to `w`, which is {what}") as caught:
        gs.grad(lambda w: 1.0)(value)
    assert caught.value.code == "GS312"


def test_the_gradient_of_none_and_of_empty_containers_is_what_they_are():
    assert gs.grad(lambda w: 1.0)(None) is None
    assert gs.grad(lambda w: 1.0)([]) == []


@pytest.mark.parametrize(
    ("shape", "dtype", "message"),
    [
        ((3,), "number", "data type 'number' not understood"),
        ((3.5,), float, "cannot be interpreted as an integer"),
        ((-3,), float, "a length is negative"),
    ],
)
def test_a_description_of_no_array(shape, dtype, message):
    with pytest.raises(UsageError, match=message) as caught:
        gs.ShapeDtype(shape, dtype)
    assert caught.value.code == "GS302"


def test_a_described_array_cannot_be_computed_with():
    derivative = gs.grad(lambda w: w @ w)
    with pytest.raises(UsageError, match="is called with a ShapeDtype") as caught:
        derivative(gs.ShapeDtype((3,)))
    assert caught.value.code == "GS302"
    assert "w" in derivative.compile(gs.ShapeDtype((3,))).source


def slope_inside(x):
    return gs.grad(lambda y: y**3)(x)


def chosen_inside(x):
    return gs.grad(lambda y: y**3, argnums="y")(x)


@pytest.mark.parametrize(("function", "code"), [(slope_inside, "GS313"), (chosen_inside, "GS303")])
def test_wrong_uses_inside_a_function_have_a_place(function, code):
    with pytest.raises(UsageError) as caught:
        gs.grad(function)(2.0)
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert found.location.file.endswith("test_arguments.py")
    assert found.location.column == 11
