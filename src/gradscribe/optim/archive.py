"""Named arrays in one file that is either whole or refused.

The file is an `.npz`, which NumPy reads, whose archive comment holds a SHA-256 of everything before it. It is
written beside its place, flushed to the disk and renamed: a process killed at any moment leaves the old file or
the new one. Nothing is unpickled.

In:  arrays by name, and a note that JSON can hold.   Out: the same, or an error that says what is wrong with
the file.
Not here: nested trees (storage.py), what a training run stores (training.py).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import threading
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError

NOTE = "note.json"
MAKER = b"gradscribe checkpoint "
LABEL = MAKER + b"1 sha256 "
SEAL_LENGTH = len(LABEL) + 64
LEFTOVER = re.compile(r"\d+-\d+\.partial")
# Seconds after which nobody writes a draft any more.
ABANDONED = 3600.0
# The end record of a zip file ends with the length of the comment, in two bytes.
NO_COMMENT = b"\x00\x00"
ZIP_START = b"PK\x03\x04"

Path = str | os.PathLike[str]


def write_archive(path: Path, arrays: Mapping[str, np.ndarray], note: Mapping[str, Any]) -> None:
    """Write a file that appears whole or not at all."""
    text = np.frombuffer(json.dumps(note).encode(), np.uint8)
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **{NOTE: text, **arrays})
    packed = stream.getvalue()
    if not packed.endswith(NO_COMMENT):
        raise OSError("NumPy wrote a zip file with a comment of its own")
    body = packed[: -len(NO_COMMENT)] + SEAL_LENGTH.to_bytes(2, "little")
    _replace(os.fspath(path), body + _seal(body))


def read_archive(path: Path) -> tuple[dict[str, np.ndarray], Any]:
    """The arrays and the note.

    Raises:
        FileNotFoundError: there is no such file.
        GS337: the file is damaged, or something else.
    """
    with open(path, "rb") as file:
        packed = file.read()
    body, seal = packed[:-SEAL_LENGTH], packed[-SEAL_LENGTH:]
    if not seal.startswith(LABEL):
        if not packed.startswith(ZIP_START):
            raise _unreadable(path, "is not a checkpoint")
        if MAKER in packed[-2 * SEAL_LENGTH :]:
            raise _unreadable(path, "was written by another version of gradscribe")
        raise _unreadable(path, "is cut short, or was not written by gradscribe")
    if seal != _seal(body):
        raise _unreadable(path, "is damaged: its checksum is wrong")
    with np.load(io.BytesIO(packed), allow_pickle=False) as loaded:
        arrays = {name: loaded[name] for name in loaded.files}
    return arrays, json.loads(arrays.pop(NOTE).tobytes())


def _seal(body: bytes) -> bytes:
    return LABEL + hashlib.sha256(body).hexdigest().encode()


def _replace(path: str, content: bytes) -> None:
    folder, name = os.path.split(os.path.abspath(path))
    # A name of its own: another process may be writing the same file.
    draft = os.path.join(folder, f".{name}.{os.getpid()}-{threading.get_ident()}.partial")
    try:
        with open(draft, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.remove(draft)
        untouched = f"{error.strerror}; what was there before is untouched"
        raise OSError(error.errno, untouched, path) from error
    _flush_folder(folder)
    _remove_leftovers(folder, name)


def _remove_leftovers(folder: str, name: str) -> None:
    """Drafts of processes that were killed long ago."""
    with contextlib.suppress(OSError):
        drafts = [one for one in os.scandir(folder) if LEFTOVER.fullmatch(one.name.removeprefix(f".{name}."))]
        for draft in drafts:
            with contextlib.suppress(OSError):
                if draft.stat().st_mtime < time.time() - ABANDONED:
                    os.remove(draft.path)


def _flush_folder(folder: str) -> None:
    """The new name survives a power cut as well, where the system can be asked for that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _unreadable(path: Path, what: str) -> UsageError:
    title = f"the file {os.fspath(path)!r} {what}"
    why = "continuing from a wrong state would give wrong parameters, silently"
    fix = "remove or rename the file to start anew, or restore a copy of it"
    return UsageError(Diagnostic("GS337", title, why=why, fix=fix))
