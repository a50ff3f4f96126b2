"""Fixture tools that ask the client something."""

from __future__ import annotations

import json
from typing import Any

from mcp import types
from pydantic import Field

from bench.conformance.fixtures import Content, Nothing, fixture, text
from mcp_tools.conversation import Questions, conversation
from mcp_tools.spec import ToolValue

DEFAULTS: dict[str, Any] = {
    "name": {"type": "string", "default": "John Doe"},
    "age": {"type": "integer", "default": 30},
    "score": {"type": "number", "default": 95.5},
    "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
    "verified": {"type": "boolean", "default": True},
}
ENUMS: dict[str, Any] = {
    "untitledSingle": {"type": "string", "enum": ["option1", "option2", "option3"]},
    "titledSingle": {
        "type": "string",
        "oneOf": [
            {"const": "value1", "title": "First Option"},
            {"const": "value2", "title": "Second Option"},
            {"const": "value3", "title": "Third Option"},
        ],
    },
    "legacyEnum": {
        "type": "string",
        "enum": ["opt1", "opt2", "opt3"],
        "enumNames": ["Option One", "Option Two", "Option Three"],
    },
    "untitledMulti": {"type": "array", "items": {"type": "string", "enum": ["option1", "option2", "option3"]}},
    "titledMulti": {
        "type": "array",
        "items": {
            "anyOf": [
                {"const": "value1", "title": "First Choice"},
                {"const": "value2", "title": "Second Choice"},
                {"const": "value3", "title": "Third Choice"},
            ]
        },
    },
}


class Message(ToolValue):
    message: str = Field(max_length=1000)


class Prompt(ToolValue):
    prompt: str = Field(max_length=1000)


def form(message: str, properties: dict[str, Any], required: tuple[str, ...] = ()) -> types.ElicitRequest:
    schema = {"type": "object", "properties": properties, "required": [*required]}
    return types.ElicitRequest(params=types.ElicitRequestFormParams(message=message, requested_schema=schema))


def one(message: str, key: str, kind: str = "string") -> types.ElicitRequest:
    return form(message, {key: {"type": kind}}, (key,))


def sampling(prompt: str, tokens: int = 100) -> types.CreateMessageRequest:
    said = types.SamplingMessage(role="user", content=types.TextContent(text=prompt))
    return types.CreateMessageRequest(params=types.CreateMessageRequestParams(messages=[said], max_tokens=tokens))


def written(answer: types.InputResponse) -> str:
    if isinstance(answer, types.ElicitResult):
        return f"action={answer.action}, content={json.dumps(answer.content)}"
    if isinstance(answer, types.ListRootsResult):
        return ", ".join(str(root.uri) for root in answer.roots)
    return getattr(answer.content, "text", "")


async def asked(questions: Questions) -> str:
    answers = await conversation().ask(questions)
    return "; ".join(f"{key}: {written(answer)}" for key, answer in answers.items())


async def elicitation(given: Message) -> Content:
    person = {
        "username": {"type": "string", "description": "User's response"},
        "email": {"type": "string", "description": "User's email address"},
    }
    return text(f"User response: {await asked({'user': form(given.message, person, ('username', 'email'))})}")


async def defaults(_: Nothing) -> Content:
    return text(f"Elicitation completed: {await asked({'user': form('Check the values', DEFAULTS)})}")


async def enums(_: Nothing) -> Content:
    return text(f"Elicitation completed: {await asked({'user': form('Choose', ENUMS)})}")


async def sampled(given: Prompt) -> Content:
    return text(f"LLM response: {await asked({'model': sampling(given.prompt)})}")


async def name(_: Nothing) -> Content:
    answers = await conversation().ask({"user_name": one("What is your name?", "name")})
    return text(f"Hello, {written(answers['user_name'])}!")


async def capital(_: Nothing) -> Content:
    return text(await asked({"capital_question": sampling("What is the capital of France?")}))


async def roots(_: Nothing) -> Content:
    return text(await asked({"client_roots": types.ListRootsRequest()}))


async def confirmed(_: Nothing) -> Content:
    return text(f"state-ok: {await asked({'confirm': one('Please confirm', 'ok', 'boolean')})}")


async def several(_: Nothing) -> Content:
    questions: dict[str, types.InputRequest] = {
        "user_name": one("What is your name?", "name"),
        "greeting": sampling("Generate a greeting", 50),
        "client_roots": types.ListRootsRequest(),
    }
    return text(await asked(questions))


async def rounds(_: Nothing) -> Content:
    first = await asked({"step1": one("Step 1: What is your name?", "name")})
    second = await asked({"step2": one("Step 2: What is your favorite color?", "color")})
    return text(f"{first}; {second}")


async def by_capability(_: Nothing) -> Content:
    client = conversation().client
    questions: dict[str, types.InputRequest] = {}
    if client.elicitation is not None:
        questions["user_name"] = one("What is your name?", "name")
    if client.sampling is not None:
        questions["greeting"] = sampling("Generate a greeting", 50)
    return text(await asked(questions))


async def needs_sampling(_: Nothing) -> Content:
    conversation().require(types.ClientCapabilities(sampling=types.SamplingCapability()))
    return text("the client can sample")


STATE = "test_input_required_result"
ASKING = (
    fixture("test_elicitation", "Asks the user.", elicitation, Message),
    fixture("test_streaming_elicitation", "Asks for a confirmation.", confirmed),
    fixture("test_elicitation_sep1034_defaults", "Asks with defaults.", defaults),
    fixture("test_elicitation_sep1330_enums", "Asks with choices.", enums),
    fixture("test_sampling", "Asks the client's model.", sampled, Prompt),
    fixture("test_missing_capability", "Needs a client that can sample.", needs_sampling),
    fixture(f"{STATE}_elicitation", "Asks for a name.", name),
    fixture(f"{STATE}_sampling", "Asks the client's model.", capital),
    fixture(f"{STATE}_list_roots", "Asks for the client's roots.", roots),
    fixture(f"{STATE}_request_state", "Asks for a confirmation.", confirmed),
    fixture(f"{STATE}_multiple_inputs", "Asks three things.", several),
    fixture(f"{STATE}_multi_round", "Asks twice.", rounds),
    fixture(f"{STATE}_tampered_state", "Asks for a confirmation.", confirmed),
    fixture(f"{STATE}_capabilities", "Asks what the client can answer.", by_capability),
)
