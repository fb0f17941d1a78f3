"""Where evidence files lie, for the pages that take them in and hand them out."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app

from workflow.evidence_store import EvidenceStore


def evidence_store() -> EvidenceStore:
    """Return the store that the settings name."""
    return EvidenceStore(Path(unquote(urlsplit(current_app.config["SETTINGS"].evidence_url).path)))
