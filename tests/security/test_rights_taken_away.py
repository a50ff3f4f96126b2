"""An agent that works on for hours, or waits for days, never may more than its user may by now."""

from __future__ import annotations

from pathlib import Path

from audit.chains import session_chain
from ink_core.identity.principal import Scope
from manager.gate.admission import Proposal
from manager.gate.call import CallStatus
from manager.gate.policy import Origin
from tests.security.application import application
from tests.security.test_attack_requests import signed_in
from tests.security.test_kill_switch import new_session, platform_of, principal_of


async def test_an_agent_loses_what_its_user_has_lost_since_the_message_that_it_works_for(tmp_path: Path) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice") as (alice,):
        platform, as_it_was = platform_of(app), await principal_of(app, alice)
        chain = session_chain(await new_session(alice))
        before = await platform.gate.propose(
            Proposal("c-1", "write_todos", {"items": []}, as_it_was, Origin.MODEL, chain)
        )
        assert (await platform.gate.wait(before.call_id, 60)).status is CallStatus.DONE
        await platform.core.identity.set_roles("alice", own_scopes=frozenset({Scope.JOBS_READ}))
        after = await platform.gate.propose(
            Proposal("c-2", "write_todos", {"items": []}, as_it_was, Origin.MODEL, chain)
        )
        assert after.error is not None and after.error.code == "scope_missing"
