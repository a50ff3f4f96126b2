"""From readings to rows about jobs: trees are summed, nothing is lost at a restart, and nothing counts twice."""

from __future__ import annotations

import pytest

from joblens.collector.job_files import MAX_FILES, OTHERS
from joblens.collector.jobs import MAX_ENDED
from joblens.collector.probes.scripted_probe import ScriptedProbe
from joblens.records import FileSample, JobSample, Mark, MarkKind, Traffic
from tests.unit.joblens.scripted_jobs import Host, key

IN_ARRAY = {"SLURM_ARRAY_JOB_ID": "70", "SLURM_ARRAY_TASK_ID": "3"}


@pytest.fixture
def host() -> Host:
    host = Host()
    host.probe.open()
    return host


def kinds(marks: list[Mark]) -> list[str]:
    return [mark.kind.value for mark in marks]


def only(samples: list[JobSample]) -> JobSample:
    (sample,) = samples
    return sample


def test_a_new_job_is_told_with_a_mark_and_its_first_figures(host: Host) -> None:
    host.probe.work(host.step("7", "batch"), cpu_ns=5, rss_bytes=100)
    rows = host.tick()
    assert [(info.key, info.step, info.uid) for info in rows.jobs] == [(key("7"), "batch", 2001)]
    assert (only(rows.samples).cpu_ns, only(rows.samples).rss_bytes) == (5, 100)
    assert kinds(rows.marks) == ["start"]
    assert host.tick().jobs == []


def test_the_steps_of_a_job_are_one_job(host: Host) -> None:
    first, second = host.step("7", "batch"), host.step("7", "0")
    host.probe.work(first, cpu_ns=5, rss_bytes=100)
    host.probe.work(second, cpu_ns=6, rss_bytes=200)
    rows = host.tick()
    sample = only(rows.samples)
    assert (sample.cpu_ns, sample.rss_bytes, sample.processes) == (11, 300, 2)
    assert rows.jobs[-1].step == "batch,0"


def test_what_an_ended_step_did_stays_with_its_job(host: Host) -> None:
    first, second = host.step("7", "batch"), host.step("7", "0")
    host.probe.work(second, cpu_ns=6, rss_bytes=200)
    host.tick()
    host.probe.end(second)
    host.probe.work(first, cpu_ns=1)
    sample = only(host.tick().samples)
    assert (sample.cpu_ns, sample.rss_bytes, sample.rss_peak_bytes, sample.final) == (7, 0, 200, False)


def test_an_ended_job_has_one_final_sample(host: Host) -> None:
    handle = host.step("7")
    host.tick()
    host.probe.work(handle, cpu_ns=9)
    host.probe.end(handle)
    rows = host.tick()
    assert (only(rows.samples).final, only(rows.samples).cpu_ns) == (True, 9)
    assert kinds(rows.marks) == ["end"]
    assert host.tick().samples == []


def test_a_job_that_began_and_ended_between_two_readings_is_whole(host: Host) -> None:
    handle = host.step("7")
    host.probe.work(handle, cpu_ns=9)
    host.probe.touch(handle, "/out", written=3)
    host.probe.end(handle)
    rows = host.tick()
    assert len(rows.jobs) == 1 and only(rows.samples).final
    assert [(file.path, file.write_bytes) for file in rows.files] == [("/out", 3)]
    assert kinds(rows.marks) == ["start", "end"]


def test_a_job_between_two_steps_has_not_ended() -> None:
    host = Host(linger_s=3)
    host.probe.open()
    host.probe.end(host.step("7", "0"))
    assert host.tick(1).samples == []
    handle = host.step("7", "1")
    assert not only(host.tick(2).samples).final
    host.probe.end(handle)
    assert host.tick(2).samples == []
    assert only(host.tick(1).samples).final


def test_a_job_ended_when_its_last_tree_did_and_not_when_that_was_read() -> None:
    host = Host(linger_s=3)
    host.probe.open()
    handle = host.step("7")
    host.tick(5)
    host.probe.wait(4)
    ended = host.probe.now
    host.probe.end(handle)
    rows = host.tick(5)
    assert (only(rows.samples).final, only(rows.samples).time) == (True, ended)
    assert [(mark.kind, mark.time) for mark in rows.marks] == [(MarkKind.END, ended)]


def test_a_job_that_comes_back_to_the_host_counts_on(host: Host) -> None:
    first = host.step("7")
    host.probe.work(first, cpu_ns=9)
    host.probe.end(first)
    host.tick()
    host.probe.work(host.step("7"), cpu_ns=1)
    sample = only(host.tick().samples)
    assert (sample.cpu_ns, sample.final) == (10, False)


@pytest.mark.requirement("LENS-LIFE-07")
def test_a_job_of_one_user_takes_no_tree_of_another(host: Host) -> None:
    host.step("7", "0", uid=2001)
    host.step("7", "1", uid=2002)
    assert only(host.tick().samples).processes == 1
    assert host.jobs.unnamed == 1
    assert "two users" in host.jobs.refusals[-1]


def test_a_tree_without_a_name_is_counted_and_told(host: Host) -> None:
    host.probe.begin(99)
    assert host.tick().samples == []
    assert host.jobs.unnamed == 1
    assert "process 99" in host.jobs.refusals[-1]


def test_finer_rows_are_of_the_wanted_jobs_and_of_what_begins_and_ends(host: Host) -> None:
    first = host.step("7")
    host.step("8")
    host.tick()
    assert [sample.key for sample in host.tick(only={key("8")}).samples] == [key("8")]
    host.probe.end(first)
    host.step("9")
    assert [sample.key.job for sample in host.tick(only=set()).samples] == ["7", "9"]


def test_files_are_summed_over_trees_and_told_when_changed(host: Host) -> None:
    first, second = host.step("7", "batch"), host.step("7", "0")
    host.probe.touch(first, "/data", read=10)
    host.probe.touch(second, "/data", read=5)
    (file,) = host.tick().files
    assert file == FileSample(key("7"), host.probe.now, "/data", "/", "ext4", Traffic.FILE, 15, 2, 0, 0)
    assert host.tick().files == []
    host.probe.end(second)
    host.probe.touch(first, "/data", written=1)
    (file,) = host.tick().files
    assert (file.read_bytes, file.write_bytes) == (15, 1)


def test_of_very_many_files_the_rest_is_one_honest_figure(host: Host) -> None:
    handle = host.step("7")
    for number in range(MAX_FILES + 3):
        host.probe.touch(handle, f"/many/{number}", read=10)
    files = {file.path: file for file in host.tick().files}
    assert len(files) == MAX_FILES + 1
    assert (files[OTHERS].read_bytes, files[OTHERS].read_ops) == (30, 3)
    host.probe.touch(handle, f"/many/{MAX_FILES}", read=10)
    assert [(file.path, file.read_bytes) for file in host.tick().files] == [(OTHERS, 40)]


def test_the_rest_that_the_probe_sums_up_and_what_is_beyond_the_bound_here_are_one_figure(host: Host) -> None:
    handle = host.step("7")
    for number in range(MAX_FILES):
        host.probe.touch(handle, f"/many/{number}", read=10)
    host.probe.touch(handle, OTHERS, read=500)
    host.probe.touch(handle, "/one/more", read=10)
    files = {file.path: file for file in host.tick().files}
    assert (len(files), files[OTHERS].read_bytes) == (MAX_FILES + 1, 510)
    host.probe.end(handle)
    host.probe.touch(host.step("7", "1"), OTHERS, read=7)
    assert [file.read_bytes for file in host.tick().files if file.path == OTHERS] == [517]


def test_what_no_file_is_known_of_and_network_are_told_apart_from_other_files(host: Host) -> None:
    handle = host.step("7")
    for number in range(MAX_FILES + 1):
        host.probe.touch(handle, f"/many/{number}", read=10)
    host.probe.touch(handle, OTHERS, read=500, traffic=Traffic.UNATTRIBUTED)
    host.probe.touch(handle, "root://eos:1094", read=70, traffic=Traffic.NETWORK)
    others = {file.traffic: file.read_bytes for file in host.tick().files if file.path == OTHERS}
    assert others == {Traffic.FILE: 10, Traffic.UNATTRIBUTED: 500, Traffic.NETWORK: 70}


def test_the_memory_of_ended_jobs_is_bounded(host: Host) -> None:
    for number in range(MAX_ENDED + 5):
        host.probe.end(host.step(str(number)))
    host.tick()
    host.probe.work(host.step("0"), cpu_ns=1)
    host.probe.work(host.step(str(MAX_ENDED)), cpu_ns=1)
    assert len(host.tick().samples) == 2


class TestAfterARestartOfTheCollector:
    @pytest.fixture
    def restarted(self, host: Host) -> Host:
        """Job 7 had 10 of CPU, 400 network bytes and a file; 4 of the CPU were of a step that has ended."""
        host.probe.end(self._worked(host, "0", cpu_ns=4, net_rx=100))
        host.probe.touch(self._worked(host, "batch", cpu_ns=6, net_rx=300), "/out", written=50)
        host.tick()
        host.restart_collector(ScriptedProbe(now=host.probe.now + 10))
        return host

    def _worked(self, host: Host, step: str, **figures: int) -> int:
        handle = host.step("7", step)
        host.probe.work(handle, **figures)
        return handle

    def test_counters_go_on_and_nothing_counts_twice(self, restarted: Host) -> None:
        handle = self._worked(restarted, "batch", cpu_ns=9)
        restarted.probe.open()
        sample = only(restarted.tick().samples)
        assert (sample.cpu_ns, sample.net_rx) == (10, 400)
        restarted.probe.work(handle, cpu_ns=5, net_rx=7)
        sample = only(restarted.tick().samples)
        assert (sample.cpu_ns, sample.net_rx) == (15, 407)

    def test_what_the_kernel_kept_meanwhile_counts(self, restarted: Host) -> None:
        self._worked(restarted, "batch", cpu_ns=90)
        restarted.probe.open()
        assert only(restarted.tick().samples).cpu_ns == 90

    def test_files_go_on(self, restarted: Host) -> None:
        handle = self._worked(restarted, "batch", cpu_ns=9)
        restarted.probe.open()
        restarted.probe.touch(handle, "/out", written=5)
        assert [(file.path, file.write_bytes) for file in restarted.tick().files] == [("/out", 55)]

    def test_the_gap_is_marked_and_the_job_begins_only_once(self, restarted: Host) -> None:
        self._worked(restarted, "batch", cpu_ns=9)
        restarted.probe.open()
        rows = restarted.tick()
        assert kinds(rows.marks) == ["gap"]
        assert "10 s" in rows.marks[0].text
        assert restarted.tick().marks == []

    def test_a_tree_keeps_the_name_that_it_had_whatever_it_says_now(self, host: Host) -> None:
        host.step("7")
        (info,) = host.tick().jobs
        host.restart_collector(ScriptedProbe(now=host.probe.now + 10))
        host.probe.begin(info.root_pid, uid=2001, started=info.started)
        host.probe.open()
        assert only(host.tick().samples).key == key("7")

    def test_a_job_that_ended_meanwhile_gets_its_end(self, restarted: Host) -> None:
        restarted.probe.open()
        rows = restarted.tick()
        sample = only(rows.samples)
        assert (sample.final, sample.cpu_ns, sample.processes) == (True, 10, 0)
        assert kinds(rows.marks) == [MarkKind.GAP, MarkKind.END]
        assert restarted.tick().samples == []


class TestTasksOfAnArray:
    @pytest.fixture
    def host(self) -> Host:
        host = Host(arrays=True)
        host.probe.open()
        return host

    def test_are_held_until_slurm_has_said_which_they_are(self, host: Host) -> None:
        handle = host.step("72", environ=IN_ARRAY)
        host.probe.work(handle, cpu_ns=9)
        host.probe.touch(handle, "/out", written=3)
        assert host.tick().samples == []
        assert host.jobs.asked() == {"72"}
        host.jobs.answer({"72": "70_3"})
        rows = host.tick()
        assert rows.jobs[0].key == only(rows.samples).key == key("70_3")
        assert (only(rows.samples).cpu_ns, rows.files[0].write_bytes) == (9, 3)
        assert host.jobs.asked() == set()

    def test_are_whole_when_they_end_before_the_answer(self, host: Host) -> None:
        handle = host.step("72", environ=IN_ARRAY)
        host.probe.work(handle, cpu_ns=9)
        host.probe.end(handle)
        host.tick()
        host.jobs.answer({"72": "70_3"})
        assert (only(host.tick().samples).cpu_ns, host.jobs.running()) == (9, [])

    def test_keep_their_own_number_where_slurm_says_that_it_is_no_array(self, host: Host) -> None:
        host.step("72", environ=IN_ARRAY)
        host.tick()
        host.jobs.answer({"72": "72"})
        assert only(host.tick().samples).key == key("72")


def test_no_sample_of_a_job_is_later_than_its_final_one() -> None:
    host = Host(linger_s=3)
    host.probe.open()
    job = host.step("7", "batch")
    samples = host.tick().samples
    host.probe.end(job)
    for _ in range(5):
        samples += host.tick().samples
    assert [sample.final for sample in samples] == [False, True]
    assert samples[0].time < samples[1].time
