"""What the guide says of itself: what it is, what it can be asked, and that it did not understand."""

from __future__ import annotations

from manager.agent.guide.plan import Say, Step
from manager.agent.guide.question import Question


def introduce(question: Question) -> Step | None:
    asked = question.has(
        r"^[\s`]*(?:help|hello|hi|hey|commands)[\s?!.]*$|\bwhat can you do\b|\bwho are you\b|\bwhat are you\b"
        r"|^[\s`]*(?:帮助|你好|您好)[\s?!.]*$|能做(?:些)?什么|会做什么|你是谁|怎么用"
    )
    return Say(introduction(question)) if asked else None


def introduction(question: Question) -> str:
    opening = question.language.say(
        "I am the **offline guide**: fixed rules, no language model. I understand common questions, in English and "
        "Chinese, and answer them with the same tools, approvals and records as a model would.",
        "我是**离线向导**：只有固定规则，没有语言模型。我能听懂常见的中英文问题，用与模型相同的工具、审批和记录来回答。",
    )
    return f"{opening}\n\n{_examples(question)}"


def not_understood(question: Question) -> Say:
    opening = question.language.say(
        "I did not understand that. I am the offline guide: fixed rules, no language model.",
        "我没有听懂。我是离线向导：只有固定规则，没有语言模型。",
    )
    return Say(f"{opening}\n\n{_examples(question)}")


def _examples(question: Question) -> str:
    return question.language.say(
        "You can ask, for instance:\n"
        "- `show my running jobs`, `jobs of bob`, `details of job 12.0`, `why is job 12.0 held?`\n"
        "- `submit hello.sh with 2 GB memory, 2 cpus, 10 times`\n"
        "- `remove job 12.0`, `hold all my jobs`, `release my held jobs`, `remove all jobs of bob`\n"
        "- `what is in my workspace?`, `show file hello.sh`, `download link for result.root`, `disk use`\n"
        "- `run ls -l`, `how is the cluster?`, `search documentation for quota`",
        "例如可以这样问：\n"
        "- `显示我正在运行的作业`、`bob 的作业`、`作业 12.0 的详情`、`作业 12.0 为什么被挂起？`\n"
        "- `提交 hello.sh 内存 2GB 2核 10次`\n"
        "- `删除作业 12.0`、`暂停我的所有作业`、`释放我挂起的作业`、`删除 bob 的所有作业`\n"
        "- `我的工作区里有什么？`、`查看文件 hello.sh`、`result.root 的下载链接`、`磁盘用量`\n"
        "- `运行 ls -l`、`集群状态`、`搜索文档 配额`",
    )
