"""Keeps bytes by their SHA-256: written aside, synced and renamed, so that a cut never leaves half a file."""

import hashlib
import os
import tempfile
from pathlib import Path


class EvidenceStore:
    """A folder of files named by their hash. The database knows which exist; this only keeps the bytes."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, made when first needed."""
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Return where a content lies."""
        return self.folder / sha256[:2] / sha256

    def keep(self, content: bytes) -> str:
        """Store the bytes durably and return their hash; the same content twice is stored once."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path(sha256)
        if target.exists():
            return sha256
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(aside).replace(target)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
        return sha256

    def read(self, sha256: str) -> bytes:
        """Return the bytes; `FileNotFoundError` when they are gone, `ValueError` when they are not what the hash says."""
        content = self.path(sha256).read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ValueError(f"evidence {sha256} was changed on disk")
        return content

    def remove(self, sha256: str) -> None:
        """Take the bytes away; the tombstone in the database stays."""
        self.path(sha256).unlink(missing_ok=True)
