"""The figures that are counted as things happen, and the registry that all figures are scraped from."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.process_collector import ProcessCollector

from audit.ledger import Event

QUICK_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
COUNTED = {
    "user.message": "message",
    "call.proposed": "call_proposed",
    "call.refused": "call_refused",
    "call.intent": "call_dispatched",
    "approval.requested": "approval_requested",
    "approval.decided": "approval_decided",
    "approval.refused": "approval_misused",
    "model.asked": "model_asked",
    "model.replied": "model_replied",
    "model.failed": "model_failed",
    "budget.asked": "budget_exhausted",
    "calls.throttled": "calls_throttled",
    "worker.disconnected": "worker_disconnected",
    "worker.launch_failed": "worker_launch_failed",
    "lock.set": "lock_set",
    "lock.lifted": "lock_lifted",
}
"""Kinds of the ledger's events that are counted, and the names that they are counted by."""
TOKENS = {"prompt_tokens": "prompt", "completion_tokens": "completion"}


class Counts:
    """One for each application; `registry` also holds the process's own figures."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.requests = Counter("ink_requests", "Requests answered", ["area", "status"], registry=registry)
        self.open = Gauge("ink_requests_open", "Requests and streams under way", ["area"], registry=registry)
        self.seconds = Histogram(
            "ink_request_seconds", "Time to the head of an answer", ["area"], buckets=QUICK_S, registry=registry
        )
        self.lag = Histogram(
            "ink_event_loop_lag_seconds", "How late the event loop wakes who waits", buckets=QUICK_S, registry=registry
        )
        self.appends = Histogram(
            "ink_ledger_append_seconds", "Time until records are durable", buckets=QUICK_S, registry=registry
        )
        self.failures = Counter("ink_ledger_append_failures", "Appends that recorded nothing", registry=registry)
        events = Counter("ink_events", "What was recorded, by what it was", ["event"], registry=registry)
        self.models = Counter("ink_model_requests", "Requests to models", ["model"], registry=registry)
        tokens = Counter("ink_model_tokens", "Tokens of models' answered requests", ["kind"], registry=registry)
        self.batches = Counter("ink_joblens_batches_taken", "Batches of collectors taken", registry=registry)
        self.newest_batch = Gauge("ink_joblens_newest_batch_seconds", "When the last was taken", registry=registry)
        self._events = {kind: events.labels(name) for kind, name in COUNTED.items()}
        self._tokens = {field: tokens.labels(kind) for field, kind in TOKENS.items()}

    def recorded(self, events: Sequence[Event]) -> None:
        """These are durable now."""
        for event in events:
            if counted := self._events.get(event.kind):
                counted.inc()
            if event.kind == "model.asked":
                self.models.labels(str(event.body.get("model"))).inc()
            if event.kind == "model.replied":
                for field, counter in self._tokens.items():
                    used = event.body.get(field)
                    counter.inc(used if isinstance(used, int) else 0)
