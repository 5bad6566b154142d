"""The schema and the page on packs follow the table of keys."""

from pathlib import Path

from youwei.rulebook.pack_keys import BLOCKS
from youwei.rulebook.pack_schema import schema, schema_text
from youwei.rulebook.pack_types import FieldType, Kind

DOCS = Path(__file__).resolve().parents[4] / "docs"


def test_the_schema_in_docs_is_current() -> None:
    assert (DOCS / "pack.schema.json").read_text("utf-8") == schema_text(), "regenerate docs/pack.schema.json"


def test_every_block_refuses_unknown_keys() -> None:
    whole = schema()
    assert whole["additionalProperties"] is False
    assert all(block["additionalProperties"] is False for block in whole["$defs"].values())
    assert set(whole["$defs"]) == set(BLOCKS) - {"pack"}


def test_the_page_on_packs_explains_every_key_kind_and_type() -> None:
    page = (DOCS / "packs.md").read_text("utf-8")
    keys = {key for name in ("pack", "step", "field", "outcome") for key in BLOCKS[name]}
    missing = [word for word in (*sorted(keys), *Kind, *FieldType) if f"`{word}`" not in page]
    assert not missing
