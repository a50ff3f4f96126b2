"""A plugin to start from: INK finds the class `Plugin` here."""

from ink_plugin_template.plugin import Plugin

__all__ = ["Plugin"]
