"""Contains all the data models used in inputs/outputs"""

from .action_result import ActionResult
from .action_result_refused import ActionResultRefused
from .agent import Agent
from .app_credential import AppCredential
from .app_log import AppLog
from .app_row import AppRow
from .app_session_view import AppSessionView
from .approval_view import ApprovalView
from .approval_view_arguments import ApprovalViewArguments
from .approval_view_preview import ApprovalViewPreview
from .apps import Apps
from .apps_broken import AppsBroken
from .archive_format import ArchiveFormat
from .associations import Associations
from .attempt_page import AttemptPage
from .attempt_view import AttemptView
from .body_begin_device_authorization import BodyBeginDeviceAuthorization
from .body_collect_device_token import BodyCollectDeviceToken
from .body_request_device_code import BodyRequestDeviceCode
from .body_revoke_client_token import BodyRevokeClientToken
from .bounds import Bounds
from .call_problem import CallProblem
from .call_request import CallRequest
from .call_request_arguments import CallRequestArguments
from .call_view import CallView
from .call_view_arguments import CallViewArguments
from .call_view_preview_type_0 import CallViewPreviewType0
from .call_view_status import CallViewStatus
from .checksum_algorithm import ChecksumAlgorithm
from .cluster_health import ClusterHealth
from .cluster_load import ClusterLoad
from .cluster_summary import ClusterSummary
from .cluster_summary_jobs import ClusterSummaryJobs
from .cluster_view import ClusterView
from .cluster_view_unrecorded import ClusterViewUnrecorded
from .confidentiality import Confidentiality
from .consent import Consent
from .consent_row import ConsentRow
from .consent_verdict import ConsentVerdict
from .copying import Copying
from .dag_node_progress import DagNodeProgress
from .dag_progress import DagProgress
from .dag_progress_counts import DagProgressCounts
from .decision import Decision
from .decision_request import DecisionRequest
from .decision_request_verdict import DecisionRequestVerdict
from .decision_verdict import DecisionVerdict
from .deleted import Deleted
from .device_authorization import DeviceAuthorization
from .device_row import DeviceRow
from .device_token import DeviceToken
from .directory_page import DirectoryPage
from .discovery import Discovery
from .emptied import Emptied
from .erased import Erased
from .erasure_request import ErasureRequest
from .event_page import EventPage
from .event_view import EventView
from .event_view_body import EventViewBody
from .experiment import Experiment
from .explanation import Explanation
from .file_checksum import FileChecksum
from .file_entry import FileEntry
from .file_kind import FileKind
from .file_order import FileOrder
from .file_row import FileRow
from .files_found import FilesFound
from .files_matched import FilesMatched
from .get_health_response_200 import GetHealthResponse200
from .get_readiness_response_200 import GetReadinessResponse200
from .get_readiness_response_503 import GetReadinessResponse503
from .get_version_response_200 import GetVersionResponse200
from .grant_request import GrantRequest
from .grant_request_pattern_type_0 import GrantRequestPatternType0
from .grant_view import GrantView
from .grant_view_arguments import GrantViewArguments
from .grant_view_arguments_additional_property import GrantViewArgumentsAdditionalProperty
from .group_change import GroupChange
from .group_details import GroupDetails
from .group_row import GroupRow
from .health_details import HealthDetails
from .hep_site import HepSite
from .hep_site_experiments import HepSiteExperiments
from .hep_site_wall_times import HepSiteWallTimes
from .hep_submission import HepSubmission
from .hep_submitted import HepSubmitted
from .history_page import HistoryPage
from .history_page_observed_at import HistoryPageObservedAt
from .input_ import Input
from .issued_tokens import IssuedTokens
from .job import Job
from .job_action import JobAction
from .job_action_request import JobActionRequest
from .job_changes import JobChanges
from .job_edit import JobEdit
from .job_page import JobPage
from .job_page_counts import JobPageCounts
from .job_state import JobState
from .key_set import KeySet
from .key_set_keys_item import KeySetKeysItem
from .limit_request import LimitRequest
from .limit_request_kind import LimitRequestKind
from .list_approvals_state import ListApprovalsState
from .load import Load
from .lock_kind import LockKind
from .lock_view import LockView
from .login import Login
from .me import Me
from .mode import Mode
from .model_view import ModelView
from .new_app_session import NewAppSession
from .new_app_session_inputs import NewAppSessionInputs
from .new_dag import NewDag
from .new_description import NewDescription
from .new_directory import NewDirectory
from .new_file import NewFile
from .new_group import NewGroup
from .new_jobs import NewJobs
from .new_jobs_attributes import NewJobsAttributes
from .new_jobs_environment import NewJobsEnvironment
from .new_lock import NewLock
from .new_message import NewMessage
from .new_node import NewNode
from .new_session import NewSession
from .new_share import NewShare
from .new_storage_directory import NewStorageDirectory
from .new_storage_file import NewStorageFile
from .new_token import NewToken
from .new_user import NewUser
from .node import Node
from .node_job import NodeJob
from .node_job_attributes import NodeJobAttributes
from .node_job_environment import NodeJobEnvironment
from .o_auth_error import OAuthError
from .output_text import OutputText
from .person_info import PersonInfo
from .plugin_page import PluginPage
from .plugin_view import PluginView
from .policy_health import PolicyHealth
from .posted import Posted
from .problem import Problem
from .provider_row import ProviderRow
from .quota import Quota
from .quota_limits import QuotaLimits
from .read_output_stream import ReadOutputStream
from .reader_kind import ReaderKind
from .recorded_call import RecordedCall
from .recorded_session import RecordedSession
from .recorded_terminal import RecordedTerminal
from .registration import Registration
from .renaming import Renaming
from .resources import Resources
from .restoring import Restoring
from .result_piece import ResultPiece
from .result_piece_kind import ResultPieceKind
from .revocation import Revocation
from .root_axis import RootAxis
from .root_branch import RootBranch
from .root_histogram import RootHistogram
from .root_key import RootKey
from .root_summary import RootSummary
from .root_tree import RootTree
from .scope import Scope
from .search_match import SearchMatch
from .sent_on import SentOn
from .session import Session
from .session_change import SessionChange
from .session_events import SessionEvents
from .session_page import SessionPage
from .share_row import ShareRow
from .shown_once import ShownOnce
from .state import State
from .storage_entry import StorageEntry
from .storage_renaming import StorageRenaming
from .submitted import Submitted
from .submitted_dag import SubmittedDag
from .terminal_page import TerminalPage
from .token_request import TokenRequest
from .token_row import TokenRow
from .tool_view import ToolView
from .tool_view_input_schema import ToolViewInputSchema
from .trashed_entry import TrashedEntry
from .trust_class import TrustClass
from .user_change import UserChange
from .user_page import UserPage
from .user_row import UserRow
from .verified import Verified
from .verified_outcomes import VerifiedOutcomes
from .why import Why
from .words import Words
from .written import Written

__all__ = (
    "ActionResult",
    "ActionResultRefused",
    "Agent",
    "AppCredential",
    "AppLog",
    "ApprovalView",
    "ApprovalViewArguments",
    "ApprovalViewPreview",
    "AppRow",
    "Apps",
    "AppsBroken",
    "AppSessionView",
    "ArchiveFormat",
    "Associations",
    "AttemptPage",
    "AttemptView",
    "BodyBeginDeviceAuthorization",
    "BodyCollectDeviceToken",
    "BodyRequestDeviceCode",
    "BodyRevokeClientToken",
    "Bounds",
    "CallProblem",
    "CallRequest",
    "CallRequestArguments",
    "CallView",
    "CallViewArguments",
    "CallViewPreviewType0",
    "CallViewStatus",
    "ChecksumAlgorithm",
    "ClusterHealth",
    "ClusterLoad",
    "ClusterSummary",
    "ClusterSummaryJobs",
    "ClusterView",
    "ClusterViewUnrecorded",
    "Confidentiality",
    "Consent",
    "ConsentRow",
    "ConsentVerdict",
    "Copying",
    "DagNodeProgress",
    "DagProgress",
    "DagProgressCounts",
    "Decision",
    "DecisionRequest",
    "DecisionRequestVerdict",
    "DecisionVerdict",
    "Deleted",
    "DeviceAuthorization",
    "DeviceRow",
    "DeviceToken",
    "DirectoryPage",
    "Discovery",
    "Emptied",
    "Erased",
    "ErasureRequest",
    "EventPage",
    "EventView",
    "EventViewBody",
    "Experiment",
    "Explanation",
    "FileChecksum",
    "FileEntry",
    "FileKind",
    "FileOrder",
    "FileRow",
    "FilesFound",
    "FilesMatched",
    "GetHealthResponse200",
    "GetReadinessResponse200",
    "GetReadinessResponse503",
    "GetVersionResponse200",
    "GrantRequest",
    "GrantRequestPatternType0",
    "GrantView",
    "GrantViewArguments",
    "GrantViewArgumentsAdditionalProperty",
    "GroupChange",
    "GroupDetails",
    "GroupRow",
    "HealthDetails",
    "HepSite",
    "HepSiteExperiments",
    "HepSiteWallTimes",
    "HepSubmission",
    "HepSubmitted",
    "HistoryPage",
    "HistoryPageObservedAt",
    "Input",
    "IssuedTokens",
    "Job",
    "JobAction",
    "JobActionRequest",
    "JobChanges",
    "JobEdit",
    "JobPage",
    "JobPageCounts",
    "JobState",
    "KeySet",
    "KeySetKeysItem",
    "LimitRequest",
    "LimitRequestKind",
    "ListApprovalsState",
    "Load",
    "LockKind",
    "LockView",
    "Login",
    "Me",
    "Mode",
    "ModelView",
    "NewAppSession",
    "NewAppSessionInputs",
    "NewDag",
    "NewDescription",
    "NewDirectory",
    "NewFile",
    "NewGroup",
    "NewJobs",
    "NewJobsAttributes",
    "NewJobsEnvironment",
    "NewLock",
    "NewMessage",
    "NewNode",
    "NewSession",
    "NewShare",
    "NewStorageDirectory",
    "NewStorageFile",
    "NewToken",
    "NewUser",
    "Node",
    "NodeJob",
    "NodeJobAttributes",
    "NodeJobEnvironment",
    "OAuthError",
    "OutputText",
    "PersonInfo",
    "PluginPage",
    "PluginView",
    "PolicyHealth",
    "Posted",
    "Problem",
    "ProviderRow",
    "Quota",
    "QuotaLimits",
    "ReaderKind",
    "ReadOutputStream",
    "RecordedCall",
    "RecordedSession",
    "RecordedTerminal",
    "Registration",
    "Renaming",
    "Resources",
    "Restoring",
    "ResultPiece",
    "ResultPieceKind",
    "Revocation",
    "RootAxis",
    "RootBranch",
    "RootHistogram",
    "RootKey",
    "RootSummary",
    "RootTree",
    "Scope",
    "SearchMatch",
    "SentOn",
    "Session",
    "SessionChange",
    "SessionEvents",
    "SessionPage",
    "ShareRow",
    "ShownOnce",
    "State",
    "StorageEntry",
    "StorageRenaming",
    "Submitted",
    "SubmittedDag",
    "TerminalPage",
    "TokenRequest",
    "TokenRow",
    "ToolView",
    "ToolViewInputSchema",
    "TrashedEntry",
    "TrustClass",
    "UserChange",
    "UserPage",
    "UserRow",
    "Verified",
    "VerifiedOutcomes",
    "Why",
    "Words",
    "Written",
)
