"""What a plugin is written against: functions of the core that it may replace, and what a plugin itself looks like.

A plugin is a Python package of its own. It runs inside the manager, so a site enables only what it trusts: the rules
here keep an honest plugin from harm by accident, they do not confine a hostile one.
"""

from ink_core.plugins.hooks import HookRefused, hookable, original, register_hook
from ink_core.plugins.plugin import Page, Plugin

__all__ = ["HookRefused", "Page", "Plugin", "hookable", "original", "register_hook"]
