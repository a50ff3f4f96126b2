"""Words of a computing centre in Chinese and English, so that a question finds what is written in the other language.

A word list, not a translation: it holds what people ask about. Several English words stand for one Chinese word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORD = re.compile(r"[a-z]+")

GLOSSARY = {
    "作业": "job",
    "任务": "task job",
    "挂起": "hold held",
    "释放": "release",
    "删除": "remove delete",
    "取消": "cancel remove",
    "提交": "submit",
    "排队": "queue wait",
    "运行": "run",
    "失败": "fail failed",
    "重启": "restart",
    "重试": "retry",
    "审批": "approval approve",
    "批准": "approve approval",
    "允许": "allow may",
    "禁止": "forbidden",
    "权限": "permission right",
    "自己的": "own",
    "别人": "other others",
    "他人": "other others",
    "其他用户": "other user others",
    "所有人": "everybody all",
    "用户": "user",
    "管理员": "admin administrator",
    "组长": "group manager",
    "组": "group",
    "实验": "experiment",
    "合作组": "collaboration",
    "账号": "account",
    "密码": "password",
    "票据": "ticket kerberos",
    "凭证": "credential",
    "过期": "expire expired",
    "续期": "renew",
    "登录": "login log",
    "登录节点": "access point login node",
    "节点": "node",
    "队列": "queue partition",
    "分区": "partition",
    "优先级": "priority",
    "公平": "fair share",
    "份额": "share",
    "限制": "limit",
    "上限": "limit maximum",
    "最长": "longest maximum",
    "小时": "hour hours",
    "内存": "memory",
    "显卡": "gpu",
    "存储": "storage",
    "磁盘": "disk",
    "空间": "space",
    "配额": "quota",
    "家目录": "home",
    "目录": "directory folder",
    "文件": "file files",
    "数据": "data",
    "样本": "sample",
    "备份": "backup",
    "恢复": "restore",
    "磁带": "tape",
    "清理": "clean delete",
    "保留": "keep",
    "归档": "archive",
    "传输": "transfer",
    "下载": "download",
    "上传": "upload",
    "外部": "external outside",
    "模型": "model",
    "发给": "send see",
    "导出": "export",
    "分享": "share",
    "链接": "link",
    "软件": "software",
    "安装": "install",
    "容器": "container image",
    "镜像": "image",
    "环境": "environment",
    "脚本": "script",
    "命令": "command shell",
    "终端": "terminal shell",
    "笔记本": "notebook jupyter",
    "维护": "maintenance",
    "下线": "drain",
    "排空": "drain",
    "故障": "failure fault incident",
    "报告": "report",
    "网络": "network",
    "端口": "port",
    "服务器": "server",
    "监控": "monitoring",
    "性能": "performance",
    "分析": "analysis analyse",
    "模拟": "simulation",
    "重建": "reconstruction",
    "直方图": "histogram",
    "画图": "plot",
    "技能": "skill",
    "工具": "tool",
    "风险": "risk",
    "安全": "security",
    "漏洞": "vulnerability",
    "远程": "remote",
    "离开": "leave leaving",
    "离职": "leave leaving",
    "数组": "array",
    "批量": "bulk many",
}


def other_language(text: str) -> Iterator[str]:
    """What the words of a text are in the other language, each once, in the order of the glossary."""
    lower = text.lower()
    english = frozenset(_WORD.findall(lower))
    for chinese, meaning in GLOSSARY.items():
        meanings = meaning.split()
        if chinese in lower:
            yield from meanings
        elif len(chinese) > 1 and not english.isdisjoint(meanings):
            yield chinese
