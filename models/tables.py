"""Every table, gathered so that the metadata is whole wherever it is asked for."""

from models.access import AccessLog, LastSeen
from models.assessment import Assessment, Deadline, DemoClock, Extension, Holiday
from models.base import Base
from models.case import Assignment, Case, CaseReason, Item, Side
from models.catalogue import Catalogue, Guidance, GuidanceVersion, Indicator, IndicatorBody, IndicatorGroup, IndicatorSet
from models.decision import Batch, Proposal, Publication
from models.event import Event, SystemChain
from models.evidence import Blob, Document, EvidenceLink, Upload
from models.explanation import Explanation, Question, Verdict
from models.membership import Contact, Membership, Responsibility
from models.notification import Job, Mail, Notification, ScanDay
from models.organisation import Organisation
from models.person import Credential, OneTimeToken, Person, Session
from models.score import ScoreEntry
from models.submission import Idempotency, Submission

APPEND_ONLY = ("score_entry", "event", "submission", "publication", "verdict", "question", "extension", "case_reason")
"""Tables whose rows are never changed or deleted; the database refuses it too."""

__all__ = [
    "APPEND_ONLY", "AccessLog", "Assessment", "Assignment", "Base", "Batch", "Blob", "Case", "CaseReason", "Catalogue", "Contact",
    "Credential", "Deadline", "DemoClock", "Document", "Event", "EvidenceLink", "Explanation", "Extension", "Guidance",
    "GuidanceVersion", "Holiday", "Idempotency", "Indicator", "IndicatorBody", "IndicatorGroup", "IndicatorSet", "Item", "Job",
    "LastSeen", "Mail", "Membership", "Notification", "OneTimeToken", "Organisation", "Person", "Proposal", "Publication",
    "Question", "Responsibility", "ScanDay", "ScoreEntry", "Session", "Side", "Submission", "SystemChain", "Upload", "Verdict",
]  # fmt: skip
