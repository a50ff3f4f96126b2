"""The issue's main job, played as a user would, on real parts."""
