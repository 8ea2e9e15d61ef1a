"""The tables, one a file; ``records`` makes those of PagerDuty's objects."""

from app.models.allow_list import AllowList
from app.models.api_request import ApiRequest
from app.models.assessment import Assessment
from app.models.base import HANDLE, Base, new_handle
from app.models.client_link import ClientLink
from app.models.collection_run import CollectionRun
from app.models.connection import Connection
from app.models.download import Download
from app.models.engagement import Engagement
from app.models.epoch import Epoch
from app.models.firm import Firm
from app.models.heartbeat import Heartbeat
from app.models.ledger_entry import LedgerEntry
from app.models.member import Member
from app.models.purge import Purge
from app.models.records import RECORD_TABLES
from app.models.release import FigureRelease
from app.models.states import (
    ACTIVE,
    ConnectionState,
    FailureCode,
    JobState,
    Reason,
    WindowState,
)
from app.models.token import Token
from app.models.traffic import Budget, Circuit
from app.models.web_session import WebSession
from app.models.window import Window, WindowObject

__all__ = [
    "ACTIVE",
    "HANDLE",
    "RECORD_TABLES",
    "AllowList",
    "ApiRequest",
    "Assessment",
    "Base",
    "Budget",
    "Circuit",
    "ClientLink",
    "CollectionRun",
    "Connection",
    "ConnectionState",
    "Download",
    "Engagement",
    "Epoch",
    "FailureCode",
    "FigureRelease",
    "Firm",
    "Heartbeat",
    "JobState",
    "LedgerEntry",
    "Member",
    "Purge",
    "Reason",
    "Token",
    "WebSession",
    "Window",
    "WindowObject",
    "WindowState",
    "new_handle",
]
