"""Where files lie, for the pages that take them in, and the one way in which they are handed out."""

from flask import current_app, send_file
from werkzeug.wrappers import Response

from workflow.evidence_access import Opened
from workflow.evidence_store import EvidenceStore

SANDBOX = "sandbox; default-src 'none'"
"""What a file may do in a browser: nothing."""


def evidence_store() -> EvidenceStore:
    """Return the store that the settings name."""
    return EvidenceStore(current_app.config["SETTINGS"].evidence_dir)


def hand_out(opened: Opened, *, keep: bool = False) -> Response:
    """Return a file to be kept by who asks, never to run: attached, typed by its content, in a sandbox; `keep` lets browsers store it.

    What was changed on disk is not handed out.
    """
    store = evidence_store()
    store.read(opened.sha256)
    path, name = store.path(opened.sha256).resolve(), opened.file_name
    response = send_file(path, mimetype=opened.media_type, as_attachment=True, download_name=name, max_age=None if keep else 0)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
