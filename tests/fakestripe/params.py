"""Requests are held against the installed library's own ``stripe.params`` types.

What the library would not let a type checker pass is refused here as Stripe would refuse it: an
unknown parameter at any depth, a missing one, a value that is no integer, no boolean, not in the list.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal, Optional, Union, get_args, get_origin
from urllib.parse import parse_qsl

from stripe import RequestOptions
from typing_extensions import get_type_hints, is_typeddict  # the library's TypedDicts are these

from tests.fakestripe.errors import ApiError

_NAMES = {"Mapping": Mapping, "Optional": Optional, "StripeContext": Any}
_OPTIONS = frozenset(RequestOptions.__annotations__)
Tree = dict[str, Any]


def decode(form: str) -> Tree:
    """Read ``a[b][0][c]=v`` into nested dicts; positions of a list stay keys until the type is known."""
    tree: Tree = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        head, *rest = name.replace("]", "").split("[")
        node, keys = tree, [head, *rest]
        for key in keys[:-1]:
            node = node.setdefault(key, {})
            if not isinstance(node, dict):
                raise ApiError(f"Invalid parameter: {name}", param=name, saved=False)
        node[keys[-1] or str(len(node))] = value
    return tree


def check(tree: Tree, shape: Any) -> Tree:
    """Hold decoded parameters against a TypedDict and give them with their Python types.

    :raises ApiError: 400, not remembered by an idempotency key.
    """
    return _typed_dict(tree, shape, "", leave_out=_OPTIONS)


@cache
def _fields(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape, {**vars(sys.modules[shape.__module__]), **_NAMES})


def _typed_dict(value: Any, shape: Any, path: str, *, leave_out: frozenset[str] = frozenset()) -> Tree:
    if not isinstance(value, dict):
        raise _refusal("Invalid object", path)
    fields = {name: hint for name, hint in _fields(shape).items() if name not in leave_out}
    for name in value:
        if name not in fields:
            raise _refusal(f"Received unknown parameter: {_join(path, name)}", _join(path, name), "parameter_unknown")
    for name in sorted(set(shape.__required_keys__) & set(fields) - set(value)):
        raise _refusal(f"Missing required param: {_join(path, name)}.", _join(path, name), "parameter_missing")
    return {name: _value(item, fields[name], _join(path, name)) for name, item in value.items()}


def _value(value: Any, hint: Any, path: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _union(value, get_args(hint), path)
    if origin is Literal:
        return _one_of(value, get_args(hint), path)
    if is_typeddict(hint):
        return _typed_dict(value, hint, path)
    if origin in (list, tuple):
        return _list(value, get_args(hint)[0], path)
    if origin is dict:
        return _string_map(value, path)
    return _scalar(value, hint, path)


def _union(value: Any, hints: tuple[Any, ...], path: str) -> Any:
    """Choose the alternative that fits the shape of what was sent; the last refusal stands."""
    words = [word for hint in hints if get_origin(hint) is Literal for word in get_args(hint)]
    if isinstance(value, str) and value in words:
        return value
    if any(words) and str in hints:  # an open enumeration: the library allows tomorrow's words, Stripe today's only
        return _one_of(value, words, path)
    refusal = _refusal("Invalid value", path)
    for hint in hints:
        if hint is type(None) or get_origin(hint) is Literal or _foreign(hint):
            continue
        try:
            return _value(value, hint, path)
        except ApiError as error:
            refusal = error
            if isinstance(value, dict) and is_typeddict(hint):
                raise
    raise refusal


def _foreign(hint: Any) -> bool:
    return getattr(get_origin(hint) or hint, "__name__", "") == "UntypedStripeObject"


def _one_of(value: Any, words: Iterable[Any], path: str) -> Any:
    if value not in words:
        raise _refusal(f"Invalid {path}: must be one of {', '.join(filter(None, words))}", path)
    return value


def _list(value: Any, item: Any, path: str) -> list[Any]:
    if value == "":
        return []
    if not isinstance(value, dict) or not all(key.isdigit() for key in value):
        raise _refusal("Invalid array", path)
    return [_value(value[key], item, _join(path, key)) for key in sorted(value, key=int)]


def _string_map(value: Any, path: str) -> dict[str, str]:
    """Read metadata, within its limits: 50 keys of 40 characters, values of 500."""
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise _refusal("Invalid object", path)
    if len(value) > 50:
        raise _refusal("Metadata can have at most 50 keys.", path, "parameter_invalid")
    for name, item in value.items():
        if len(name) > 40:
            raise _refusal(f"Metadata keys must be 40 characters or less: {name}", path, "parameter_invalid")
        if len(item) > 500:
            raise _refusal("Metadata values must be 500 characters or less.", _join(path, name), "parameter_invalid")
    return value


def _scalar(value: Any, hint: Any, path: str) -> Any:
    if not isinstance(value, str):
        raise _refusal(f"Invalid {getattr(hint, '__name__', 'value')}", path)
    try:
        if hint is bool:
            return {"true": True, "false": False}[value]
        if hint is int:
            return int(value)
        if hint in (Decimal, float):
            return Decimal(value)
    except (KeyError, ValueError, InvalidOperation):
        word = {bool: "boolean", int: "integer"}.get(hint, "decimal")
        raise _refusal(f"Invalid {word}: {value}", path, f"parameter_invalid_{word}") from None
    if value == "":
        raise _refusal(f"You passed an empty string for '{path}'.", path, "parameter_invalid_empty")
    return value


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _refusal(message: str, param: str, code: str | None = None) -> ApiError:
    return ApiError(message, param=param, code=code, saved=False)
