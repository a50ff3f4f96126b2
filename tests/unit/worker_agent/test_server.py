"""JSON-RPC: a closed list of methods, typed faults, and no text of an exception on the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker_agent.operations import Operations
from worker_agent.packs import PackNotLoaded, load_packs
from worker_agent.permits import PermitCheck
from worker_agent.protocol import (
    JSONRPC_APPLICATION_ERROR,
    MAX_FRAME_BYTES,
    Call,
    FilesStat,
    OperationOutcome,
    OperationState,
    PackMethod,
    Ping,
    Pong,
)
from worker_agent.server import Server


async def stat(arguments: FilesStat, call: Call) -> OperationOutcome:
    if arguments.path == "broken":
        raise RuntimeError("the inner secret")
    return OperationOutcome(state=OperationState.DONE, result=arguments.path)


async def ping(arguments: Ping, call: Call) -> Pong:
    raise RuntimeError("the inner secret")


async def nothing_there(path: str) -> None:
    return None


def server() -> Server:
    operations = Operations()
    operations.epoch = 1
    methods = {
        "files.stat": PackMethod(FilesStat, OperationOutcome, stat),
        "worker.ping": PackMethod(Ping, Pong, ping),
    }
    return Server(methods, operations, PermitCheck("w-0123456789ab", None, nothing_there))


def request(method: str, arguments: object, number: int = 1) -> dict[str, Any]:
    call = {"operation_id": f"operation-{number}", "epoch": 1, "deadline_s": 5}
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": {"call": call, "arguments": arguments}}


async def fault_of(frame: object) -> dict[str, Any]:
    answer = json.loads(await server().answer(json.dumps(frame)))
    assert answer["error"]["code"] == JSONRPC_APPLICATION_ERROR
    return answer["error"]["data"]


async def test_a_good_request_is_answered_with_its_result() -> None:
    answer = json.loads(await server().answer(json.dumps(request("files.stat", {"path": "a"}))))
    assert (answer["id"], answer["result"]["result"]) == (1, "a")


@pytest.mark.requirement("WORKER-RPC-01")
async def test_an_unknown_method_is_a_typed_fault() -> None:
    assert (await fault_of(request("files.steal", {})))["code"] == "unknown_method"


@pytest.mark.requirement("WORKER-RPC-01")
@pytest.mark.parametrize("arguments", [{}, {"path": 7}, {"path": "a", "colour": "blue"}, [], "a", None])
async def test_arguments_that_do_not_fit_are_a_typed_fault(arguments: object) -> None:
    assert (await fault_of(request("files.stat", arguments)))["code"] == "bad_arguments"


@pytest.mark.parametrize("params", [[], [1, 2], {}, {"call": {}}, None])
async def test_params_that_are_no_call_are_a_typed_fault(params: object) -> None:
    frame = {**request("files.stat", {}), "params": params}
    assert (await fault_of(frame))["code"] == "bad_arguments"


async def test_wrong_arguments_are_named_but_not_repeated() -> None:
    fault = await fault_of(request("files.stat", {"path": "a", "token": "hidden-value"}))
    assert "token" in fault["message"]
    assert "hidden-value" not in json.dumps(fault)


@pytest.mark.requirement("WORKER-RPC-01")
@pytest.mark.parametrize(("method", "arguments"), [("files.stat", {"path": "broken"}), ("worker.ping", {})])
async def test_the_text_of_an_exception_does_not_leave_the_agent(method: str, arguments: object) -> None:
    fault = await fault_of(request(method, arguments))
    assert fault["code"] == "internal_error"
    assert "inner secret" not in json.dumps(fault)


@pytest.mark.parametrize("letter", ["x", "粒"])
async def test_an_answer_that_fits_no_frame_is_a_typed_fault(letter: str) -> None:
    large = letter * (MAX_FRAME_BYTES // len(letter.encode()))
    assert (await fault_of(request("files.stat", {"path": large})))["code"] == "answer_too_large"


async def test_a_batch_is_answered_in_one_frame() -> None:
    frames = [request("files.stat", {"path": str(number)}, number) for number in (1, 2)]
    answers = json.loads(await server().answer(json.dumps(frames)))
    assert [answer["result"]["result"] for answer in answers] == ["1", "2"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(json_values | st.fixed_dictionaries({"jsonrpc": st.just("2.0"), "method": st.text(), "params": json_values}))
async def test_any_json_gets_an_answer_or_none_but_never_an_exception(frame: object) -> None:
    answer = await server().answer(json.dumps(frame))
    assert answer == "" or json.loads(answer)


def pack(options: Mapping[str, Any]) -> Mapping[str, PackMethod]:
    return {options["name"]: PackMethod(FilesStat, OperationOutcome, stat)}


HERE = f"{__name__}:pack"


def test_a_pack_adds_its_methods_with_its_options() -> None:
    assert set(load_packs([HERE], {"name": "scheduler.submit"}, {})) == {"scheduler.submit"}


@pytest.mark.parametrize("name", ["files.stat", "Scheduler.submit", "submit", "scheduler.", "a b.c"])
def test_a_pack_cannot_replace_a_method_or_name_one_badly(name: str) -> None:
    taken = {"files.stat": PackMethod(FilesStat, OperationOutcome, stat)}
    with pytest.raises(PackNotLoaded, match="may not add"):
        load_packs([HERE], {"name": name}, taken)


@pytest.mark.parametrize("name", ["nowhere:pack", f"{__name__}:nothing", __name__, f"{__name__}:HERE"])
def test_a_pack_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(PackNotLoaded, match=name):
        load_packs([name], {}, {})
