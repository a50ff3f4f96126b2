"""Policy: rules as data, and a pure decision over the typed facts of one call.

`facts` is what a rule may look at, `rules` what a rule is, `decision` how all matching rules make one answer.
"""

from manager.gate.policy.decision import Decision, Looked, Policy, decide
from manager.gate.policy.facts import CallFacts, Origin
from manager.gate.policy.rules import Condition, Effect, Rule

__all__ = ["CallFacts", "Condition", "Decision", "Effect", "Looked", "Origin", "Policy", "Rule", "decide"]
