"""Where evidence files lie, for the pages that take them in and hand them out."""

from flask import current_app

from workflow.evidence_store import EvidenceStore


def evidence_store() -> EvidenceStore:
    """Return the store that the settings name."""
    return EvidenceStore(current_app.config["SETTINGS"].evidence_dir)
