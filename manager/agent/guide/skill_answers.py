"""How skills read: the site's, and the user's own with whether they were accepted."""

from __future__ import annotations

from manager.agent.guide.job_answers import Result, records
from manager.agent.guide.markdown import code, plain, table
from manager.agent.guide.plan import Arguments
from manager.agent.guide.question import Language

ROWS = 100


def skills(result: Result, arguments: Arguments, language: Language) -> str:
    lines = records(result.get("skills"))
    head = language.say(f"**{len(lines)}** skills:", f"共 **{len(lines)}** 个技能：")
    columns = ["Skill", "Description"] if language is Language.ENGLISH else ["技能", "说明"]
    rows = [[code(line.get("name")), plain(line.get("description", ""))] for line in lines[:ROWS]]
    ask = language.say("Say `show skill NAME` to read one.", "说`查看技能 NAME`可以阅读。")
    return f"{head}\n\n{table(columns, rows)}\n\n{ask}"


_SKILL_STATES = {
    "accepted": ("accepted", "已接受"),
    "new": ("new: not accepted as it is", "新的：尚未接受"),
    "invalid": ("not valid, or asks for too much", "无效，或要求的权限过多"),
}


def own_skills(result: Result, arguments: Arguments, language: Language) -> str:
    if isinstance(result.get("text"), str):
        return str(result["text"])
    lines = records(result.get("skills"))
    if not lines:
        return language.say(
            "There are none: a skill of yours is a folder in `.ink/skills` of your home, with a `SKILL.md`.",
            "没有：您自己的技能是主目录 `.ink/skills` 中带有 `SKILL.md` 的文件夹。",
        )
    columns = ["Skill", "State", "Description"] if language is Language.ENGLISH else ["技能", "状态", "说明"]
    rows = [
        [
            code(line.get("name")),
            language.say(*_SKILL_STATES.get(str(line.get("state")), ("other", "其他"))),
            plain(line.get("description") or "–"),
        ]
        for line in lines[:ROWS]
    ]
    ask = language.say(
        "`ink skill accept NAME` shows one on the page and asks you.",
        "`ink skill accept NAME` 会在页面上显示并询问您。",
    )
    return f"{table(columns, rows)}\n\n{ask}"


def skill(result: Result, arguments: Arguments, language: Language) -> str:
    return str(result.get("text", ""))
