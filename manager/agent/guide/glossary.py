"""Terms of computing in Chinese, and the words that the documentation, which is in English, has for them."""

from __future__ import annotations

from collections.abc import Mapping

_TERMS: Mapping[str, str] = {
    "帐号": "account", "账号": "account", "账户": "account", "参数": "arguments", "代理": "agent",
    "工作代理": "worker agent", "令牌": "token", "优先级": "priority", "会话": "session", "作业": "job",
    "任务": "job", "内存": "memory", "分区": "partition", "删除": "remove", "下载": "download", "上传": "upload",
    "审批": "approval", "审计": "audit", "密码": "password", "密钥": "key", "工作区": "workspace",
    "带宽": "bandwidth", "应用": "app", "情境": "context", "技能": "skill", "拟合": "fit", "挂起": "held",
    "排队": "queue", "队列": "queue", "接口": "API", "插件": "plugin", "提交": "submit", "文件": "file",
    "日志": "log", "时限": "wall time", "权限": "rights", "标签": "label", "模型": "model", "目录": "directory",
    "直方图": "histogram", "监控": "monitoring", "磁盘": "disk", "策略": "policy", "终端": "terminal",
    "组": "group", "编辑器": "editor", "网络": "network", "脚本": "script", "节点": "node", "设置": "setting",
    "证书": "certificate", "账本": "ledger", "资源": "resources", "输出": "output", "运行": "run", "配额": "quota",
    "链接": "link", "镜像": "image", "集群": "cluster", "预算": "budget", "故障": "incident", "存储": "storage",
    "安装": "install", "登录": "login", "数据库": "database", "浏览器": "browser", "容器": "container",
    "调度": "scheduler", "共享": "share", "测量": "measured", "分支": "branch", "释放": "release", "许可": "permit",
}  # fmt: skip


def in_english(text: str) -> str:
    """The English words for the terms in a Chinese text, in their order; Latin words of it stay. Empty without any."""
    found = sorted((text.find(term), english) for term, english in _TERMS.items() if term in text)
    latin = [word for word in text.split() if word.isascii() and any(letter.isalpha() for letter in word)]
    return " ".join(dict.fromkeys([*latin, *(english for _, english in found)])) if found else ""
