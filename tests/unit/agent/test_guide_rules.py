"""Which question of a person becomes which tool call of the offline guide."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from manager.agent.guide.plan import Calls, Say
from manager.agent.guide.question import Question
from manager.agent.guide.rules import plan

Arguments = dict[str, JsonValue]
WHY: Arguments = {"reason": "asked by alice in the chat"}
FILES: Arguments = {"limit": 100}
JOBS: Arguments = {"limit": 50}
TEXT: Arguments = {"length": 6000}
EMPTY: Arguments = {}


def asked(text: str) -> Calls | Say:
    return plan(Question.of(text, user="alice", clusters=("dev", "slurm1")))


JOB_QUESTIONS: list[tuple[str, str, Arguments]] = [
    ("show me my jobs", "list_jobs", JOBS),
    ("Show me my running jobs, please.", "list_jobs", {**JOBS, "states": ["RUNNING"]}),
    ("which jobs are on hold?", "list_jobs", {**JOBS, "states": ["HOLDING"]}),
    ("list the idle jobs of bob", "list_jobs", {**JOBS, "states": ["QUEUEING"], "owner": "bob"}),
    ("bob's jobs", "list_jobs", {**JOBS, "owner": "bob"}),
    ("everybody's jobs on slurm1", "list_jobs", {**JOBS, "owner": "*", "cluster": "slurm1"}),
    ("显示我的作业", "list_jobs", JOBS),
    ("显示我正在运行的作业", "list_jobs", {**JOBS, "states": ["RUNNING"]}),
    ("我挂起的作业", "list_jobs", {**JOBS, "states": ["HOLDING"]}),
    ("用户bob的所有作业", "list_jobs", {**JOBS, "owner": "bob"}),
    ("tell me the details of job 172.0", "describe_job", {"job_id": "172.0"}),
    ("memory usage of job 67890_3", "describe_job", {"job_id": "67890_3"}),
    ("作业12.0的详情", "describe_job", {"job_id": "12.0"}),
    ("why is job 12.0 held?", "explain_job", {"job_id": "12.0"}),
    ("why is @job:12.0 held?", "explain_job", {"job_id": "12.0"}),
    ("submit @file:runs/hello", "submit_job", {"script": "runs/hello"}),
    ("作业 12.0 为什么被挂起\uff1f", "explain_job", {"job_id": "12.0"}),
    ("submit hello.sh", "submit_job", {"script": "hello.sh"}),
    (
        "submit hello.sh with 2 GB memory, 2 cpus, 10 times",
        "submit_job",
        {"script": "hello.sh", "memory_mb": 2048, "cpus": 2, "count": 10},
    ),
    (
        "please submit the script /home/alice/run.sh with 512MB on dev with arguments 1 'a b'",
        "submit_job",
        {"script": "/home/alice/run.sh", "memory_mb": 512, "cluster": "dev", "arguments": ["1", "a b"]},
    ),
    ("run hello.sh on the cluster 10 times", "submit_job", {"script": "hello.sh", "count": 10}),
    (
        "提交hello.sh脚本\uff0c内存2GB\uff0c2核\uff0c10次",
        "submit_job",
        {"script": "hello.sh", "memory_mb": 2048, "cpus": 2, "count": 10},
    ),
    ("remove job 12.0", "remove_jobs", {"job_ids": ["12.0"], **WHY}),
    (
        "cancel jobs 12.0 and 13.1 because they hang",
        "remove_jobs",
        {"job_ids": ["12.0", "13.1"], "reason": "they hang"},
    ),
    ("remove all jobs of bob", "remove_jobs", {"owner": "bob", **WHY}),
    ("hold all my jobs", "hold_jobs", {"owner": "alice", **WHY}),
    ("put job 12.0 on hold", "hold_jobs", {"job_ids": ["12.0"], **WHY}),
    ("release job 12.0", "release_jobs", {"job_ids": ["12.0"], **WHY}),
    ("取消作业12.0和13.0", "remove_jobs", {"job_ids": ["12.0", "13.0"], **WHY}),
    ("删除 bob 的所有作业", "remove_jobs", {"owner": "bob", **WHY}),
    ("暂停我的所有作业", "hold_jobs", {"owner": "alice", **WHY}),
    ("取消挂起作业 12.0", "release_jobs", {"job_ids": ["12.0"], **WHY}),
]

OTHER_QUESTIONS: list[tuple[str, str, Arguments]] = [
    ("what is in my workspace?", "list_files", {"path": ".", **FILES}),
    ("list data/2026", "list_files", {"path": "data/2026", **FILES}),
    ("list files in data/2026", "list_files", {"path": "data/2026", **FILES}),
    ("我的工作区里有什么\uff1f", "list_files", {"path": ".", **FILES}),
    ("show file hello.sh", "read_file", {"path": "hello.sh", **TEXT}),
    ("cat data/run_12.txt", "read_file", {"path": "data/run_12.txt", **TEXT}),
    ("查看文件 hello.sh", "read_file", {"path": "hello.sh", **TEXT}),
    ("run ls -l 'my data'", "run_command", {"argv": ["ls", "-l", "my data"]}),
    ("$ hostname", "run_command", {"argv": ["hostname"]}),
    ("运行 ls -l", "run_command", {"argv": ["ls", "-l"]}),
    ("disk use", "disk_use", {"path": "."}),
    ("how much disk space is left?", "disk_use", {"path": "."}),
    ("我的磁盘空间还剩多少", "disk_use", {"path": "."}),
    ("how is the cluster?", "cluster_status", EMPTY),
    ("is slurm1 healthy?", "cluster_status", {"cluster": "slurm1"}),
    ("集群状态", "cluster_status", EMPTY),
    ("how is the site?", "site_health", EMPTY),
    ("are there any incidents now?", "site_health", EMPTY),
    ("站点有什么故障", "site_health", EMPTY),
    ("search documentation for quota", "search_documentation", {"query": "quota"}),
    ("how do I submit a job?", "search_documentation", {"query": "how do I submit a job"}),
    ("怎么提交作业\uff1f", "search_documentation", {"query": "怎么提交作业"}),
    ("搜索文档 配额", "search_documentation", {"query": "配额"}),
    ("download link for result.root", "create_download_link", {"path": "result.root"}),
    ("下载 data/x.root", "create_download_link", {"path": "data/x.root"}),
    ("launch an agent on dev", "launch_agent", {"cluster": "dev"}),
    ("show my agents", "list_agents", EMPTY),
    ("Show me your skills", "list_skills", EMPTY),
    ("Show me IHEP/HEP Computing skill!", "list_skills", EMPTY),
    ("你有哪些技能", "list_skills", EMPTY),
    ("show skill cern-root", "read_skill", {"name": "cern-root"}),
    ("show my own skills", "own_skills", EMPTY),
    ("我的技能", "own_skills", EMPTY),
    ("show skill user:calibrate", "own_skills", {"name": "user:calibrate"}),
    ("查看技能 project:fit-mass", "own_skills", {"name": "project:fit-mass"}),
    ("read the hepjob skill", "read_skill", {"name": "hepjob"}),
    ("查看技能 dirac", "read_skill", {"name": "dirac"}),
]


@pytest.mark.requirement("AGENT-GUIDE-02")
@pytest.mark.requirement("AGENT-GUIDE-03")
@pytest.mark.requirement("AGENT-GUIDE-04")
@pytest.mark.requirement("AGENT-GUIDE-05")
@pytest.mark.parametrize(("text", "tool", "arguments"), JOB_QUESTIONS + OTHER_QUESTIONS)
def test_a_common_question_becomes_one_call(text: str, tool: str, arguments: Arguments) -> None:
    step = asked(text)
    assert isinstance(step, Calls)
    (call,) = step.calls
    assert (call.tool, dict(call.arguments)) == (tool, arguments)


def listed(*ids: str) -> list[JsonValue]:
    return [{"jobs": [{"job_id": job_id} for job_id in ids], "total": len(ids)}]


@pytest.mark.parametrize("text", ["release my held jobs", "释放我挂起的作业"])
def test_jobs_in_a_state_are_looked_up_before_they_are_acted_on(text: str) -> None:
    first = asked(text)
    assert isinstance(first, Calls)
    assert (first.calls[0].tool, first.calls[0].arguments["states"]) == ("list_jobs", ["HOLDING"])
    assert first.then is not None
    second = first.then(listed("1.0", "2.0"))
    assert isinstance(second, Calls)
    assert (second.calls[0].tool, second.calls[0].arguments["job_ids"]) == ("release_jobs", ["1.0", "2.0"])


def test_nothing_is_done_when_no_job_is_in_that_state() -> None:
    first = asked("release my held jobs")
    assert isinstance(first, Calls)
    assert first.then is not None
    assert first.then(listed()) is None


@pytest.mark.parametrize("text", ["remove my job", "删除我的作业"])
def test_my_job_in_the_singular_never_means_all_of_them(text: str) -> None:
    first = asked(text)
    assert isinstance(first, Calls)
    assert first.then is not None
    one, several = first.then(listed("1.0")), first.then(listed("1.0", "2.0"))
    assert isinstance(one, Calls)
    assert one.calls[0].arguments["job_ids"] == ["1.0"]
    assert isinstance(several, Say)


def test_a_list_that_may_be_incomplete_is_not_acted_on() -> None:
    first = asked("release my held jobs")
    assert isinstance(first, Calls)
    assert first.then is not None
    assert isinstance(first.then(listed(*(f"{number}.0" for number in range(50)))), Say)


def test_why_my_jobs_are_held_is_explained_for_each_when_they_are_few() -> None:
    first = asked("why are my jobs held?")
    assert isinstance(first, Calls)
    assert first.then is not None
    second = first.then(listed("1.0", "2.0"))
    assert isinstance(second, Calls)
    assert [call.arguments["job_id"] for call in second.calls] == ["1.0", "2.0"]


@pytest.mark.parametrize(
    "text",
    [
        "我挂起的作业",
        "被删除的作业有哪些",
        "which jobs can I remove?",
        "show me how many jobs are on hold",
        "my removed jobs",
    ],
)
def test_talk_about_jobs_is_no_order_to_change_them(text: str) -> None:
    step = asked(text)
    assert isinstance(step, Calls)
    assert {call.tool for call in step.calls} <= {"list_jobs", "search_documentation"}


@pytest.mark.parametrize(
    "text",
    [
        "remove jobs",
        "帮我删除作业",
        "submit",
        "run ls | wc -l",
        "run ls > out",
        "run 'ls",
        "download",
        "Please run a parameter scan with 10 jobs",
        "run a job on the cluster",
        "请运行一个参数扫描\uff0c10个作业",
    ],
)
def test_what_is_incomplete_or_not_possible_is_said(text: str) -> None:
    assert isinstance(asked(text), Say)


@pytest.mark.parametrize(
    "text", ["replace foo by bar in fit.py", "please edit @file:fit.py", "把 fit.py 里的 40 修改为 60"]
)
def test_an_edit_is_led_to_where_it_can_be_made(text: str) -> None:
    step = asked(text)

    assert isinstance(step, Say)
    assert "`fit.py`" in step.text


@pytest.mark.parametrize("text", ["run echo hi; rm -rf x", "run ls|wc", "$ make && ls", "运行 ls >out"])
def test_what_only_a_shell_would_read_is_not_run(text: str) -> None:
    step = asked(text)
    assert isinstance(step, Say)
    assert "shell" in step.text


def test_a_sign_of_the_shell_in_quotes_is_a_character() -> None:
    step = asked("run grep -c 'a;b|c' log.txt")
    assert isinstance(step, Calls)
    assert step.calls[0].arguments == {"argv": ["grep", "-c", "a;b|c", "log.txt"]}


@pytest.mark.requirement("AGENT-GUIDE-01")
@pytest.mark.requirement("AGENT-GUIDE-05")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("help", "no language model"),
        ("who are you?", "no language model"),
        ("你好", "没有语言模型"),
        ("帮助", "没有语言模型"),
    ],
)
def test_the_guide_says_what_it_is(text: str, words: str) -> None:
    step = asked(text)
    assert isinstance(step, Say)
    assert words in step.text


@pytest.mark.requirement("AGENT-GUIDE-06")
@pytest.mark.parametrize(("text", "words"), [("sing me a song", "did not understand"), ("今天天气不错", "没有听懂")])
def test_what_is_not_understood_is_said_with_examples(text: str, words: str) -> None:
    step = asked(text)
    assert isinstance(step, Say)
    assert words in step.text
    assert "hello.sh" in step.text
