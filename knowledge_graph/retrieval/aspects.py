"""The words by which people ask, and what answers them. Data."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge_graph.facts import NodeKind, Relation


@dataclass(frozen=True)
class Aspect:
    """`english` are whole words, `chinese` parts of the text."""

    english: frozenset[str]
    chinese: tuple[str, ...]
    attributes: frozenset[str] = frozenset()
    relations: frozenset[Relation] = frozenset()
    kinds: frozenset[NodeKind] = frozenset()
    health: bool = False


def _aspect(
    english: str,
    chinese: str,
    attributes: str = "",
    relations: tuple[Relation, ...] = (),
    kinds: tuple[NodeKind, ...] = (),
    health: bool = False,
) -> Aspect:
    return Aspect(
        frozenset(english.split()),
        tuple(chinese.split()),
        frozenset(attributes.split()),
        frozenset(relations),
        frozenset(kinds),
        health,
    )


ASPECTS = (
    _aspect(
        "state status doing running idle held done finished completed pending queued progress happened going",
        "状态 运行 排队 等待 完成 结束 进展 情况 挂起",
        "state exit_code",
    ),
    _aspect(
        "why reason cause caused because hold held stuck waiting pending idle failed fail fails error explain",
        "为什么 为何 原因 挂起 卡住 失败 报错 错误 不运行 没有运行 不能运行",
        "state reason reason_code exit_code hint cause",
        (Relation.CAUSED_BY, Relation.EVIDENCE_FOR, Relation.ABOUT),
        (NodeKind.ERROR, NodeKind.ALERT),
    ),
    _aspect(
        "slow slowly slower performance efficiency hang hangs hanging latency bottleneck stalled",
        "慢 性能 效率 延迟 瓶颈 卡顿",
        "state cpu_efficiency io_wait latency_ms load verdict throughput severity",
        (Relation.RUNS_ON, Relation.READS, Relation.WRITES, Relation.ABOUT, Relation.MOUNTS, Relation.CAUSED_BY),
        (NodeKind.ALERT, NodeKind.FILE_SYSTEM),
        health=True,
    ),
    _aspect(
        "node host machine worker slot runs",
        "节点 机器 主机 哪台 槽位",
        "host node",
        (Relation.RUNS_ON, Relation.PART_OF),
        (NodeKind.NODE,),
    ),
    _aspect(
        "where data dataset datasets file files path stored storage disk directory mounted mount reads read input"
        " inputs output outputs writes",
        "数据 文件 存储 目录 路径 哪里 在哪 挂载 磁盘 读取 输入 输出",
        "path mount mount_point working_directory storage type",
        (Relation.READS, Relation.WRITES, Relation.MOUNTS, Relation.PART_OF),
        (NodeKind.FILE_SYSTEM,),
    ),
    _aspect(
        "space full quota capacity free used usage",
        "空间 配额 容量 已用 剩余 满",
        "used_fraction used_tb capacity_tb free_tb quota used state",
        (),
        (NodeKind.FILE_SYSTEM,),
    ),
    _aspect(
        "owner owns whose who user submitted belongs",
        "谁 用户 所有者 属于 提交",
        "owner",
        (Relation.OWNED_BY,),
        (NodeKind.USER,),
    ),
    _aspect(
        "may allowed permitted permission permissions can rights access entitled authorized authorised approve approval"
        " forbidden",
        "权限 允许 可以 能否 能不能 有权 是否可以 批准 审批 禁止 授权",
        "effect decision role text rule is_admin scopes risk",
        (Relation.MEMBER_OF, Relation.APPLIES_TO, Relation.MAPS_TO),
        (NodeKind.RULE, NodeKind.GROUP),
    ),
    _aspect(
        "policy policies rule rules limit limits maximum allowed regulation quota priority",
        "政策 策略 规则 规定 限制 上限 最大 优先级",
        "text title effect limit max_wall_time_s wall_time_s",
        (Relation.APPLIES_TO,),
        (NodeKind.RULE, NodeKind.PASSAGE),
    ),
    _aspect(
        "group groups experiment experiments accounting charged share project member members",
        "组 实验 记账 成员 项目",
        "group share",
        (Relation.MEMBER_OF, Relation.CHARGED_TO, Relation.MAPS_TO, Relation.PART_OF),
        (NodeKind.GROUP, NodeKind.EXPERIMENT),
    ),
    _aspect(
        "queue partition schedd submit submission",
        "队列 分区 调度",
        "queue",
        (Relation.SUBMITTED_TO, Relation.MAPS_TO, Relation.PART_OF),
        (NodeKind.PARTITION, NodeKind.SCHEDD),
    ),
    _aspect(
        "incident outage broken wrong problem problems down failing root cause affected affects trouble issue issues"
        " unhealthy health alert alerts alarm",
        "事件 事故 故障 问题 异常 根因 影响 坏 宕机 健康 告警 报警",
        "state reason severity cause summary verdict",
        (Relation.CAUSED_BY, Relation.AFFECTS, Relation.EVIDENCE_FOR, Relation.ABOUT, Relation.CONNECTED_TO),
        (NodeKind.INCIDENT, NodeKind.ALERT, NodeKind.LINK),
        health=True,
    ),
    _aspect(
        "memory ram mb gb oom",
        "内存",
        "memory_mb memory_peak_mb",
    ),
    _aspect("cpu cpus cores core", "核 处理器", "cpus cpu_used_s cpu_efficiency"),
    _aspect("gpu gpus card cards", "显卡 加速卡", "gpus gpu"),
    _aspect(
        "when time long since started submitted ended began start begin wall duration hours minutes",
        "时间 多久 何时 什么时候 开始 多长",
        "submitted_at started_at ended_at wall_time_s since opened_at",
    ),
    _aspect(
        "how submit guide documentation document docs instructions tutorial steps command",
        "如何 怎么 怎样 文档 教程 步骤 指南 说明",
        "text title",
        (),
        (NodeKind.PASSAGE, NodeKind.SKILL, NodeKind.RUNBOOK),
    ),
    _aspect(
        "before again previously similar last lesson mistake fixed helped solution solve",
        "以前 上次 之前 类似 教训 解决",
        "text cause resolution outcome",
        (Relation.CORRECTS, Relation.ABOUT, Relation.CAUSED_BY),
        (NodeKind.INCIDENT, NodeKind.CORRECTION, NodeKind.RUNBOOK, NodeKind.FINDING, NodeKind.DECISION),
    ),
    _aspect("job jobs task tasks", "作业 任务", "", (), (NodeKind.JOB,)),
    _aspect("tool tools", "工具", "description risk", (), (NodeKind.TOOL,)),
    _aspect(
        "link network bandwidth connected",
        "链路 网络 带宽",
        "bandwidth_gbps loss state",
        (Relation.CONNECTED_TO,),
        (NodeKind.LINK,),
    ),
)
