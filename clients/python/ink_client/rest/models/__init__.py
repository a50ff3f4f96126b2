"""Contains all the data models used in inputs/outputs"""

from .acceptance import Acceptance
from .acceptance_tools import AcceptanceTools
from .act_request import ActRequest
from .action_result import ActionResult
from .action_result_refused import ActionResultRefused
from .agent import Agent
from .agent_page import AgentPage
from .amendment import Amendment
from .app_credential import AppCredential
from .app_log import AppLog
from .app_row import AppRow
from .app_session_view import AppSessionView
from .applied_policy import AppliedPolicy
from .approval_view import ApprovalView
from .approval_view_arguments import ApprovalViewArguments
from .approval_view_preview import ApprovalViewPreview
from .apps import Apps
from .apps_broken import AppsBroken
from .archive_format import ArchiveFormat
from .associations import Associations
from .attempt_page import AttemptPage
from .attempt_view import AttemptView
from .backtested import Backtested
from .backtested_fired import BacktestedFired
from .body_begin_device_authorization import BodyBeginDeviceAuthorization
from .body_collect_device_token import BodyCollectDeviceToken
from .body_request_device_code import BodyRequestDeviceCode
from .body_revoke_client_token import BodyRevokeClientToken
from .bounds import Bounds
from .budget import Budget
from .call_problem import CallProblem
from .call_request import CallRequest
from .call_request_arguments import CallRequestArguments
from .call_view import CallView
from .call_view_arguments import CallViewArguments
from .call_view_preview_type_0 import CallViewPreviewType0
from .call_view_status import CallViewStatus
from .capture_order import CaptureOrder
from .capture_view import CaptureView
from .cause import Cause
from .change_count import ChangeCount
from .check_data import CheckData
from .checksum_algorithm import ChecksumAlgorithm
from .close_request import CloseRequest
from .cluster_change_view import ClusterChangeView
from .cluster_changes import ClusterChanges
from .cluster_health import ClusterHealth
from .cluster_load import ClusterLoad
from .cluster_state import ClusterState
from .cluster_state_jobs import ClusterStateJobs
from .cluster_state_nodes import ClusterStateNodes
from .cluster_summary import ClusterSummary
from .cluster_summary_jobs import ClusterSummaryJobs
from .cluster_totals import ClusterTotals
from .cluster_view import ClusterView
from .cluster_view_unrecorded import ClusterViewUnrecorded
from .confidentiality import Confidentiality
from .consent import Consent
from .consent_row import ConsentRow
from .consent_verdict import ConsentVerdict
from .context_explained import ContextExplained
from .context_fact import ContextFact
from .context_question import ContextQuestion
from .context_use import ContextUse
from .contribute_knowledge import ContributeKnowledge
from .contribute_knowledge_kind import ContributeKnowledgeKind
from .contribution_details import ContributionDetails
from .contribution_kind import ContributionKind
from .contribution_page import ContributionPage
from .contribution_row import ContributionRow
from .copying import Copying
from .correct_step import CorrectStep
from .correction_page import CorrectionPage
from .correction_row import CorrectionRow
from .correction_row_outcomes import CorrectionRowOutcomes
from .dag_node_progress import DagNodeProgress
from .dag_progress import DagProgress
from .dag_progress_counts import DagProgressCounts
from .decision import Decision
from .decision_request import DecisionRequest
from .decision_request_verdict import DecisionRequestVerdict
from .decision_verdict import DecisionVerdict
from .deleted import Deleted
from .detail import Detail
from .device_authorization import DeviceAuthorization
from .device_row import DeviceRow
from .device_token import DeviceToken
from .diagnosis import Diagnosis
from .directory_page import DirectoryPage
from .discovery import Discovery
from .edit_review import EditReview
from .emptied import Emptied
from .entity_description import EntityDescription
from .enveloped_check_data import EnvelopedCheckData
from .enveloped_health_data import EnvelopedHealthData
from .enveloped_ready_data import EnvelopedReadyData
from .enveloped_schema_data import EnvelopedSchemaData
from .enveloped_skill_data import EnvelopedSkillData
from .enveloped_triggered import EnvelopedTriggered
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
from .file_system_state import FileSystemState
from .files_found import FilesFound
from .files_matched import FilesMatched
from .followed_call import FollowedCall
from .foreign_server_list import ForeignServerList
from .foreign_server_view import ForeignServerView
from .foreign_server_view_kind import ForeignServerViewKind
from .foreign_server_view_trust import ForeignServerViewTrust
from .foreign_tool import ForeignTool
from .foreign_tool_definition_type_0 import ForeignToolDefinitionType0
from .foreign_tool_state import ForeignToolState
from .get_health_response_200 import GetHealthResponse200
from .get_readiness_response_200 import GetReadinessResponse200
from .get_readiness_response_503 import GetReadinessResponse503
from .get_usage_by import GetUsageBy
from .get_version_response_200 import GetVersionResponse200
from .grant_request import GrantRequest
from .grant_request_pattern_type_0 import GrantRequestPatternType0
from .grant_view import GrantView
from .grant_view_arguments import GrantViewArguments
from .grant_view_arguments_additional_property import GrantViewArgumentsAdditionalProperty
from .group_change import GroupChange
from .group_details import GroupDetails
from .group_row import GroupRow
from .health_data import HealthData
from .health_details import HealthDetails
from .hep_site import HepSite
from .hep_site_experiments import HepSiteExperiments
from .hep_site_wall_times import HepSiteWallTimes
from .hep_submission import HepSubmission
from .hep_submitted import HepSubmitted
from .history_page import HistoryPage
from .history_page_observed_at import HistoryPageObservedAt
from .incident_kind import IncidentKind
from .incident_list import IncidentList
from .incident_row import IncidentRow
from .incident_state import IncidentState
from .incident_step import IncidentStep
from .incident_view import IncidentView
from .input_ import Input
from .integrity import Integrity
from .issued_tokens import IssuedTokens
from .job import Job
from .job_action import JobAction
from .job_action_request import JobActionRequest
from .job_changes import JobChanges
from .job_dag_parents_type_0 import JobDagParentsType0
from .job_edit import JobEdit
from .job_page import JobPage
from .job_page_counts import JobPageCounts
from .job_state import JobState
from .key_set import KeySet
from .key_set_keys_item import KeySetKeysItem
from .knowledge_health import KnowledgeHealth
from .knowledge_health_refused import KnowledgeHealthRefused
from .lens_change import LensChange
from .lens_compared import LensCompared
from .lens_comparison import LensComparison
from .lens_connection import LensConnection
from .lens_counts import LensCounts
from .lens_error import LensError
from .lens_file import LensFile
from .lens_finding import LensFinding
from .lens_finding_evidence import LensFindingEvidence
from .lens_host import LensHost
from .lens_job import LensJob
from .lens_job_page import LensJobPage
from .lens_job_row import LensJobRow
from .lens_job_row_state import LensJobRowState
from .lens_job_state import LensJobState
from .lens_job_totals import LensJobTotals
from .lens_mark import LensMark
from .lens_now import LensNow
from .lens_point import LensPoint
from .lens_process import LensProcess
from .lens_record import LensRecord
from .lens_record_data import LensRecordData
from .lens_record_page import LensRecordPage
from .lens_saving import LensSaving
from .lens_series import LensSeries
from .lens_stack import LensStack
from .lens_state import LensState
from .lens_time_series import LensTimeSeries
from .lens_verdict import LensVerdict
from .lens_verdict_evidence import LensVerdictEvidence
from .like_case import LikeCase
from .limit_request import LimitRequest
from .limit_request_kind import LimitRequestKind
from .list_approvals_state import ListApprovalsState
from .list_lens_jobs_state_type_0_item import ListLensJobsStateType0Item
from .load import Load
from .lock_kind import LockKind
from .lock_view import LockView
from .login import Login
from .managed_model import ManagedModel
from .managed_model_state import ManagedModelState
from .managed_model_tool_calling import ManagedModelToolCalling
from .managed_rule import ManagedRule
from .managed_rules import ManagedRules
from .mark_kind import MarkKind
from .me import Me
from .measure import Measure
from .measures import Measures
from .meta import Meta
from .mode import Mode
from .model_details import ModelDetails
from .model_details_tool_calling import ModelDetailsToolCalling
from .model_view import ModelView
from .nearby_entities import NearbyEntities
from .nearby_entity import NearbyEntity
from .new_app_session import NewAppSession
from .new_app_session_inputs import NewAppSessionInputs
from .new_branch import NewBranch
from .new_budget import NewBudget
from .new_capture import NewCapture
from .new_dag import NewDag
from .new_description import NewDescription
from .new_directory import NewDirectory
from .new_file import NewFile
from .new_group import NewGroup
from .new_jobs import NewJobs
from .new_jobs_attributes import NewJobsAttributes
from .new_jobs_environment import NewJobsEnvironment
from .new_lock import NewLock
from .new_member import NewMember
from .new_member_role import NewMemberRole
from .new_message import NewMessage
from .new_node import NewNode
from .new_path import NewPath
from .new_quote import NewQuote
from .new_session import NewSession
from .new_share import NewShare
from .new_storage_directory import NewStorageDirectory
from .new_storage_file import NewStorageFile
from .new_task import NewTask
from .new_token import NewToken
from .new_user import NewUser
from .node import Node
from .node_condition import NodeCondition
from .node_details import NodeDetails
from .node_job import NodeJob
from .node_job_attributes import NodeJobAttributes
from .node_job_environment import NodeJobEnvironment
from .node_map import NodeMap
from .node_order import NodeOrder
from .node_page import NodePage
from .node_tile import NodeTile
from .node_trouble import NodeTrouble
from .node_with_slots import NodeWithSlots
from .o_auth_error import OAuthError
from .optional_measures import OptionalMeasures
from .origin import Origin
from .output_text import OutputText
from .own_matter_view import OwnMatterView
from .owned_token import OwnedToken
from .packed_fact_view import PackedFactView
from .pagination import Pagination
from .partition import Partition
from .person_info import PersonInfo
from .plan_mode import PlanMode
from .plugin_page import PluginPage
from .plugin_view import PluginView
from .policy_change import PolicyChange
from .policy_check import PolicyCheck
from .policy_dry_run import PolicyDryRun
from .policy_health import PolicyHealth
from .policy_problem import PolicyProblem
from .policy_text import PolicyText
from .policy_trial import PolicyTrial
from .policy_version_details import PolicyVersionDetails
from .policy_version_row import PolicyVersionRow
from .policy_versions import PolicyVersions
from .policy_view import PolicyView
from .posted import Posted
from .priorities import Priorities
from .problem import Problem
from .proposal_view import ProposalView
from .proposal_view_arguments import ProposalViewArguments
from .provider_row import ProviderRow
from .quota import Quota
from .quota_limits import QuotaLimits
from .raw_data import RawData
from .raw_data_records_item import RawDataRecordsItem
from .read_output_stream import ReadOutputStream
from .readable_terminal import ReadableTerminal
from .reader_kind import ReaderKind
from .reading import Reading
from .ready_data import ReadyData
from .ready_data_clusters import ReadyDataClusters
from .recall_outcome import RecallOutcome
from .recall_page import RecallPage
from .recall_row import RecallRow
from .recorded_call import RecordedCall
from .recorded_session import RecordedSession
from .recorded_terminal import RecordedTerminal
from .registration import Registration
from .remember import Remember
from .remember_kind import RememberKind
from .renaming import Renaming
from .resources import Resources
from .restoring import Restoring
from .result_piece import ResultPiece
from .result_piece_kind import ResultPieceKind
from .review import Review
from .review_verdict import ReviewVerdict
from .revocation import Revocation
from .role import Role
from .root_axis import RootAxis
from .root_branch import RootBranch
from .root_histogram import RootHistogram
from .root_key import RootKey
from .root_summary import RootSummary
from .root_tree import RootTree
from .rule_check import RuleCheck
from .rule_text import RuleText
from .rule_trial import RuleTrial
from .schedd import Schedd
from .schedd_state import ScheddState
from .schema_data import SchemaData
from .schema_data_clusters_item import SchemaDataClustersItem
from .schema_data_collectors_item import SchemaDataCollectorsItem
from .schema_data_common_aliases import SchemaDataCommonAliases
from .scope import Scope
from .search_match import SearchMatch
from .seen_scope import SeenScope
from .seen_times import SeenTimes
from .sent_on import SentOn
from .series_data import SeriesData
from .series_data_stats import SeriesDataStats
from .series_data_stats_additional_property import SeriesDataStatsAdditionalProperty
from .series_data_timerange import SeriesDataTimerange
from .series_record import SeriesRecord
from .session import Session
from .session_budget import SessionBudget
from .session_change import SessionChange
from .session_events import SessionEvents
from .session_page import SessionPage
from .session_usage import SessionUsage
from .set_switch import SetSwitch
from .share import Share
from .share_row import ShareRow
from .shown import Shown
from .shown_once import ShownOnce
from .sign_in_link import SignInLink
from .site_health import SiteHealth
from .site_health_status import SiteHealthStatus
from .skill_data import SkillData
from .slot_row import SlotRow
from .standing import Standing
from .state import State
from .statistic_view import StatisticView
from .step_view import StepView
from .storage_entry import StorageEntry
from .storage_renaming import StorageRenaming
from .sub_agent import SubAgent
from .sub_agent_profile import SubAgentProfile
from .sub_agent_profile_worker import SubAgentProfileWorker
from .sub_agent_state import SubAgentState
from .submitted import Submitted
from .submitted_dag import SubmittedDag
from .summary_data import SummaryData
from .summary_data_stats import SummaryDataStats
from .summary_data_stats_additional_property import SummaryDataStatsAdditionalProperty
from .switch_kind import SwitchKind
from .switch_state import SwitchState
from .switched import Switched
from .taken import Taken
from .task_change import TaskChange
from .task_member import TaskMember
from .task_memories import TaskMemories
from .task_memory_row import TaskMemoryRow
from .task_view import TaskView
from .terminal_page import TerminalPage
from .todo import Todo
from .todo_state import TodoState
from .token_page import TokenPage
from .token_request import TokenRequest
from .token_row import TokenRow
from .told_fact import ToldFact
from .tool_view import ToolView
from .tool_view_input_schema import ToolViewInputSchema
from .totals import Totals
from .totals_nodes import TotalsNodes
from .totals_slots import TotalsSlots
from .traffic import Traffic
from .trashed_entry import TrashedEntry
from .treated_otherwise import TreatedOtherwise
from .treatment import Treatment
from .trigger_request import TriggerRequest
from .trigger_request_opt import TriggerRequestOpt
from .triggered import Triggered
from .trust_class import TrustClass
from .turn_view import TurnView
from .turn_view_ended_type_0 import TurnViewEndedType0
from .usage import Usage
from .usage_report import UsageReport
from .usage_report_by import UsageReportBy
from .user_change import UserChange
from .user_page import UserPage
from .user_priority import UserPriority
from .user_row import UserRow
from .verified import Verified
from .verified_outcomes import VerifiedOutcomes
from .version_view import VersionView
from .why import Why
from .with_meta_raw_data import WithMetaRawData
from .with_meta_series_data import WithMetaSeriesData
from .with_meta_summary_data import WithMetaSummaryData
from .withdrawal import Withdrawal
from .words import Words
from .would_have import WouldHave
from .would_have_evidence import WouldHaveEvidence
from .written import Written

__all__ = (
    "Acceptance",
    "AcceptanceTools",
    "ActionResult",
    "ActionResultRefused",
    "ActRequest",
    "Agent",
    "AgentPage",
    "Amendment",
    "AppCredential",
    "AppliedPolicy",
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
    "Backtested",
    "BacktestedFired",
    "BodyBeginDeviceAuthorization",
    "BodyCollectDeviceToken",
    "BodyRequestDeviceCode",
    "BodyRevokeClientToken",
    "Bounds",
    "Budget",
    "CallProblem",
    "CallRequest",
    "CallRequestArguments",
    "CallView",
    "CallViewArguments",
    "CallViewPreviewType0",
    "CallViewStatus",
    "CaptureOrder",
    "CaptureView",
    "Cause",
    "ChangeCount",
    "CheckData",
    "ChecksumAlgorithm",
    "CloseRequest",
    "ClusterChanges",
    "ClusterChangeView",
    "ClusterHealth",
    "ClusterLoad",
    "ClusterState",
    "ClusterStateJobs",
    "ClusterStateNodes",
    "ClusterSummary",
    "ClusterSummaryJobs",
    "ClusterTotals",
    "ClusterView",
    "ClusterViewUnrecorded",
    "Confidentiality",
    "Consent",
    "ConsentRow",
    "ConsentVerdict",
    "ContextExplained",
    "ContextFact",
    "ContextQuestion",
    "ContextUse",
    "ContributeKnowledge",
    "ContributeKnowledgeKind",
    "ContributionDetails",
    "ContributionKind",
    "ContributionPage",
    "ContributionRow",
    "Copying",
    "CorrectionPage",
    "CorrectionRow",
    "CorrectionRowOutcomes",
    "CorrectStep",
    "DagNodeProgress",
    "DagProgress",
    "DagProgressCounts",
    "Decision",
    "DecisionRequest",
    "DecisionRequestVerdict",
    "DecisionVerdict",
    "Deleted",
    "Detail",
    "DeviceAuthorization",
    "DeviceRow",
    "DeviceToken",
    "Diagnosis",
    "DirectoryPage",
    "Discovery",
    "EditReview",
    "Emptied",
    "EntityDescription",
    "EnvelopedCheckData",
    "EnvelopedHealthData",
    "EnvelopedReadyData",
    "EnvelopedSchemaData",
    "EnvelopedSkillData",
    "EnvelopedTriggered",
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
    "FileSystemState",
    "FollowedCall",
    "ForeignServerList",
    "ForeignServerView",
    "ForeignServerViewKind",
    "ForeignServerViewTrust",
    "ForeignTool",
    "ForeignToolDefinitionType0",
    "ForeignToolState",
    "GetHealthResponse200",
    "GetReadinessResponse200",
    "GetReadinessResponse503",
    "GetUsageBy",
    "GetVersionResponse200",
    "GrantRequest",
    "GrantRequestPatternType0",
    "GrantView",
    "GrantViewArguments",
    "GrantViewArgumentsAdditionalProperty",
    "GroupChange",
    "GroupDetails",
    "GroupRow",
    "HealthData",
    "HealthDetails",
    "HepSite",
    "HepSiteExperiments",
    "HepSiteWallTimes",
    "HepSubmission",
    "HepSubmitted",
    "HistoryPage",
    "HistoryPageObservedAt",
    "IncidentKind",
    "IncidentList",
    "IncidentRow",
    "IncidentState",
    "IncidentStep",
    "IncidentView",
    "Input",
    "Integrity",
    "IssuedTokens",
    "Job",
    "JobAction",
    "JobActionRequest",
    "JobChanges",
    "JobDagParentsType0",
    "JobEdit",
    "JobPage",
    "JobPageCounts",
    "JobState",
    "KeySet",
    "KeySetKeysItem",
    "KnowledgeHealth",
    "KnowledgeHealthRefused",
    "LensChange",
    "LensCompared",
    "LensComparison",
    "LensConnection",
    "LensCounts",
    "LensError",
    "LensFile",
    "LensFinding",
    "LensFindingEvidence",
    "LensHost",
    "LensJob",
    "LensJobPage",
    "LensJobRow",
    "LensJobRowState",
    "LensJobState",
    "LensJobTotals",
    "LensMark",
    "LensNow",
    "LensPoint",
    "LensProcess",
    "LensRecord",
    "LensRecordData",
    "LensRecordPage",
    "LensSaving",
    "LensSeries",
    "LensStack",
    "LensState",
    "LensTimeSeries",
    "LensVerdict",
    "LensVerdictEvidence",
    "LikeCase",
    "LimitRequest",
    "LimitRequestKind",
    "ListApprovalsState",
    "ListLensJobsStateType0Item",
    "Load",
    "LockKind",
    "LockView",
    "Login",
    "ManagedModel",
    "ManagedModelState",
    "ManagedModelToolCalling",
    "ManagedRule",
    "ManagedRules",
    "MarkKind",
    "Me",
    "Measure",
    "Measures",
    "Meta",
    "Mode",
    "ModelDetails",
    "ModelDetailsToolCalling",
    "ModelView",
    "NearbyEntities",
    "NearbyEntity",
    "NewAppSession",
    "NewAppSessionInputs",
    "NewBranch",
    "NewBudget",
    "NewCapture",
    "NewDag",
    "NewDescription",
    "NewDirectory",
    "NewFile",
    "NewGroup",
    "NewJobs",
    "NewJobsAttributes",
    "NewJobsEnvironment",
    "NewLock",
    "NewMember",
    "NewMemberRole",
    "NewMessage",
    "NewNode",
    "NewPath",
    "NewQuote",
    "NewSession",
    "NewShare",
    "NewStorageDirectory",
    "NewStorageFile",
    "NewTask",
    "NewToken",
    "NewUser",
    "Node",
    "NodeCondition",
    "NodeDetails",
    "NodeJob",
    "NodeJobAttributes",
    "NodeJobEnvironment",
    "NodeMap",
    "NodeOrder",
    "NodePage",
    "NodeTile",
    "NodeTrouble",
    "NodeWithSlots",
    "OAuthError",
    "OptionalMeasures",
    "Origin",
    "OutputText",
    "OwnedToken",
    "OwnMatterView",
    "PackedFactView",
    "Pagination",
    "Partition",
    "PersonInfo",
    "PlanMode",
    "PluginPage",
    "PluginView",
    "PolicyChange",
    "PolicyCheck",
    "PolicyDryRun",
    "PolicyHealth",
    "PolicyProblem",
    "PolicyText",
    "PolicyTrial",
    "PolicyVersionDetails",
    "PolicyVersionRow",
    "PolicyVersions",
    "PolicyView",
    "Posted",
    "Priorities",
    "Problem",
    "ProposalView",
    "ProposalViewArguments",
    "ProviderRow",
    "Quota",
    "QuotaLimits",
    "RawData",
    "RawDataRecordsItem",
    "ReadableTerminal",
    "ReaderKind",
    "Reading",
    "ReadOutputStream",
    "ReadyData",
    "ReadyDataClusters",
    "RecallOutcome",
    "RecallPage",
    "RecallRow",
    "RecordedCall",
    "RecordedSession",
    "RecordedTerminal",
    "Registration",
    "Remember",
    "RememberKind",
    "Renaming",
    "Resources",
    "Restoring",
    "ResultPiece",
    "ResultPieceKind",
    "Review",
    "ReviewVerdict",
    "Revocation",
    "Role",
    "RootAxis",
    "RootBranch",
    "RootHistogram",
    "RootKey",
    "RootSummary",
    "RootTree",
    "RuleCheck",
    "RuleText",
    "RuleTrial",
    "Schedd",
    "ScheddState",
    "SchemaData",
    "SchemaDataClustersItem",
    "SchemaDataCollectorsItem",
    "SchemaDataCommonAliases",
    "Scope",
    "SearchMatch",
    "SeenScope",
    "SeenTimes",
    "SentOn",
    "SeriesData",
    "SeriesDataStats",
    "SeriesDataStatsAdditionalProperty",
    "SeriesDataTimerange",
    "SeriesRecord",
    "Session",
    "SessionBudget",
    "SessionChange",
    "SessionEvents",
    "SessionPage",
    "SessionUsage",
    "SetSwitch",
    "Share",
    "ShareRow",
    "Shown",
    "ShownOnce",
    "SignInLink",
    "SiteHealth",
    "SiteHealthStatus",
    "SkillData",
    "SlotRow",
    "Standing",
    "State",
    "StatisticView",
    "StepView",
    "StorageEntry",
    "StorageRenaming",
    "SubAgent",
    "SubAgentProfile",
    "SubAgentProfileWorker",
    "SubAgentState",
    "Submitted",
    "SubmittedDag",
    "SummaryData",
    "SummaryDataStats",
    "SummaryDataStatsAdditionalProperty",
    "Switched",
    "SwitchKind",
    "SwitchState",
    "Taken",
    "TaskChange",
    "TaskMember",
    "TaskMemories",
    "TaskMemoryRow",
    "TaskView",
    "TerminalPage",
    "Todo",
    "TodoState",
    "TokenPage",
    "TokenRequest",
    "TokenRow",
    "ToldFact",
    "ToolView",
    "ToolViewInputSchema",
    "Totals",
    "TotalsNodes",
    "TotalsSlots",
    "Traffic",
    "TrashedEntry",
    "TreatedOtherwise",
    "Treatment",
    "Triggered",
    "TriggerRequest",
    "TriggerRequestOpt",
    "TrustClass",
    "TurnView",
    "TurnViewEndedType0",
    "Usage",
    "UsageReport",
    "UsageReportBy",
    "UserChange",
    "UserPage",
    "UserPriority",
    "UserRow",
    "Verified",
    "VerifiedOutcomes",
    "VersionView",
    "Why",
    "Withdrawal",
    "WithMetaRawData",
    "WithMetaSeriesData",
    "WithMetaSummaryData",
    "Words",
    "WouldHave",
    "WouldHaveEvidence",
    "Written",
)
