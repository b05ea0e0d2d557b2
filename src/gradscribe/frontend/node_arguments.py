"""What a call of an operation puts into its node: operands, and parameters that are known now or ints of the run.

In:  an entry, its parameters with abstract arguments.   Out: inputs and attributes.
Not here: binding arguments (table_calls.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import Parameter

import libcst as cst
import numpy as np

from gradscribe.frontend.indexing import shape_items
from gradscribe.frontend.library_arguments import dtype_of_argument
from gradscribe.frontend.operands import as_operand, as_value, describe, present
from gradscribe.frontend.signs import natural_power
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_list
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    DictCell,
    InstanceCell,
    ListCell,
    Number,
    ShapeValue,
    SliceValue,
    Static,
    TupleValue,
    plain,
)
from gradscribe.ir.graph import Input, Value
from gradscribe.ir.template import fill, shift
from gradscribe.ir.types import kind_of
from gradscribe.ops.spec import OpSpec, Spelling, Unsupported, written

# Parameters that say which code is generated.
KNOWN_NOW = frozenset(
    {
        "axis",
        "axis1",
        "axis2",
        "axes",
        "decimals",
        "dtype",
        "keepdims",
        "ndmin",
        "order",
        "subscripts",
        "k",
        "kth",
        "ord",
        "indexing",
        "mode",
        "casting",
        "optimize",
        "ddof",
        "edge_order",
        "offset",
        "copy",
        "source",
        "destination",
        "to",
    }
)


# Modules whose functions take a list for the array of its items.
TAKING_ARRAYS = frozenset({"numpy", "scipy", "math", "statistics"})


class NodeArguments:
    """Inputs and attributes of one node, collected parameter by parameter.

    Attributes:
        asks: whether each int among the parameters that are no operands must be known now.
    """

    def __init__(
        self, run: Lowering, node: cst.CSTNode, spec: OpSpec, spelling: Spelling, *, asks: bool = False
    ) -> None:
        self.run = run
        self.node = node
        self.spec = spec
        self.spelling = spelling
        self.module = spelling.name.partition(".")[0]
        self.takes_arrays = self.module in TAKING_ARRAYS
        self.operands: list[Value] = []
        self.objects: list[Abstract] = []
        self.extra: list[Value] = []
        self.attrs: dict[str, object] = {}
        self.asks = asks

    @classmethod
    def of(
        cls,
        run: Lowering,
        node: cst.CSTNode,
        spec: OpSpec,
        spelling: Spelling,
        bound: Mapping[str, Abstract],
        *,
        asks: bool = False,
    ) -> NodeArguments:
        """Those of a call whose arguments are bound."""
        made = cls(run, node, spec, spelling, asks=asks)
        for name, value in bound.items():
            made.add(name, value)
        made.attrs.update({name: None for name in spec.operands if name not in bound})
        made.attrs.update(natural_power(run, node, spec, made.operands))
        return made

    def apply(self) -> tuple[Value, ...]:
        """Append the node."""
        inputs = [*self.operands, *self.extra]
        return self.run.apply(self.node, self.spec, inputs, self.finished(), self.spelling)

    def would_do_if_known(self) -> bool:
        """Whether the operation, which refuses these arguments, takes ones in place of the ints of the run."""
        if not self.extra or not all(kind_of(value.type) in "biu" for value in self.extra):
            return False
        attrs = {name: fill(plain(value), [1] * len(self.extra)) for name, value in self.attrs.items()}
        try:
            self.run.builder.infer(self.spec, self.operands, {**attrs, "spelling": self.spelling})
        except (Unsupported, TypeError, ValueError, IndexError):
            return False
        return True

    def add(self, name: str, value: Abstract) -> None:
        """Put one argument where the entry wants it."""
        value = present(self.run, value, self.node)
        parameter = self.spec.parameters.parameters[name]
        if name in self.spec.operands:
            if isinstance(value, Static) and value.value is None:
                self._require_array_function(name)
                self.attrs[name] = None
            elif parameter.kind is Parameter.VAR_POSITIONAL:
                assert isinstance(value, TupleValue)
                self._operands(value.items)
            else:
                self._operands((value,))
        elif parameter.kind is Parameter.VAR_POSITIONAL:
            assert isinstance(value, TupleValue)
            self._operands(value.items)
        elif name == self.spec.variadic and not self.spec.nested:
            self.attrs[name] = self.template(name, self.without_nested_lists(value))
        else:
            self.attrs[name] = self.template(name, value)

    def _require_array_function(self, name: str) -> None:
        """Where NumPy has arguments that may be None, those of `math` are numbers."""
        if self.module in ("math", "cmath"):
            raise self.run.refusal(
                self.node,
                "GS202",
                f"None is passed as `{name}` of `{written(self.spec, self.spelling)}`",
                why="this raises TypeError: it takes numbers",
                fix="test for None before",
                raises=TypeError("must be real number, not NoneType"),
            )

    def without_nested_lists(self, value: Abstract) -> Abstract:
        """Operands in a list, with the array of its items in place of each that is a list."""
        if isinstance(value, ListCell):
            content = read_list(self.run, value, self.node)
            value = TupleValue(content) if isinstance(content, tuple) else value
        if not isinstance(value, TupleValue):
            return value
        return TupleValue(tuple(self._as_one_operand(item) for item in value.items))

    def _as_one_operand(self, item: Abstract) -> Abstract:
        if isinstance(item, TupleValue | ListCell | ShapeValue):
            return self.run.wrap(as_operand(self.run, item, self.node))
        return item

    def _operands(self, items: Sequence[Abstract]) -> None:
        take = as_operand if self.takes_arrays else as_value
        self.operands += [take(self.run, item, self.node) for item in items]
        self.objects += items

    def template(self, name: str, value: Abstract) -> object:
        """An argument that is no operand: static, or a template with run-time ints."""
        value = present(self.run, value, self.node)
        match value:
            case Static(value=found):
                return self._dtype(found) if name == "dtype" and found is not None else found
            case TupleValue() | ListCell() if name == "dtype":
                raise self._refused_fields()
            case TupleValue(items=items):
                return tuple(self.template(name, item) for item in items)
            case ShapeValue():
                return tuple(self.template(name, item) for item in shape_items(self.run, self.node, value))
            case ListCell():
                content = read_list(self.run, value, self.node)
                if isinstance(content, tuple):
                    return [self.template(name, item) for item in content]
                if name == self.spec.variadic:
                    return self._input(as_operand(self.run, value, self.node))
            case Number() | ArrayCell() if self.asks or name in KNOWN_NOW:
                return self.run.static_int(self.node, value, f"`{name}` of `{written(self.spec)}`")
            case SliceValue(start=start, stop=stop, step=step):
                return slice(*(self.template(name, part) for part in (start, stop, step)))
            case DictCell() | InstanceCell():
                pass
            case Number() | ArrayCell():
                return self._input(as_value(self.run, value, self.node))
        raise self.run.refusal(
            self.node,
            "GS204",
            f"{describe(self.run, value)} is passed as `{name}` of `{written(self.spec)}`",
            why="it must be a number or known before the function runs",
            fix="pass a literal",
        )

    def _dtype(self, given: object) -> np.dtype:
        try:
            found = dtype_of_argument(given)
        except TypeError as error:
            raise self.run.refusal(
                self.node,
                "GS141",
                f"{given!r} is passed as `dtype` of `{written(self.spec)}`",
                why=f"this raises TypeError: {error}",
                fix="pass a type, or text such as 'float64'",
                raises=error,
            ) from None
        if found.names is not None:
            raise self._refused_fields()
        return found

    def _refused_fields(self) -> Exception:
        return self.run.refusal(
            self.node,
            "GS204",
            f"a dtype with fields is passed as `dtype` of `{written(self.spec)}`",
            why="arrays of records are not differentiated",
            fix="use one array for each field, in a dict or dataclass",
        )

    def _input(self, value: Value) -> Input:
        self.extra.append(value)
        # Numbered from the end of the operands, whose number is known when all are there.
        return Input(len(self.extra) - 1)

    def finished(self) -> dict[str, object]:
        """The attributes, with placeholders counted over all inputs."""
        by = len(self.operands)
        return {name: shift(value, by) if self.extra else value for name, value in self.attrs.items()}
