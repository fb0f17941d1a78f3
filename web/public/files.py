"""The open data of a version: a version never changes, so each process makes its files once and browsers may keep them."""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

from flask import current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models.tables import Publication
from web.public.blueprint import blueprint
from web.routing import PUBLIC, page
from workflow.actor import Actor
from workflow.bundle import make_bundle
from workflow.canonical import canonical
from workflow.sheets.public import PublicResult, Version, public_result
from workflow.spreadsheets.results import results_csv, results_workbook

MOST_KEPT = 6
MAX_AGE = 300
"""Seconds a browser may take an answer for the newest: a version that becomes visible is seen within five minutes."""
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
_made: OrderedDict[Version, Mapping[str, bytes]] = OrderedDict()
_lock = Lock()


def files_of(session: Session, result: PublicResult) -> Mapping[str, bytes]:
    """Return the files of a version by their endings."""
    key = result.version
    with _lock:
        if key not in _made:
            _made[key] = _make(session, result)
            while len(_made) > MOST_KEPT:
                _made.popitem(last=False)
        return _made[key]


def _make(session: Session, result: PublicResult) -> Mapping[str, bytes]:
    about = f"Quyết định số {result.version.decision_number} ngày {result.version.decision_on:%d/%m/%Y}, phiên bản {result.version.number}"
    return {
        "csv": results_csv(result.lists, result.dataset),
        "json": canonical(result.dataset),
        "xlsx": results_workbook(result.title, result.lists, result.dataset, [result.title, about]),
        "zip": make_bundle(session.get_one(Publication, result.publication_id)),
    }


def sizes_of(session: Session, result: PublicResult) -> dict[str, int]:
    """Return the sizes in bytes, for the links."""
    return {kind: len(content) for kind, content in files_of(session, result).items()}


@page(blueprint, "/ket-qua/<assessment>.<any(csv, json, xlsx, zip):kind>", action=PUBLIC)
def download(session: Session, actor: Actor, assessment: str, kind: str) -> ResponseReturnValue:  # noqa: ARG001
    """Hand out the version that stands."""
    return _hand_out(session, public_result(session, assessment), kind)


@page(blueprint, "/ket-qua/<assessment>/v<int:version>.<any(csv, json, xlsx, zip):kind>", action=PUBLIC)
def download_earlier(session: Session, actor: Actor, assessment: str, version: int, kind: str) -> ResponseReturnValue:  # noqa: ARG001
    """Hand out one version."""
    return _hand_out(session, public_result(session, assessment, version), kind)


def _hand_out(session: Session, result: PublicResult, kind: str) -> ResponseReturnValue:
    response = current_app.response_class(files_of(session, result)[kind], content_type=TYPES[kind])
    name = f"ket-qua-{result.slug}-v{result.version.number}.{kind}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.cache_control.public, response.cache_control.max_age = True, MAX_AGE
    response.add_etag()
    return response.make_conditional(request)
