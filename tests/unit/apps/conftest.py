"""What the tests of apps share."""

from tests.unit.apps.app_world import world

__all__ = ["world"]
