"""The JSON Schema of a pack, for editors that complete and underline. Made from the table of keys; never written by hand."""

from __future__ import annotations

import json
from typing import Any

from youwei.rulebook.pack_keys import BLOCKS, CHILD_OPTIONAL, Shape
from youwei.rulebook.pack_kinds import ADVERSE
from youwei.rulebook.pack_types import FieldType

SPAN = r"^\d+ (working days?|days?|weeks?|months?|years?)$"
NAME = r"^[^\d\s.][^\s.]*\.[^\s.]+(\.[^\s.]+)?$"
TERM = r"^(\d+ (working days?|days?|weeks?|months?|years?)( (after|before) \S+\.\S+( or \S+\.\S+)*)?|\S+\.\S+)$"
TEXT: dict[str, Any] = {"type": ["string", "number"]}
ANY_OF_VALUES: dict[str, Any] = {"type": ["string", "number", "boolean"]}
TEST: dict[str, Any] = {
    "anyOf": [
        ANY_OF_VALUES,
        {"type": "array", "items": ANY_OF_VALUES, "minItems": 1},
        {"type": "object", "properties": {"not": {}, "given": {"type": "boolean"}}, "additionalProperties": False},
    ]
}
TABLE: dict[str, Any] = {"type": "object", "propertyNames": {"pattern": NAME}, "additionalProperties": TEST}
STAGE = {"$ref": "#/$defs/stage"}
FIELD = {"$ref": "#/$defs/field"}
WORDS: dict[str, dict[str, Any]] = {
    "text": TEXT,
    "version": TEXT,
    "id": TEXT,
    "flag": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "span": {"type": "string", "pattern": SPAN},
    "term": {
        "anyOf": [{"type": "string", "pattern": TERM}, {"type": "array", "items": {"type": "string", "pattern": NAME}}]
    },
    "name": {"type": "string", "pattern": NAME},
    "condition": {"anyOf": [TABLE, {"type": "array", "items": TABLE, "minItems": 1}]},
    "value": {},
    "years": {"anyOf": [{"type": "integer"}, {"const": "forever"}]},
    "stages": {
        "anyOf": [
            {"type": "array", "items": TEXT},
            {"type": "object", "additionalProperties": {"anyOf": [STAGE, {"type": "null"}]}},
        ]
    },
    "repeat": {"anyOf": [{"const": "any time"}, *({"$ref": f"#/$defs/{name}"} for name in ("every", "next", "each"))]},
    "items": {"type": "object", "additionalProperties": {"anyOf": [TEXT, {"$ref": "#/$defs/item"}]}},
    "passes": {"type": "object", "additionalProperties": {"type": "string"}},
    "choices": {"anyOf": [{"type": "array", "items": TEXT}, {"type": "object", "additionalProperties": TEXT}]},
    "columns": {
        "anyOf": [
            {"enum": ["subject", ADVERSE]},
            {"type": "string", "pattern": NAME},
            {"type": "array", "items": {"type": "string", "pattern": NAME}},
            {"type": "object", "additionalProperties": {"anyOf": [{"enum": [str(each) for each in FieldType]}, FIELD]}},
        ]
    },
}


def shape_schema(shape: Shape) -> dict[str, Any]:
    if isinstance(shape, str):
        return WORDS[shape]
    word = shape[0]
    if word == "block":
        return {"$ref": f"#/$defs/{shape[1]}"}
    if word == "map":
        return {"type": "object", "additionalProperties": shape_schema(shape[1])}
    if word == "list":
        return {"type": "array", "items": shape_schema(shape[1])}
    if word == "one or list":
        inner = shape_schema(shape[1])
        return {"anyOf": [inner, {"type": "array", "items": inner}]}
    return {"enum": [str(each) for each in shape[1:]]}


def block_schema(name: str) -> dict[str, Any]:
    keys = BLOCKS[name]
    required = [key for key, spec in keys.items() if spec.required]
    made: dict[str, Any] = {
        "type": "object",
        "properties": {key: {"description": spec.doc, **shape_schema(spec.shape)} for key, spec in keys.items()},
        "additionalProperties": False,
    }
    if name == "pack":
        # A pack that extends another leaves out what it inherits.
        made["required"] = [key for key in required if key not in CHILD_OPTIONAL]
        made["anyOf"] = [{"required": ["extends"]}, {"required": required}]
    elif name not in ("step", "field") and required:
        made["required"] = required
    return made


def schema() -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "规程（pack.yaml）",
        **block_schema("pack"),
        "$defs": {name: block_schema(name) for name in BLOCKS if name != "pack"},
    }


def schema_text() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
