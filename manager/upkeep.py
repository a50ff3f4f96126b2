"""What a manager does every so often beside answering: looks again, ends what is over, keeps what grows in bounds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from ink_core.settings import Settings
from manager.api.platform import Platform
from manager.budgets.opening import KEEP_UP_S
from manager.documents import SiteDocuments
from manager.joblens.lens import EXPIRE_S
from manager.joblens.queue_watch import open_queue_watch
from manager.joblens.rules import rule_work
from manager.knowledge.contexts import SETTLE_S
from manager.knowledge.feeding.opening import open_feeding
from manager.knowledge.learning import learning_work
from manager.knowledge.opening import housekeeping

HOUSEKEEPING_S = 5.0
DOCUMENTS_S = 5.0
POLICY_S = 2.0
CREDENTIALS_S = 3600.0
Work = tuple[float, Callable[[], Awaitable[object]]]
"""How often, in seconds, and what."""


def upkeep(settings: Settings, platform: Platform, documents: SiteDocuments) -> Sequence[Work]:
    return [
        *_of_calls(platform),
        *_of_accounts(platform),
        (settings.audit.checkpoint_s, platform.checkpointer.make),
        *_of_knowledge(settings, platform, documents),
        *platform.watch.background,
        *_of_joblens(platform),
    ]


def _of_calls(platform: Platform) -> Sequence[Work]:
    """Of the policy, of what waits, and of what runs."""
    return [
        (POLICY_S, platform.policy.refresh),
        (HOUSEKEEPING_S, platform.gate.desk.expire),
        (HOUSEKEEPING_S, platform.launcher.bury),
        (HOUSEKEEPING_S, platform.sessions.resume),
        (HOUSEKEEPING_S, platform.subagents.end_unwatched),
        (HOUSEKEEPING_S, platform.core.apps.look),
    ]


def _of_accounts(platform: Platform) -> Sequence[Work]:
    core, budgets = platform.core, platform.budgets
    work: list[Work] = [
        (CREDENTIALS_S, core.identity.remove_expired),
        (CREDENTIALS_S, budgets.forget),
        (KEEP_UP_S, budgets.keep_up),
    ]
    return [*work, (CREDENTIALS_S, core.issuer.signer.renew)] if core.issuer else work


def _of_knowledge(settings: Settings, platform: Platform, documents: SiteDocuments) -> Sequence[Work]:
    return [
        *housekeeping(settings.knowledge, platform.knowledge),
        (SETTLE_S, platform.contexts.settle),
        *learning_work(platform.learning),
        (DOCUMENTS_S, documents.look),
        *open_feeding(settings, platform, platform.skills, documents),
    ]


def _of_joblens(platform: Platform) -> Sequence[Work]:
    expiring: list[Work] = [(EXPIRE_S, platform.lens.expire)] if platform.lens else []
    return [*expiring, *rule_work(platform.rules), *open_queue_watch(platform.lens)]
