"""Which messages the program asks for, read from its code: whatever can become the argument `message` of a call."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from assistant import errors
from assistant.errors import AssistantError

PROGRAM = Path(errors.__file__).parent
PARAMETER = "message"


@cache
def modules() -> Mapping[str, ast.AST]:
    return {str(path): ast.parse(path.read_text("utf-8")) for path in PROGRAM.rglob("*.py")}


def nodes() -> Iterator[ast.AST]:
    return (node for tree in modules().values() for node in ast.walk(tree))


def asked_for() -> set[str]:
    """The messages that the program asks for by name, and those of its errors."""
    return asked_in(modules()) | {AssistantError.phrase} | set(of_errors())


def of_errors() -> Iterator[str]:
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, AssistantError):
            yield kind.phrase
            if isinstance(kept := getattr(kind, "kept", None), str):
                yield kept


def asked_in(code: Mapping[str, ast.AST]) -> set[str]:
    """Every string that may reach a parameter called `message`; those that are sentences and not keys are left out."""
    values, takes = _Values(code), _positions(code)
    found: set[str] = set()
    for module, tree in code.items():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call):
                at = takes.get(_name(call.func), set())
                given = [argument for index, argument in enumerate(call.args) if index in at]
                given += [word.value for word in call.keywords if word.arg == PARAMETER]
                found |= set().union(*(values.of(argument, module) for argument in given))
    return {text for text in found if text.isidentifier()}


def _name(node: ast.AST | None) -> str:
    return getattr(node, "id", None) or getattr(node, "attr", "")


def _positions(code: Mapping[str, ast.AST]) -> dict[str, set[int]]:
    """Function or class -> where among its arguments the message stands."""
    takes: dict[str, set[int]] = defaultdict(set)
    for node in (node for tree in code.values() for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef):
            taken = [(each.arg, each.annotation) for each in node.args.args if each.arg not in ("self", "cls")]
        elif isinstance(node, ast.ClassDef):
            taken = [(_name(each.target), each.annotation) for each in node.body if isinstance(each, ast.AnnAssign)]
        else:
            continue
        for index, (name, kind) in enumerate(taken):
            if name == PARAMETER and _name(kind) == "str":
                takes[node.name].add(index)
    return takes


class _Values:
    """Which strings an expression may have; names of the same module, constants and functions of any."""

    def __init__(self, modules: Mapping[str, ast.AST]) -> None:
        self._sources: dict[tuple[str, str], list[ast.expr]] = defaultdict(list)
        for module, tree in modules.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign):
                    for target in node.targets:
                        self._assign(module, target, node.value)
                elif isinstance(node, ast.FunctionDef):
                    returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return) and each.value]
                    self._sources[module, f"{node.name}()"] += returned
                    self._sources["", f"{node.name}()"] += returned

    def _assign(self, module: str, target: ast.expr, value: ast.expr) -> None:
        if isinstance(value, ast.IfExp):
            self._assign(module, target, value.body)
            self._assign(module, target, value.orelse)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for name, part in zip(target.elts, value.elts, strict=True):
                self._assign(module, name, part)
        elif isinstance(target, ast.Name):
            self._sources["" if target.id.isupper() else module, target.id].append(value)

    def of(self, node: ast.expr, module: str, seen: frozenset[str] = frozenset()) -> set[str]:
        match node:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.IfExp():
                parts = [node.body, node.orelse]
            case ast.Dict():
                parts = node.values
            case ast.Subscript():
                parts = [node.value]
            case ast.Call(func=ast.Attribute(attr="get", value=ast.Name(id=table))) if table.isupper():
                parts = [node.func.value]
            case ast.Call() | ast.Name():
                name = f"{_name(node.func)}()" if isinstance(node, ast.Call) else node.id
                elsewhere = self._sources["", name] if name.isupper() or isinstance(node, ast.Call) else []
                parts = [] if name in seen else self._sources[module, name] or elsewhere
                seen |= {name}
            case _:
                parts = []
        return set().union(*(self.of(part, module, seen) for part in parts))
