"""Validators for our dataclasses, made straight for the core of pydantic.

What pydantic's TypeAdapter would make of the same class, without importing what
builds it, which costs more than everything else in a process that records one
gift. A test holds the two to the same answers.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

Schema = dict[str, Any]

_PLAIN: dict[Any, Schema] = {
    str: {"type": "str"},
    int: {"type": "int"},
    datetime: {"type": "datetime"},
    date: {"type": "date"},
    Any: {"type": "any"},
}


_VALIDATORS: dict[type, Any] = {}


def validator(kind: type) -> Any:
    """A `pydantic_core.SchemaValidator` for a frozen, slotted dataclass of ours.

    It takes an instance, whose fields it checks anew, a dict of fields, or JSON;
    a field that the class does not have is an error. Made once a class.
    """
    made = _VALIDATORS.get(kind)
    if made is None:
        made = _VALIDATORS[kind] = _made(kind)
    return made


def _made(kind: type) -> Any:
    from pydantic_core import SchemaValidator  # noqa: PLC0415 - a question needs none

    hints = get_type_hints(kind, include_extras=True)
    named: tuple[Field[Any], ...] = fields(kind)
    schema: Schema = {
        "type": "dataclass",
        "cls": kind,
        "schema": {
            "type": "dataclass-args",
            "dataclass_name": kind.__name__,
            "fields": [_field(field, hints[field.name]) for field in named],
        },
        "fields": [field.name for field in named],
        "frozen": True,
        "slots": True,
        "revalidate_instances": "always",
        "config": {"extra_fields_behavior": "forbid"},
    }
    return SchemaValidator(schema)


def _field(field: Field[Any], hint: Any) -> Schema:
    schema = _schema(hint)
    if field.default is not MISSING:
        schema = {"type": "default", "schema": schema, "default": field.default}
    return {"type": "dataclass-field", "name": field.name, "schema": schema, "kw_only": True}


def _schema(hint: Any) -> Schema:
    """The schema of one annotation, of the few forms that our classes use."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated(arguments[0], arguments[1:])
    if origin is Literal:
        return {"type": "literal", "expected": list(arguments)}
    if origin is tuple:
        item = _schema(arguments[0])
        return {"type": "tuple", "items_schema": [item], "variadic_item_index": 0}
    if isinstance(hint, UnionType) or NoneType in arguments:
        (given,) = (argument for argument in arguments if argument is not NoneType)
        return {"type": "nullable", "schema": _schema(given)}
    return _PLAIN[hint]


def _annotated(hint: Any, marks: tuple[Any, ...]) -> Schema:
    if not marks:
        return _PLAIN.get(hint) or _schema(hint)
    mark: Schema = marks[-1].__get_pydantic_core_schema__(
        hint, lambda source: _annotated(source, marks[:-1])
    )
    return mark
