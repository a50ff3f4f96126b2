"""The daemons of one pool: where they are, and what their errors mean. Imports the bindings."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import classad2 as _classad2  # pyright: ignore[reportMissingTypeStubs]
import htcondor2 as _htcondor2  # pyright: ignore[reportMissingTypeStubs]

from ink_core.compute.options import HtcondorOptions
from ink_core.errors import SchedulerDown, SchedulerRefused

htcondor: Any = _htcondor2
classad: Any = _classad2


class Pool:
    """Finds the schedd once; after an error it looks again, for a restarted schedd has another address.

    Everything begins with a query, so that a restart is noticed before anything is changed.
    """

    def __init__(self, options: HtcondorOptions) -> None:
        self.options = options
        self._schedd: Any = None

    def query(self, constraint: str, projection: Sequence[str] = ()) -> Sequence[Any]:
        """Job ads of the queue; all attributes without a projection. Asks a second time where the schedd now is."""
        located = self._schedd is not None
        try:
            return self._ask(lambda schedd: schedd.query(constraint, list(projection)))
        except SchedulerDown:
            if not located:
                raise
            return self._ask(lambda schedd: schedd.query(constraint, list(projection)))

    def history(self, constraint: str, projection: Sequence[str], *, limit: int, ended_after: int) -> Sequence[Any]:
        """Ads of ended jobs, latest first, back to that moment (seconds since the epoch)."""
        since = f"EnteredCurrentStatus < {ended_after}"
        return self._ask(lambda schedd: schedd.history(constraint, list(projection), limit, since))

    def act(self, action: Any, job_ids: Sequence[str], reason: str) -> Any:
        """The bindings drop a reason that comes without a code."""
        return self._ask(lambda schedd: schedd.act(action, list(job_ids), reason=(reason, 1)))

    def submit(self, description: dict[str, str], count: int) -> Any:
        return self._ask(lambda schedd: schedd.submit(htcondor.Submit(description), count=count))

    def submit_text(self, text: str, attributes: Mapping[str, str]) -> Any:
        """A submit description as its user wrote it, how many jobs included, with these settings over its own."""
        try:
            description = htcondor.Submit(text)
            description.update(attributes)
        except (htcondor.HTCondorException, ValueError) as error:
            raise SchedulerRefused(f"this is no submit description: {' '.join(str(error).split())}") from error
        return self._ask(lambda schedd: schedd.submit(description))

    def submit_dag(self, path: str, attributes: Mapping[str, str]) -> Any:
        """The DAGMan job of the DAG in this file of the current directory, with these settings over its own.

        An earlier preparation of the same DAG is replaced.
        """
        with self._errors():
            description = htcondor.Submit.from_dag(path, {"force": True})
            description.update(attributes)
            if self.options.schedd is not None:  # else DAGMan submits to the first one of its host
                here = f" _CONDOR_SCHEDD_HOST={self.options.schedd}"
                description["environment"] = description["environment"].removesuffix('"') + here + '"'
        return self._ask(lambda schedd: schedd.submit(description))

    def edit(self, job_ids: Sequence[str], attribute: str, value: str) -> int:
        """How many jobs have the new value."""
        return int(self._ask(lambda schedd: schedd.edit(list(job_ids), attribute, value)))

    def machines(self, constraint: str, projection: Sequence[str]) -> Sequence[Any]:
        with self._errors():
            return self._collector().query(htcondor.AdType.Startd, constraint, list(projection))

    def schedds(self, projection: Sequence[str]) -> Sequence[Any]:
        """Ads of all schedds of the pool."""
        with self._errors():
            return self._collector().query(htcondor.AdType.Schedd, "true", list(projection))

    def accounting(self, constraint: str, projection: Sequence[str]) -> Sequence[Any]:
        """The negotiator's ads of submitters."""
        with self._errors():
            return self._collector().query(htcondor.AdType.Accounting, constraint, list(projection))

    def _ask(self, question: Callable[[Any], Any]) -> Any:
        with self._errors():
            if self._schedd is None:
                self._schedd = htcondor.Schedd(self._locate())
            try:
                return question(self._schedd)
            except htcondor.HTCondorException:
                self._schedd = None
                raise

    def _locate(self) -> Any:
        name = self.options.schedd
        location = self._collector().locate(htcondor.DaemonType.Schedd, name)
        if location is None:
            raise SchedulerDown(f"the collector knows no schedd {name or 'on this host'}; it may be down")
        return location

    def _collector(self) -> Any:
        return htcondor.Collector(self.options.collector)

    @contextmanager
    def _errors(self) -> Generator[None]:
        try:
            yield
        except htcondor.HTCondorException as error:
            words = " ".join(str(error).split())
            if "Submit:" in words or "job ad" in words:
                raise SchedulerRefused(f"HTCondor refused the job: {words}") from error
            raise SchedulerDown(f"HTCondor does not answer: {words}") from error


def quoted(text: str) -> str:
    """A ClassAd string literal."""
    return classad.quote(text)
