"""Administrators, and nobody else, are told what of the service is not as it should be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.security.application import application, client, signed_in


async def test_a_broken_policy_is_shown_to_administrators_only(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("version: 1\nextends: default\nrules: []\n")
    async with application(tmp_path / "data", {"INK_POLICY__FILE": str(file)}) as app, client(app) as http:
        admin, user = await signed_in(app, "root-of-ink", is_admin=True), await signed_in(app, "somebody")
        before: Any = (await http.get("/health/details", headers=admin)).json()
        assert (before["status"], before["policy"]["problem"]) == ("ok", None)
        file.write_text("version: 1\nrules: nonsense\n")
        for _ in range(2):
            await app.state.platform.policy.refresh()
        after: Any = (await http.get("/health/details", headers=admin)).json()
        assert after["status"] == "degraded"
        assert "policy.yaml:2:8: rules" in after["policy"]["problem"]
        assert after["policy"]["version"] == before["policy"]["version"]
        assert (await http.get("/health/details", headers=user)).status_code == 403
        assert (await http.get("/health", headers=user)).json() == {"status": "ok"}
