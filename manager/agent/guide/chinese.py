"""The schedulers' explanations in Chinese: our own English sentences, which name what a scheduler said, put into words.

`{}` stands for what is filled in: a number, a name, or the scheduler's own words, which stay as they are. A sentence
that is not known stays English, so that nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

_SENTENCES: Mapping[str, str] = {
    # every scheduler
    "the job is running": "作业正在运行",
    "the job is held: {}": "作业被挂起：{}",
    "the job waits: {}": "作业在等待：{}",
    "the job ended with exit code 0": "作业已结束，退出码为 0",
    "the job was removed": "作业已被删除",
    "the job was removed from the queue": "作业已从队列中删除",
    "the job reached its wall time": "作业达到了运行时限",
    "the job used more memory than it asked for": "作业使用的内存超过了申请值",
    "exit code: {}": "退出码：{}",
    "standard error: {}": "标准错误文件：{}",
    "node: {}": "节点：{}",
    "last node: {}": "最后的节点：{}",
    "it runs on {}": "它在 {} 上运行",
    "hold reason: {}": "挂起原因：{}",
    "remove reason: {}": "删除原因：{}",
    "wait": "请等待",
    "wait, or ask for less": "请等待，或减少申请的资源",
    "release the job": "释放该作业",
    "remove the job": "删除该作业",
    "submit it again": "重新提交",
    "submit it again with a longer wall time, or split the work": "用更长的运行时限重新提交，或拆分任务",
    "submit it again with a longer time, or split the work": "用更长的时限重新提交，或拆分任务",
    "submit it again with more than {} MB of memory": "重新提交，申请超过 {} MB 的内存",
    "read the end of the job's standard error": "查看作业标准错误文件的末尾",
    "ask the site's administrators": "请联系站点管理员",
    "ask for at most {} {}": "最多申请 {} {}",
    # the local scheduler
    "the job waits for slots and memory; jobs start by their priority, then in the order in which they came": (
        "作业在等待空闲槽位和内存；作业先按优先级、再按提交顺序启动"
    ),
    "{} of {} slots are in use; this job needs {}": "{1} 个槽位中已用 {0} 个；该作业需要 {2} 个",
    "running jobs ask for {} of {} MB of memory, this job for {}": (
        "运行中的作业共申请 {1} MB 内存中的 {0} MB；该作业申请 {2} MB"
    ),
    "{} waiting jobs are ahead": "前面有 {} 个等待的作业",
    "wait, or remove running jobs that are not needed": "请等待，或删除不再需要的运行中作业",
    "hold code: {}": "挂起代码：{}",
    "the job is held because it could not be started": "作业因无法启动而被挂起",
    "the job is held because it asks for more than this machine has": "作业申请的资源超过本机所有，因而被挂起",
    "ask for less, then release the job": "减少申请的资源，然后释放作业",
    "the job is held because somebody asked for that": "作业应请求被挂起",
    "make the files and directories that the reason names available, then release the job": (
        "让原因中提到的文件和目录可用，然后释放作业"
    ),
    "it has {} of {} slots": "它占用 {1} 个槽位中的 {0} 个",
    "check whether the machine ran out of memory": "检查机器是否内存耗尽",
    "peak memory in MB: {}": "内存峰值(MB)：{}",
    "CPU time in s: {}": "CPU 时间(秒)：{}",
    # HTCondor
    "hold reason code {}, subcode {}": "挂起原因代码 {}，子代码 {}",
    "the subcode is the system's error {}: {}": "子代码是系统错误 {}：{}",
    "held since {} UTC": "自 {} UTC 起被挂起",
    "{} MB of {} MB of memory in use": "已用内存 {} MB，共申请 {} MB",
    "memory asked for in MB: {}": "申请的内存(MB)：{}",
    "the job was removed when it reached its wall time of {} s": "作业达到 {} 秒的运行时限后被删除",
    "the job was ended by signal {}": "作业被信号 {} 终止",
    "the job's program ended with exit code {}": "作业的程序以退出码 {} 结束",
    "check its use of memory against its request": "将其内存使用与申请值比较",
    "the job waits: no execute node reports to the pool": "作业在等待：没有执行节点向资源池报告",
    "wait, or tell the site's administrators": "请等待，或告知站点管理员",
    "no machine can ever run the job: it asks for {} {}, the largest has {}": (
        "没有任何机器能运行该作业：它申请 {} {}，最大的机器只有 {}"
    ),
    "all {} machines that can run the job are in use": "能运行该作业的 {} 台机器都在使用中",
    "wait, or ask for less so that it fits into what is free": "请等待，或减少申请以适应空闲资源",
    "machines are free for the job; it may wait for its concurrency limits, or for the next matchmaking": (
        "有空闲机器；作业可能在等待并发限制或下一次匹配"
    ),
    "wait until other jobs under the limits {} have ended": "等待受限制 {} 约束的其他作业结束",
    "{} machines could run the job now; it waits for the next matchmaking or for its turn": (
        "现在有 {} 台机器可以运行该作业；它在等待下一次匹配或轮到它"
    ),
    "wait a minute; if it stays, other users' jobs have the better priority": (
        "请等一分钟；如果仍在等待，说明其他用户的作业优先级更高"
    ),
    "no machine satisfies the job's requirement {}": "没有机器满足作业的要求 {}",
    "change or drop the requirement {}": "修改或去掉要求 {}",
    "the machines that fit the job refuse it by their own policy": "适合该作业的机器按自己的策略拒绝了它",
    "no machine satisfies all of the job's requirements at once": "没有机器同时满足作业的全部要求",
    "drop one of the requirements": "去掉其中一个要求",
    "{} machines: {} can run the job when empty, {} right now": (
        "共 {} 台机器：空闲时有 {} 台可以运行该作业，现在有 {} 台"
    ),
    "it asks for {} {}; the largest has {}": "它申请 {} {}；最大的机器有 {}",
    "{} of {} machines satisfy {}": "{1} 台机器中有 {0} 台满足 {2}",
    "{} of {}'s {} waiting jobs come first; others have {} waiting": (
        "{1} 的 {2} 个等待作业中有 {0} 个在前；其他用户有 {3} 个在等待"
    ),
    "{} is number {} of {} submitters, with the priority {}: small ones come first": (
        "{0} 在 {2} 个提交者中排第 {1}，优先级为 {3}（数值小者在前）"
    ),
    "the negotiator's latest word: {}": "协商器的最近回复：{}",
    "check that the files and directories named in the reason exist and may be used, then release the job": (
        "检查原因中提到的文件和目录是否存在且可用，然后释放作业"
    ),
    "ask the site's administrators; the reason names the policy": "请联系站点管理员；原因中给出了策略",
    "somebody held it by request": "有人请求挂起了它",
    "the job's own periodic_hold expression became true": "作业自己的 periodic_hold 表达式成立",
    "remove the cause that it names, then release it": "消除其所述原因，然后释放",
    "its credential is invalid": "其凭证无效",
    "renew the credential, then release the job": "更新凭证，然后释放作业",
    "one of the job's policy expressions is undefined": "作业的某个策略表达式没有定义",
    "submit it again with a correct expression": "改正表达式后重新提交",
    "its program could not be started on the execute node": "其程序无法在执行节点上启动",
    "check that the program exists there, is executable and its '#!' line is right, then release the job": (
        "检查程序在那里是否存在、可执行且“#!”行正确，然后释放作业"
    ),
    "its output file could not be opened": "无法打开其输出文件",
    "its input file could not be opened": "无法打开其输入文件",
    "its output stream could not be opened": "无法打开其输出流",
    "its input stream could not be opened": "无法打开其输入流",
    "a file transfer was not acknowledged": "文件传输没有得到确认",
    "its output files could not be transferred back": "其输出文件无法传回",
    "its input files could not be transferred to the node": "其输入文件无法传到节点",
    "its working directory cannot be used on the execute node": "其工作目录在执行节点上不可用",
    "it was submitted on hold": "它提交时就是挂起状态",
    "its input files are still being uploaded": "其输入文件仍在上传",
    "wait for the upload to finish": "等待上传完成",
    "the shadow does not fit the job": "shadow 与作业不匹配",
    "a file transfer was not admitted": "文件传输未获准",
    "a site hook that prepares jobs failed": "站点的作业准备钩子失败",
    "it missed its deferred start": "它错过了延迟启动时间",
    "the execute node held it by its policy": "执行节点按其策略挂起了它",
    "its event log could not be opened": "无法打开其事件日志",
    "the execute node cannot use the job owner's account": "执行节点无法使用作业所有者的账户",
    "there is no shadow for this kind of job": "没有适合此类作业的 shadow",
    "its cron settings are wrong": "其 cron 设置有误",
    "submit it again with correct settings": "改正设置后重新提交",
    "the site's policy held it": "站点策略挂起了它",
    "the site's policy could not be evaluated": "无法计算站点策略",
    "its input files are larger than allowed": "其输入文件超过允许的大小",
    "transfer less, or read from shared storage": "减少传输，或从共享存储读取",
    "its output files are larger than allowed": "其输出文件超过允许的大小",
    "write less, or write to shared storage": "减少写出，或写到共享存储",
    "it used more memory or disk than it asked for": "它使用的内存或磁盘超过了申请值",
    "raise the request (hep_edit -m MB), then release it": "提高申请值(hep_edit -m MB)，然后释放",
    "its container image cannot be used": "其容器镜像不可用",
    "correct the image's name, then submit it again": "改正镜像名称，然后重新提交",
    "it could not write its checkpoint": "它无法写入检查点",
    "its pre-script failed": "其前置脚本失败",
    "its post-script failed": "其后置脚本失败",
    "correct the script, then release the job": "改正脚本，然后释放作业",
    "the container runtime failed its test on that node": "该节点上的容器运行时未通过测试",
    "it exceeded its allowed duration": "它超过了允许的时长",
    "it exceeded its allowed time of execution": "它超过了允许的执行时间",
    "HTCondor held it": "HTCondor 挂起了它",
    "remove the cause that the reason names, then release it": "消除原因中所述的问题，然后释放",
    # Slurm
    "Slurm's reason: {}": "Slurm 的原因：{}",
    "it asks for {} CPUs and {} MB of memory": "它申请 {} 个 CPU 和 {} MB 内存",
    "{} nodes with {} free CPUs; {} other jobs wait": "{} 个节点，空闲 CPU {} 个；另有 {} 个作业在等待",
    "no node can ever run the job: it asks for {} {}, the largest has {}": (
        "没有任何节点能运行该作业：它申请 {} {}，最大的节点只有 {}"
    ),
    "ask for less, or choose another partition": "减少申请，或选择其他分区",
    "Slurm has not looked at the job yet": "Slurm 还没有处理该作业",
    "it is next, but the resources it asks for are in use": "下一个就是它，但申请的资源正在使用中",
    "jobs with a higher priority come first": "优先级更高的作业在前",
    "it waits for another job on which it depends": "它在等待所依赖的作业",
    "wait, or remove the dependency": "请等待，或去掉依赖",
    "the job on which it depends ended in another way than needed": "所依赖的作业没有按要求的方式结束",
    "it is held by its owner": "它被其所有者挂起",
    "it is held by an administrator": "它被管理员挂起",
    "its earliest start time has not come": "还没有到它的最早启动时间",
    "its reservation has not begun": "其预留还没有开始",
    "its reservation is gone": "其预留已不存在",
    "submit it again without the reservation": "去掉预留后重新提交",
    "a node that it asks for is not in service": "它要求的节点不在服务中",
    "wait, or do not ask for that node": "请等待，或不要指定该节点",
    "the nodes that fit are down, drained or reserved": "适合的节点已停机、排空或被预留",
    "no node of the partition has what it asks for": "该分区没有节点具备它申请的资源",
    "it asks for more nodes than the partition allows": "它申请的节点数超过分区允许的数目",
    "it asks for more time than the partition allows": "它申请的时间超过分区允许的时限",
    "the partition is down": "该分区已停用",
    "wait, or choose another partition": "请等待，或选择其他分区",
    "the partition starts no jobs at present": "该分区目前不启动作业",
    "no node has all the features it asks for": "没有节点具备它要求的全部特性",
    "change the constraints": "修改约束条件",
    "the licences it asks for are in use": "它申请的许可证正在使用中",
    "as many tasks of its array as allowed are running": "其作业数组正在运行的任务数已达上限",
    "its account runs as many jobs as allowed": "其账户正在运行的作业数已达上限",
    "its account is not valid": "其账户无效",
    "submit it again with another account": "换一个账户重新提交",
    "its quality of service is not valid": "其服务质量(QOS)无效",
    "submit it again with another one": "换一个重新提交",
    "it was put back into the queue and held": "它被放回队列并挂起",
    "it could not be started and was held": "它无法启动，已被挂起",
    "its previous run is being cleaned up": "上一次运行正在清理",
    "the node is being prepared": "节点正在准备",
    "a limit of its account or quality of service is reached ({})": "已达到其账户或服务质量的限制({})",
    "Slurm's reason is {}": "Slurm 的原因是 {}",
}


def in_chinese(sentence: str) -> str:
    """The sentence in Chinese, or itself where it is not one of ours."""
    if whole := _SENTENCES.get(sentence):
        return whole
    for pattern, chinese in _patterns():
        if found := pattern.fullmatch(sentence):
            return chinese.format(*(in_chinese(part) for part in found.groups()))
    return sentence


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those with something filled in, the ones with the most words of their own first."""
    filled = sorted((english for english in _SENTENCES if "{}" in english), key=len, reverse=True)
    return tuple((re.compile("(.+?)".join(map(re.escape, e.split("{}"))), re.DOTALL), _SENTENCES[e]) for e in filled)
