"""Digests of entries: SM3 over a random salt and the canonical plain content, chained through the headers."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

SALT_BYTES = 16


def sm3(data: bytes) -> str:
    return hashlib.new("sm3", data).hexdigest()


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one spelling of a content: sorted keys, no blanks, UTF-8; dates as ISO text."""
    return SPELLING.encode(content).encode()


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be kept in a log")


SPELLING = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def content_digest(salt: bytes, plain: bytes) -> str:
    return sm3(salt + plain)


HEADER = (
    "seq",
    "kind",
    "on",
    "at",
    "by",
    "by_id",
    "behalf",
    "step",
    "key",
    "part",
    "to",
    "target",
    "content_digest",
    "prev",
)


def header_digest(log_kind: str, log_ref: int, header: Mapping[str, Any]) -> str:
    """Digest of one header; `at` is taken in UTC to the microsecond so that both stores give the same."""
    fields = [log_kind, log_ref]
    for name in HEADER:
        value = header[name]
        if isinstance(value, datetime):
            value = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        elif isinstance(value, date):
            value = value.isoformat()
        fields.append(value)
    return sm3(SPELLING.encode(fields).encode())
