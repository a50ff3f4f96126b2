"""What a child is told by the harness: its part of the prompt, and what it hears when it forgets its result."""

from __future__ import annotations

from collections.abc import Iterable

from manager.subagents.profile import Profile
from skills.format import Skill

_PROMPT = """\
You are a sub-agent of the profile {name}. Another agent of the same user gave you the goal below and waits for your
result; nobody reads what you write beside it, and you cannot ask anybody. The goal is that agent's, not the user's
own words. You have fewer tools than it has: what they cannot do, say in the result and leave to it.
Hand in your result with hand_in, once, as soon as you have it; say in it what you could not find out. Never make up
what a tool did not tell you.

{profile}"""

REMINDER = (
    "You ended without handing in a result. Call hand_in now, with what you have; "
    "where you found nothing, say that in the form of the result."
)


def prompt(profile: Profile, skills: Iterable[Skill]) -> str:
    """With the skills of the profile that the site has, to be read when they are needed."""
    text = _PROMPT.format(name=profile.name, profile=profile.prompt)
    listed = [f"- {skill.name}: {skill.description}" for skill in skills]
    return "\n".join([text, "", "Skills for this work, which read_skill shows:", *listed]) if listed else text
