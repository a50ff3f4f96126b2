"""Keys in files of their own, and what is signed with the manager's: its own words, nobody else's, nothing changed."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ink_core.key_file import KeyUnusable, secret_key
from ink_core.signing import KEY_FILE, PUBLIC_BYTES, SIGNATURE_BYTES, SigningKey, signed_by

# RFC 8032, section 7.1, test 3.
SECRET = bytes.fromhex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
PUBLIC = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
SIGNATURE = (
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
)


def test_a_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "new" / "some.key"
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: secret_key(file), range(16)))
    assert keys == {file.read_bytes()}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == ["some.key"]


def test_a_key_that_others_could_read_or_that_is_cut_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "some.key"
    secret_key(file)
    file.chmod(0o644)
    with pytest.raises(KeyUnusable, match="chmod 600"):
        secret_key(file)
    file.chmod(0o600)
    file.write_bytes(b"short")
    with pytest.raises(KeyUnusable, match="holds no key"):
        secret_key(file)


def test_a_key_behind_a_link_or_a_pipe_is_not_read(tmp_path: Path) -> None:
    other = tmp_path / "other"
    secret_key(other)
    (tmp_path / "some.key").symlink_to(other)
    with pytest.raises(KeyUnusable, match="is a link"):
        secret_key(tmp_path / "some.key")
    (tmp_path / "later.key").symlink_to(tmp_path / "not-there")
    with pytest.raises(KeyUnusable, match="is a link"):
        secret_key(tmp_path / "later.key")
    os.mkfifo(tmp_path / "pipe.key", 0o600)
    with pytest.raises(KeyUnusable):
        secret_key(tmp_path / "pipe.key")


def test_signatures_are_those_of_rfc_8032() -> None:
    key = SigningKey(SECRET)
    assert (key.public.hex(), key.sign(b"\xaf\x82").hex()) == (PUBLIC, SIGNATURE)


def test_the_key_of_a_file_is_the_same_after_a_restart_and_its_signatures_count(tmp_path: Path) -> None:
    before, after = SigningKey.open(tmp_path / KEY_FILE), SigningKey.open(tmp_path / KEY_FILE)
    assert (before.public, before.key_id, len(before.public)) == (after.public, after.key_id, PUBLIC_BYTES)
    assert signed_by(after.public, b"a note", before.sign(b"a note"))


@pytest.mark.parametrize("signature", [b"", b"x", b"\0" * SIGNATURE_BYTES, b"\xff" * 100])
def test_what_is_no_signature_counts_for_nothing(signature: bytes) -> None:
    assert not signed_by(SigningKey(SECRET).public, b"a note", signature)


def test_another_text_or_another_key_does_not_fit_a_signature() -> None:
    key, other = SigningKey(SECRET), SigningKey(b"o" * 32)
    signature = key.sign(b"a note")
    assert not signed_by(key.public, b"a Note", signature)
    assert not signed_by(other.public, b"a note", signature)
    assert not signed_by(b"no key", b"a note", signature)
