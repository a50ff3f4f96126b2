"""The words by which people ask, and what answers them. Data."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge_graph.facts import NodeKind, Relation


@dataclass(frozen=True)
class Aspect:
    """`english` are whole words, `chinese` parts of the text; of attributes, the parts of their names that matter.

    `values` are what a state is called; `trouble`: who asks so wants to hear what is wrong.
    """

    english: frozenset[str]
    chinese: tuple[str, ...]
    attributes: frozenset[str]
    relations: frozenset[Relation]
    kinds: frozenset[NodeKind]
    values: frozenset[str]
    trouble: bool


def _aspect(
    english: str,
    chinese: str,
    attributes: str = "",
    relations: tuple[Relation, ...] = (),
    kinds: tuple[NodeKind, ...] = (),
    values: str = "",
    trouble: bool = False,
) -> Aspect:
    return Aspect(
        frozenset(english.split()),
        tuple(chinese.split()),
        frozenset(attributes.split()),
        frozenset(relations),
        frozenset(kinds),
        frozenset(values.split()),
        trouble,
    )


ASPECTS = (
    _aspect(
        "state status doing done finished completed progress happened going end ended",
        "状态 完成 结束 进展 情况 跑完",
        "state exit_code",
    ),
    _aspect("running runs", "运行中 在运行 正在运行 在跑", "state", values="running"),
    _aspect(
        "held hold holding stuck",
        "挂起 hold 卡住",
        "state reason",
        (Relation.CAUSED_BY,),
        values="held holding",
        trouble=True,
    ),
    _aspect(
        "waiting pending idle queued queueing waits start starts",
        "排队 等待 不运行 没有运行 不能运行 没开始",
        "state reason state_reason",
        (Relation.SUBMITTED_TO,),
        values="idle queueing pending",
        trouble=True,
    ),
    _aspect(
        "failed fail fails failure crashed crash error died",
        "失败 崩溃 报错 错误 退出",
        "state reason exit_code problem",
        (Relation.RUNS_ON, Relation.CAUSED_BY),
        values="failed out_of_memory timeout",
        trouble=True,
    ),
    _aspect(
        "down drained offline closed",
        "宕机 下线 关闭",
        "state reason state_reason problem",
        values="down drained offline",
        trouble=True,
    ),
    _aspect(
        "why reason cause caused because explain fault",
        "为什么 为何 原因 怎么回事",
        "reason state_reason problem reason_code exit_code hint cause verdict",
        (Relation.CAUSED_BY, Relation.EVIDENCE_FOR),
        (NodeKind.ERROR, NodeKind.ALERT),
        trouble=True,
    ),
    _aspect(
        "slow slowly slower performance efficiency hang hangs hanging latency bottleneck stalled stall forever waits",
        "慢 性能 效率 延迟 瓶颈 卡顿",
        "cpu_efficiency io_wait latency load verdict throughput",
        (Relation.RUNS_ON, Relation.READS, Relation.CONNECTED_TO),
        (NodeKind.ALERT, NodeKind.FILE_SYSTEM, NodeKind.LINK),
        trouble=True,
    ),
    _aspect(
        "incident outage broken wrong problem problems failing root affected affects trouble issue issues"
        " unhealthy health alert alerts alarm fails",
        "事件 事故 故障 问题 异常 根因 影响 坏 健康 告警 报警",
        "reason state_reason problem severity cause summary verdict text title",
        (Relation.CAUSED_BY, Relation.AFFECTS, Relation.EVIDENCE_FOR, Relation.RUNS_ON, Relation.CONNECTED_TO),
        (NodeKind.INCIDENT, NodeKind.ALERT, NodeKind.LINK),
        trouble=True,
    ),
    _aspect(
        "node host machine worker slot",
        "节点 机器 主机 哪台 槽位",
        "host node",
        (Relation.RUNS_ON, Relation.PART_OF),
        (NodeKind.NODE,),
    ),
    _aspect("server servers serve serves served", "服务器 服务", "", (Relation.RUNS_ON,), (NodeKind.NODE,)),
    _aspect(
        "where data dataset datasets sample samples stored storage located",
        "数据 样本 存储 存放 哪里 在哪 位置",
        "path text",
        (Relation.MAPS_TO, Relation.READS, Relation.WRITES),
        (NodeKind.FILE_SYSTEM, NodeKind.PASSAGE),
    ),
    _aspect("mounted mount mounts", "挂载", "mount", (Relation.MOUNTS,)),
    _aspect("read reads input inputs", "读 输入", "", (Relation.READS,), (NodeKind.FILE_SYSTEM,)),
    _aspect("write writes written", "写", "", (Relation.WRITES,), (NodeKind.FILE_SYSTEM,)),
    _aspect(
        "printed print output stdout stderr log logs",
        "输出 日志 打印",
        "stdout stderr",
    ),
    _aspect("directory folder path", "目录 路径 文件夹", "working_directory path"),
    _aspect(
        "disk filesystem",
        "磁盘 文件系统",
        "",
        (Relation.READS, Relation.WRITES, Relation.MAPS_TO),
        (NodeKind.FILE_SYSTEM,),
    ),
    _aspect(
        "space full quota capacity free used usage room exceeded large big left",
        "空间 配额 容量 已用 剩余 满 多大",
        "used capacity free quota home_quota home_used",
    ),
    _aspect(
        "credential credentials kerberos ticket token expired expires renew",
        "票据 凭证 过期 续期",
        "credential_expires",
        (Relation.OWNED_BY,),
    ),
    _aspect("owner owns whose who submitted belongs belong", "谁 所有者 属于 归", "owner", (Relation.OWNED_BY,)),
    _aspect("manager manages responsible leads head contact", "负责 管理 组长 联系", "manager contact mail"),
    _aspect(
        "may allowed permitted permission permissions rights access entitled authorized authorised approve approval"
        " approvals forbidden",
        "权限 允许 能否 能不能 有权 可以 批准 审批 禁止 授权 能",
        "effect decision allowed_groups text is_admin scopes",
        (Relation.MEMBER_OF, Relation.APPLIES_TO, Relation.OWNED_BY),
        (NodeKind.RULE,),
    ),
    _aspect(
        "policy policies rule rules regulation guideline",
        "政策 策略 规则 规定 制度",
        "text effect",
        (Relation.APPLIES_TO,),
        (NodeKind.RULE, NodeKind.PASSAGE),
    ),
    _aspect("risk risky dangerous", "风险 危险", "risk effect", kinds=(NodeKind.TOOL,)),
    _aspect(
        "group groups experiment experiments member members accounting charged account share project",
        "组 实验 成员 记账 账户 项目",
        "share allowed_groups",
        (Relation.MEMBER_OF, Relation.CHARGED_TO),
        (NodeKind.GROUP, NodeKind.EXPERIMENT),
    ),
    _aspect(
        "queue queues partition partitions schedd submit submitted submission",
        "队列 分区 提交",
        "allowed_groups",
        (Relation.SUBMITTED_TO, Relation.MAPS_TO),
        (NodeKind.PARTITION, NodeKind.SCHEDD),
    ),
    _aspect("memory ram mb gb oom", "内存", "memory memory_peak"),
    _aspect("cpu cpus cores core", "核 处理器", "cpus cpu_used cpu_efficiency"),
    _aspect("gpu gpus card cards", "显卡 加速卡", "gpus gpu"),
    _aspect(
        "hours minutes days wall limit longest maximum long duration",
        "小时 分钟 最长 多长 时长 时限 上限 多久",
        "wall_time max_wall_time",
    ),
    _aspect(
        "when since started began begin",
        "何时 什么时候 开始",
        "submitted started ended since opened",
    ),
    _aspect(
        "how guide documentation document docs instructions tutorial steps",
        "如何 怎么 怎样 文档 教程 步骤 指南 说明",
        "text",
        (),
        (NodeKind.PASSAGE, NodeKind.SKILL, NodeKind.RUNBOOK),
    ),
    _aspect(
        "before again previously similar last history helped solution solve past earlier",
        "以前 上次 之前 类似 解决 历史 又",
        "cause resolution outcome helped text",
        (Relation.AFFECTS, Relation.ABOUT),
        (NodeKind.INCIDENT, NodeKind.RUNBOOK, NodeKind.FINDING, NodeKind.DECISION),
    ),
    _aspect(
        "mistake mistakes correction corrections corrected lesson again avoid",
        "更正 纠正 教训 错误 避免",
        "text",
        (Relation.CORRECTS, Relation.ABOUT),
        (NodeKind.CORRECTION,),
    ),
    _aspect(
        "do fix remedy should advice",
        "怎么办 该做 处理 建议",
        "text helped hint",
        kinds=(NodeKind.ERROR, NodeKind.RUNBOOK),
    ),
    _aspect("job jobs task tasks", "作业 任务", "", kinds=(NodeKind.JOB,)),
    _aspect("tool tools", "工具", "description risk", kinds=(NodeKind.TOOL,)),
    _aspect("skill skills", "技能", "description", kinds=(NodeKind.SKILL,)),
    _aspect(
        "link network switch bandwidth connected transfer transfers packets",
        "链路 网络 带宽 交换机 传输",
        "bandwidth loss",
        (Relation.CONNECTED_TO,),
        (NodeKind.LINK,),
    ),
)
"""What a question can be about. Its words may be in several rows."""
