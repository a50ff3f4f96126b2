"""The catalogue as a whole: names, scopes, schemas, and errors that help."""

from __future__ import annotations

import json
import re

import pytest
from jsonschema import Draft202012Validator
from pydantic import JsonValue

from ink_core.errors import BadInput, UnknownTool
from ink_core.identity.principal import USER_SCOPES, Scope
from manager.agent.context_budget import ContextBudget
from mcp_tools.catalogue import BUILT_IN, Catalogue, default_catalogue
from mcp_tools.schemas import input_schema, offered_schema, output_schema
from mcp_tools.spec import Risk, ToolSpec

every_tool = pytest.mark.parametrize("spec", BUILT_IN, ids=lambda spec: spec.name)


def test_an_unknown_tool_is_told_with_names_that_look_alike() -> None:
    with pytest.raises(UnknownTool, match="did you mean list_jobs"):
        default_catalogue().get("listjobs")
    with pytest.raises(UnknownTool, match="there are list_jobs, "):
        default_catalogue().get("zzz" * 1000)


def test_two_tools_of_one_name_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="list_jobs"):
        Catalogue([*BUILT_IN, BUILT_IN[0]])


@pytest.mark.requirement("GATE-WAY-07")
def test_a_credential_sees_the_tools_of_its_scopes() -> None:
    catalogue = default_catalogue()
    assert {spec.name for spec in catalogue.allowed({Scope.JOBS_READ})} == {
        "list_jobs", "describe_job", "explain_job", "cluster_status", "search_documentation",
        "list_skills", "read_skill", "read_result", "job_usage", "job_series", "job_files", "compare_jobs",
        "site_health", "list_incidents", "describe_incident",
    }  # fmt: skip
    assert [spec.name for spec in catalogue.allowed([])] == [
        "search_documentation", "list_skills", "read_skill", "read_result",
    ]  # fmt: skip
    assert {spec.name for spec in catalogue} - {spec.name for spec in catalogue.allowed(USER_SCOPES)} == {
        "review_knowledge",
        "close_incident",
        "list_foreign_servers",
        "accept_foreign_tools",
        "apply_policy",
        "set_switch",
    }


@every_tool
@pytest.mark.requirement("GATE-WAY-09")
def test_inputs_and_outputs_are_closed_models(spec: ToolSpec) -> None:
    for model in (spec.input, spec.output):
        assert (model.model_config.get("extra"), model.model_config.get("frozen")) == ("forbid", True)
    with pytest.raises(BadInput, match="unexpected_field: unknown field"):
        spec.parse({"unexpected_field": 1})


@every_tool
def test_schemas_are_valid_self_contained_and_without_noise(spec: ToolSpec) -> None:
    for schema in (input_schema(spec), output_schema(spec)):
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object" and schema["additionalProperties"] is False
        assert "$ref" not in json.dumps(schema)
    properties = input_schema(spec)["properties"]
    assert isinstance(properties, dict) and properties.keys() == spec.input.model_fields.keys()
    assert '"null"' not in json.dumps(properties)


@every_tool
def test_a_declaration_says_what_policy_recovery_and_people_need(spec: ToolSpec) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", spec.name)
    assert spec.title and spec.description.endswith(".") and len(spec.description) < 250
    assert 0 < spec.timeout_s <= 630 or spec.name == "delegate"  # which waits for a whole agent
    assert spec.risk is not Risk.READ or spec.idempotent
    if spec.risk is not Risk.READ and not spec.idempotent:
        assert spec.reconcile or spec.name in ("run_command", "open_terminal")


def test_all_definitions_together_leave_a_model_room_to_think() -> None:
    offered = default_catalogue().offered(USER_SCOPES)
    definitions = [{"name": s.name, "description": s.description, "parameters": offered_schema(s)} for s in offered]
    assert len(json.dumps(definitions)) / 4 < ContextBudget().total_tokens / 5


@pytest.mark.requirement("GATE-WAY-05")
@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("submit_job", {}, "submit_job: script: Field required"),
        ("submit_job", {"script": "a", "cpus": 0}, "cpus: Input should be greater than or equal to 1"),
        (
            "submit_job",
            {"script": "a", "memory": 1},
            "memory: unknown field; known fields are ",
        ),
        ("list_jobs", {"states": ["RUNNING", "SLEEPING"]}, "states.1: Input should be"),
        ("write_file", {"path": "a", "text": "b", "expected_sha256": "x"}, "expected_sha256: String should match"),
    ],
)
def test_wrong_arguments_are_named_field_by_field(tool: str, arguments: dict[str, JsonValue], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        default_catalogue().get(tool).parse(arguments)
    assert said in str(caught.value)


def test_an_error_about_arguments_does_not_repeat_them() -> None:
    with pytest.raises(BadInput) as caught:
        default_catalogue().get("run_command").parse({"argv": ["a"], "stdin": ["hunter2"], "cwd": 7})
    assert "hunter2" not in str(caught.value)
