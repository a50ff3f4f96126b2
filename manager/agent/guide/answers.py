"""From a tool's result, or its error, to words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import JsonValue

from manager.agent.guide import job_answers, passages, place_answers, site, skill_answers, usage_answers
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
    "edit_jobs": job_answers.acted("Changed", "已修改"),
    "job_usage": usage_answers.usage,
    "search_files": place_answers.matches,
    "make_directory": place_answers.made,
    "list_files": place_answers.file_list,
    "read_file": place_answers.file_text,
    "disk_use": place_answers.disk,
    "list_agents": place_answers.agent_list,
    "launch_agent": place_answers.agent,
    "stop_agent": place_answers.agent,
    "run_command": place_answers.command_output,
    "cluster_status": place_answers.cluster,
    "site_health": site.answer,
    "search_documentation": passages.told,
    "create_download_link": place_answers.link,
    "list_skills": skill_answers.skills,
    "own_skills": skill_answers.own_skills,
    "read_skill": skill_answers.skill,
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
    "skill_not_accepted": (
        "Say `my skills` to see which there are.",
        "说`我的技能`可以看到有哪些。",
    ),
    "indeterminate": ("Look whether it happened before you repeat it.", "重做之前，请先查看它是否已经发生。"),
}


_ERRORS_IN_CHINESE: Mapping[str, str] = {
    "agent_lost": "执行中与代理的连接中断",
    "agent_not_connected": "没有连接的代理",
    "approval_expired": "审批超时",
    "approval_withdrawn": "请求已撤回",
    "bad_input": "参数有误",
    "conflict": "状态冲突",
    "deadline_exceeded": "超时",
    "denied_by_policy": "策略不允许",
    "forbidden": "没有权限",
    "indeterminate": "结果未知",
    "internal_error": "内部错误",
    "job_not_found": "没有这个作业",
    "job_not_yet_visible": "作业刚刚提交，尚不可见",
    "ledger_unavailable": "审计记录暂时无法写入，因此没有执行",
    "not_a_directory": "不是目录",
    "not_found": "没有找到",
    "not_your_job": "这不是您的作业",
    "not_your_worker": "这不是您的工作代理",
    "path_outside_workspace": "路径在工作目录之外",
    "permission_denied": "没有访问权限",
    "rate_limited": "请求过于频繁",
    "result_expired": "完整结果已不再保留",
    "scheduler_down": "调度器没有响应",
    "scheduler_refused": "调度器拒绝",
    "scope_missing": "登录缺少所需的权限",
    "skill_asks_too_much": "技能要求的权限过多",
    "skill_not_accepted": "您尚未接受这个技能",
    "spawn_refused": "无法启动您的代理",
    "throttled": "请求过于频繁",
    "too_many_open_calls": "未结束的调用太多",
    "too_many_refusals": "被拒绝的调用太多",
    "unavailable": "暂时不可用",
    "worker_not_found": "没有这个工作代理",
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
    message = plain(str(error.get("message", "")).rstrip("."))
    english = f"{code(tool)} did not work: {message} ({code(error_code)})."
    parts = [language.say(english, _failed_in_chinese(tool, error_code, message))]
    if error_code in _ADVICE:
        parts.append(language.say(*_ADVICE[error_code]))
    elif error.get("retryable") is True:
        parts.append(language.say("The same request may work later.", "同样的请求稍后可能会成功。"))
    return "\n\n".join(parts)


def _failed_in_chinese(tool: str, error_code: str, message: str) -> str:
    """What the code means, and the message as it was written, since it names ids, paths and limits."""
    known = _ERRORS_IN_CHINESE.get(error_code)
    head = f"{code(tool)} 没有成功：{known or '出现错误'} ({code(error_code)})。"
    return f"{head}\n\n原文：{message}" if message else head


def _rejected(tool: str, error: Mapping[str, JsonValue], language: Language) -> str:
    by, reason = code(error.get("rejected_by")), plain(error.get("reason") or "–")
    return language.say(
        f"{by} rejected {code(tool)}, so it was **not** run. Reason given: {reason}",
        f"{by} 拒绝了 {code(tool)}，因此**没有**执行。给出的理由：{reason}",
    )
