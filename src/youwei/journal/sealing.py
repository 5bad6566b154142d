"""Seals: SM4-GCM over confidential values, and a keyed index to find an identity number without opening it.

The key ring is one file, `keys.json`, outside the store (`YOUWEI_KEYS`, by default beside the data). A sealed value names the key it was
sealed with, so a new key can be added while old values stay readable; digests are taken over plain content and do not change with a key.
"""

import base64
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from django.conf import settings

FORMAT = 1
NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 16


class SealBroken(ValueError):
    """A sealed value does not open: altered, of another place, or its key is not in the ring."""


class KeysMissing(RuntimeError):
    """The key ring of a store is not where it should be."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Sealing keys by number, the number in use, and the key of the blind index."""

    current: int
    seals: dict[int, bytes]
    index: bytes


def create_keys(path: Path) -> None:
    """Write a new key ring readable by its owner only. Refuses to overwrite: lost keys are lost data."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ring = {
        "current": 1,
        "seals": {"1": base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()},
        "index": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(ring, file)
        file.flush()
        os.fsync(file.fileno())


@lru_cache(maxsize=4)
def _load(path: str) -> KeyRing:
    raw = json.loads(Path(path).read_text(encoding="utf-8"))
    seals = {int(number): base64.b64decode(key) for number, key in raw["seals"].items()}
    return KeyRing(current=raw["current"], seals=seals, index=base64.b64decode(raw["index"]))


def keys() -> KeyRing:
    """The key ring of this store. Raises KeysMissing: a ring is made with an empty store and never beside a filled one."""
    try:
        return _load(str(settings.KEYS_FILE))
    except FileNotFoundError as missing:
        raise KeysMissing(f"找不到密钥文件 {settings.KEYS_FILE}；请从备份中取回，没有它密封的内容打不开") from missing


def seal(plain: bytes, *, place: str) -> bytes:
    """Seal `plain` for one place (for instance "entry" or "person.id"): a value moved elsewhere does not open."""
    ring = keys()
    nonce = secrets.token_bytes(NONCE_BYTES)
    box = Cipher(SM4(ring.seals[ring.current]), GCM(nonce)).encryptor()
    box.authenticate_additional_data(place.encode())
    body = box.update(plain) + box.finalize()
    return bytes((FORMAT, ring.current)) + nonce + box.tag + body


def unseal(sealed: bytes, *, place: str) -> bytes:
    """Open what `seal` closed for the same place. Raises SealBroken."""
    sealed = bytes(sealed)
    ring = keys()
    if len(sealed) < 2 + NONCE_BYTES + TAG_BYTES or sealed[0] != FORMAT or sealed[1] not in ring.seals:
        raise SealBroken("密封内容的格式或密钥编号不对")
    nonce = sealed[2 : 2 + NONCE_BYTES]
    tag = sealed[2 + NONCE_BYTES : 2 + NONCE_BYTES + TAG_BYTES]
    box = Cipher(SM4(ring.seals[sealed[1]]), GCM(nonce, tag)).decryptor()
    box.authenticate_additional_data(place.encode())
    try:
        return box.update(sealed[2 + NONCE_BYTES + TAG_BYTES :]) + box.finalize()
    except InvalidTag as broken:
        raise SealBroken("密封内容与存证不符") from broken


def seal_text(text: str, *, place: str) -> bytes | None:
    """Seal a text; nothing for an empty one."""
    return seal(text.encode(), place=place) if text else None


def unseal_text(sealed: bytes | memoryview | None, *, place: str) -> str:
    """The text of `seal_text`; empty for nothing."""
    return unseal(bytes(sealed), place=place).decode() if sealed else ""


def blind_index(text: str) -> str:
    """A keyed SM3 of `text` for exact look-up; tells nothing without the key."""
    return hmac.new(keys().index, text.strip().upper().encode(), "sm3").hexdigest()
