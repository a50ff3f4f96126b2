"""Policy: rules as data, and a pure decision over the typed facts of one call.

`facts` is what a rule may look at; `document` and `argument_test` are what a file may say; `matching` and `policy` make
that ready; `decision` makes one answer of all matching rules; `rates` counts what was let go before.
"""

from manager.gate.policy.decision import Decision, decide, throttled_unseen
from manager.gate.policy.document import Approver, Condition, Effect, Rule
from manager.gate.policy.facts import CallFacts, Origin
from manager.gate.policy.policy import Looked, Policy

__all__ = [
    "Approver",
    "CallFacts",
    "Condition",
    "Decision",
    "Effect",
    "Looked",
    "Origin",
    "Policy",
    "Rule",
    "decide",
    "throttled_unseen",
]
