"""From a tool's result, or its error, to words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import JsonValue

from manager.agent.guide import job_answers, place_answers
from manager.agent.guide.markdown import code, plain
from manager.agent.guide.plan import Arguments
from manager.agent.guide.question import Language

Renderer = Callable[[job_answers.Result, Arguments, Language], str]

_RENDERERS: Mapping[str, Renderer] = {
    "list_jobs": job_answers.job_list,
    "describe_job": job_answers.job_details,
    "explain_job": job_answers.job_explanation,
    "submit_job": job_answers.submitted,
    "remove_jobs": job_answers.acted("Removed", "已删除"),
    "hold_jobs": job_answers.acted("Held", "已挂起"),
    "release_jobs": job_answers.acted("Released", "已释放"),
    "list_files": place_answers.file_list,
    "read_file": place_answers.file_text,
    "disk_use": place_answers.disk,
    "list_agents": place_answers.agent_list,
    "launch_agent": place_answers.agent,
    "stop_agent": place_answers.agent,
    "run_command": place_answers.command_output,
    "cluster_status": place_answers.cluster,
    "search_documentation": place_answers.passages,
    "create_download_link": place_answers.link,
}

_ADVICE: Mapping[str, tuple[str, str]] = {
    "approval_withdrawn": ("The request was taken back; nothing was done.", "请求已撤回，什么也没有做。"),
    "approval_expired": (
        "Nobody decided in time; ask again if you still want it.",
        "没有人及时审批；如仍需要，请再提一次。",
    ),
    "job_not_found": ("Say `show my jobs` to see the ids.", "说`显示我的作业`可以看到作业号。"),
    "job_not_yet_visible": ("Ask again in some seconds.", "请几秒钟后再问。"),
    "not_your_job": (
        "Only its owner, or an administrator by approval, can do that.",
        "只有作业的主人，或经审批的管理员，才能这样做。",
    ),
    "agent_not_connected": (
        "Start a worker with the **AI Agent** button, then ask again.",
        "请用 **AI Agent** 按钮启动一个工作代理，然后再问。",
    ),
    "scheduler_down": (
        "The scheduler does not answer; nothing is lost. Try again in a minute.",
        "调度器没有响应；没有丢失任何东西。请一分钟后再试。",
    ),
    "indeterminate": ("Look whether it happened before you repeat it.", "重做之前，请先查看它是否已经发生。"),
}


def render_result(tool: str, arguments: Arguments, result: JsonValue, language: Language) -> str:
    """Markdown for the result of a call that was done."""
    renderer = _RENDERERS.get(tool)
    if renderer is None or not isinstance(result, dict) or "cut" in result:
        return place_answers.anything(result)
    return renderer(result, arguments, language)


def render_error(tool: str, error: Mapping[str, JsonValue], language: Language) -> str:
    """What happened, why, and what can be done, for a call that was not done."""
    error_code = str(error.get("code", ""))
    if "rejected_by" in error and error_code != "approval_withdrawn":
        return _rejected(tool, error, language)
    said = language.say(f"{code(tool)} did not work", f"{code(tool)} 没有成功")
    parts = [f"{said}: {plain(str(error.get('message', '')).rstrip('.'))} ({code(error_code)})."]
    if error_code in _ADVICE:
        parts.append(language.say(*_ADVICE[error_code]))
    elif error.get("retryable") is True:
        parts.append(language.say("The same request may work later.", "同样的请求稍后可能会成功。"))
    return "\n\n".join(parts)


def _rejected(tool: str, error: Mapping[str, JsonValue], language: Language) -> str:
    by, reason = code(error.get("rejected_by")), plain(error.get("reason") or "–")
    return language.say(
        f"{by} rejected {code(tool)}, so it was **not** run. Reason given: {reason}",
        f"{by} 拒绝了 {code(tool)}，因此**没有**执行。给出的理由：{reason}",
    )
