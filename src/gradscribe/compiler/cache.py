"""What was compiled for one function, and the dispatcher that finds it again.

In:  a function and a transformation.   Out: `Specialisations`, whose `entry` is what users call.
Not here: compiling (pipeline.py, imported when first needed), text of the dispatcher (dispatch.py).
"""

from __future__ import annotations

import inspect
import operator
import threading
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter as Formal
from types import FunctionType
from typing import TYPE_CHECKING

from gradscribe.compiler.collector import without_collector
from gradscribe.compiler.dispatch import Case, dispatcher_text, passed_on
from gradscribe.compiler.guard import GuardWriter, Names
from gradscribe.compiler.sharing import refuse_overlap, refuse_sharing
from gradscribe.errors import Diagnostic, InternalError, UsageError
from gradscribe.frontend.arguments import POSITIONAL, Arguments, formals_of, read_arguments, shared_defaults
from gradscribe.frontend.structure import ShapeDtype, containers_in, part_path
from gradscribe.ir.graph import Program
from gradscribe.ir.signature import Container, Fixed, Leaf, Parameter, Structure
from gradscribe.ir.types import ArrayType, ScalarType, Type

if TYPE_CHECKING:
    from gradscribe.compiler.pipeline import Compiled

MANY_VALUES = 8
MAX_RETRIES = 4


class RecompilationWarning(UserWarning):
    """A function is compiled again and again, for values that differ at each call."""


class Specialisations:
    """All that was compiled for one function and one transformation.

    The dispatcher keeps its identity: when something is compiled, its code is replaced, so whoever holds it calls
    the new one. Compiling is locked; calling is not.

    Attributes:
        function: the user's.
        name: of what is generated.
        calls: whether `entry` runs the compiled function; else it returns (compiled, args, kwargs, hidden).
        entry: the dispatcher; it has the parameters of `function`.
        compiled: what was compiled, the oldest first.
    """

    def __init__(
        self,
        function: Callable[..., object],
        transform: Callable[[Program], Program],
        name: str,
        *,
        calls: bool = True,
    ) -> None:
        self.function = function
        self.transform = transform
        self.name = name
        self.calls = calls
        self.compiled: list[Compiled] = []
        self._signature = formals_of(function)
        self._defaults = _defaults_of(function)
        self._names = Names([name, *self._signature.parameters])
        self._miss = self._names.of(self._compile_and_call, "miss")
        self._cases: list[Case] = []
        self._seen: Counter[object] = Counter()
        self._lock = threading.RLock()
        self._retries = threading.local()
        self.entry = self._make_entry()
        self.entry.__doc__ = getattr(function, "__doc__", None)

    @property
    def latest(self) -> Compiled | None:
        """What was compiled last."""
        return self.compiled[-1] if self.compiled else None

    def compile(self, arguments: Arguments) -> Compiled:
        """Compile for these arguments, and call it from now on when they fit."""
        # LibCST and the passes load when the first function is compiled.
        from gradscribe.compiler.pipeline import compile_function

        with self._lock, without_collector():
            compiled = compile_function(self.function, arguments, self.transform, self.name)
            self.compiled.append(compiled)
            self._cases.insert(0, self._case(compiled))
            self.entry.__code__ = self._make_entry().__code__
            self._count(arguments)
        return compiled

    def _compile_and_call(self, version: int, args: Sequence[object], kwargs: Mapping[str, object]) -> object:
        """The slow path: no guard of this version of the dispatcher holds."""
        with self._lock:
            # Another thread may have compiled meanwhile what this call needs.
            if version == len(self.compiled):
                if not _are_same(self._defaults, _defaults_of(self.function)):
                    raise _changed_defaults(self.name, self.function)
                arguments = read_arguments(self.function, args, kwargs)
                if any(isinstance(value, ShapeDtype) for value in arguments.leaf_values or ()):
                    raise _described_only(self.name)
                self.compile(arguments)
        retries = getattr(self._retries, "count", 0)
        if retries >= MAX_RETRIES:
            title = f"internal error: the guard of `{self.name}` refuses the arguments it was made for"
            raise InternalError(Diagnostic("GS901", title, why="this is a bug of gradscribe"))
        self._retries.count = retries + 1
        try:
            return self.entry(*args, **kwargs)
        finally:
            self._retries.count = retries

    def _make_entry(self) -> FunctionType:
        miss = f"{self._miss}({len(self.compiled)}, "
        text = dispatcher_text(self.name, self._signature, self._names, self._cases, miss)
        scope = self._names.namespace
        exec(compile(text, f"<gradscribe dispatch of {self.name}>", "exec"), scope)
        entry = scope.pop(self.name)
        assert isinstance(entry, FunctionType)
        entry.__signature__ = self._signature  # type: ignore[attr-defined]
        return entry

    def _case(self, compiled: Compiled) -> Case:
        writer = GuardWriter(self._names)
        graph = compiled.lowered.program.entry
        types = [param.type for param in graph.body.params]
        for parameter in compiled.arguments.parameters:
            writer.structure(parameter.structure, parameter.name, types)
        if (function := _plain(self.function)) is not None:
            writer.defaults(function)
        for name, default in shared_defaults(self._signature).items():
            # What was compiled for another object may change it; a default must not be changed.
            if name not in compiled.arguments.kept:
                writer.other(default, name)
        hidden = [
            writer.structure(value.structure, writer.read(value.scope, value.key), types)
            for value in graph.signature.hidden
        ]
        for callee in compiled.lowered.guards:
            writer.callee(callee)
        for fact in compiled.lowered.facts:
            writer.fact(fact)
        statements = [
            self._overlap_check(leaf, writer.leaves, types) for leaf in compiled.lowered.memory_of_their_own
        ]
        if compiled.lowered.apart.containers:
            statements.append(self._sharing_check(compiled, writer.containers))
        return Case(tuple(writer.conditions), (*statements, *self._statements(compiled, hidden)))

    def _overlap_check(self, leaf: int, leaves: Mapping[int, str], types: Sequence[Type]) -> str:
        others = [
            name for index, name in leaves.items() if index != leaf and isinstance(types[index], ArrayType)
        ]
        check = self._names.of(refuse_overlap, "refuse_overlap")
        return f"{check}({self.name!r}, {leaves[leaf]}, ({''.join(f'{name}, ' for name in others)}))"

    def _sharing_check(self, compiled: Compiled, expressions: Mapping[int, str]) -> str:
        hidden = compiled.lowered.program.entry.signature.hidden
        given = [(value.structure, value.name) for value in compiled.arguments.parameters]
        given += [(value.structure, value.name) for value in hidden]
        found = [pair for structure, name in given for pair in containers_in(structure, name)]
        positions = [k for k, (_, path) in enumerate(found) if path in compiled.lowered.apart.containers]
        objects = "".join(f"{expressions[id(structure)]}, " for structure, _ in found)
        check = self._names.of(refuse_sharing, "refuse_sharing")
        paths = self._names.of(tuple(path for _, path in found), "paths")
        return f"{check}({self.name!r}, {paths}, ({objects}), {positions})"

    def _statements(self, compiled: Compiled, hidden: Sequence[str]) -> list[str]:
        # Generated code may have to call a parameter otherwise: `np`, say.
        keywords = self._keywords(compiled.main)
        named = dict(zip(keywords[len(keywords) - len(hidden) :], hidden, strict=True))
        if not self.calls:
            args, kwargs = passed_on(self._signature)
            items = ", ".join(f"{name!r}: {expression}" for name, expression in named.items())
            return [f"return {self._names.of(compiled, 'compiled')}, {args}, {kwargs}, {{{items}}}"]
        passed = self._passed(keywords, named)
        main = self._names.of(compiled.main, compiled.program.main)
        careful = self._names.of(compiled, "compiled")
        error = f"{self._names.prefix}error"
        return [
            "try:",
            f"    return {main}({passed})",
            f"except {self._names.of(Exception, 'errors')} as {error}:",
            f"    if not {careful}.should_run_carefully({error}):",
            "        raise",
            f"return {careful}.run_carefully({compiled.program.main!r}, {passed})",
        ]

    def _keywords(self, main: Callable[..., object]) -> list[str]:
        """Names of all parameters of a generated function that can be passed by keyword, hidden ones last."""
        # Where floating-point errors are ignored, the function is wrapped in np.errstate.
        plain = inspect.unwrap(main)
        assert isinstance(plain, FunctionType)
        code = plain.__code__
        return list(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])

    def _passed(self, keywords: Sequence[str], hidden: Mapping[str, str]) -> str:
        formals = self._signature.parameters.values()
        positional = [formal for formal in formals if formal.kind in POSITIONAL]
        only = [formal for formal in formals if formal.kind is Formal.KEYWORD_ONLY]
        names = keywords[len(positional) : len(positional) + len(only)]
        parts = [formal.name for formal in positional]
        parts += [f"*{formal.name}" for formal in formals if formal.kind is Formal.VAR_POSITIONAL]
        parts += [f"{name}={formal.name}" for name, formal in zip(names, only, strict=True)]
        parts += [f"{name}={expression}" for name, expression in hidden.items()]
        parts += [f"**{formal.name}" for formal in formals if formal.kind is Formal.VAR_KEYWORD]
        return ", ".join(parts)

    def _count(self, arguments: Arguments) -> None:
        """Warn, once, when the same types were compiled for more than `MANY_VALUES` values."""
        key = _types_key(arguments.parameters, arguments.leaf_types)
        self._seen[key] += 1
        if self._seen[key] != MANY_VALUES + 1:
            return
        names = sorted({path for p in arguments.parameters for path in _static_paths(p.structure, p.name)})
        which = f" (static here: {', '.join(f'`{name}`' for name in names)})" if names else ""
        warnings.warn(
            f"`{self.name}` was compiled {MANY_VALUES + 1} times for the same types, because values that are "
            f"known at compile time differ at each call{which}; pass arrays or numbers in their place",
            RecompilationWarning,
            stacklevel=5,
        )


def _plain(function: Callable[..., object]) -> FunctionType | None:
    """The function itself, of a bound method its function; None for other callables."""
    function = getattr(function, "__func__", function)
    return function if isinstance(function, FunctionType) else None


def _defaults_of(function: Callable[..., object]) -> tuple[object, ...]:
    """The values of all defaults, those that are given by name after their names."""
    plain = _plain(function)
    if plain is None:
        return ()
    named = plain.__kwdefaults__ or {}
    return (*(plain.__defaults__ or ()), *named, *named.values())


def _are_same(one: Sequence[object], other: Sequence[object]) -> bool:
    return len(one) == len(other) and all(map(operator.is_, one, other))


def _changed_defaults(name: str, function: Callable[..., object]) -> UsageError:
    title = f"the defaults of the function of `{name}` have changed since it was made"
    why = "the arguments that this call leaves out are those from before the change"
    return UsageError(Diagnostic("GS103", title, why=why, fix="make the derivative again"))


def _described_only(name: str) -> UsageError:
    title = f"`{name}` is called with a ShapeDtype"
    why = "it describes an array, and holds none"
    fix = f"pass arrays, or compile without running: `{name}.compile(...)`"
    return UsageError(Diagnostic("GS302", title, why=why, fix=fix))


def _types_key(parameters: Sequence[Parameter], types: Sequence[Type]) -> object:
    """Equal for arguments that differ in static values only."""
    return tuple(_structure_key(parameter.structure, types) for parameter in parameters)


def _structure_key(structure: Structure, types: Sequence[Type]) -> object:
    match structure:
        case Leaf(index):
            match types[index]:
                case ArrayType(dtype, shape):
                    return (dtype, *(length.is_one for length in shape))
                case ScalarType(dtype, python):
                    return (dtype, python)
            return None
        case Fixed(value):
            return type(value)
        case Container(_, type_, keys, children):
            return (type_, keys, *(_structure_key(child, types) for child in children))


def _static_paths(structure: Structure, path: str) -> list[str]:
    match structure:
        case Fixed(value):
            return [] if value is None else [path]
        case Container(kind, _, keys, children):
            parts = zip(keys, children, strict=True)
            return [p for key, child in parts for p in _static_paths(child, part_path(kind, path, key))]
    return []
