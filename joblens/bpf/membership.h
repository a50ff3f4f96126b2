/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Which job a task belongs to: kept in the task's own storage, so that a process id used again is never mistaken. */
#pragma once
#include "bpf_api.h"
#include "joblens.h"

/* Of one thread to and from one peer, not yet booked on the job: `messages.h`. Who has set `is_held` may change them. */
struct messages {
    u64 is_held;
    struct peer_key peer;
    struct traffic traffic;
};

struct member {
    u64 handle;
    u64 folded_cpu_ns;
    u64 other_read, other_written;
    u32 is_folded, is_dying;
    struct messages messages;
};

struct {
    NUMBER(type, TASK_STORAGE);
    NUMBER(map_flags, NO_PREALLOC);
    TYPE(key, int);
    TYPE(value, struct member);
} members SEC(".maps");

struct {
    NUMBER(type, RINGBUF);
    NUMBER(max_entries, 512 << 10); /* mapped twice by the reader, all of it */
} events SEC(".maps");

struct shared shared;

ALWAYS_INLINE struct member *member_of(struct task_struct *task) {
    return bpf_task_storage_get(&members, task, NULL, 0);
}

/* A worker of io_uring is a thread of the process that no fork was told of: its leader says whose it is. */
ALWAYS_INLINE struct member *member_of_process(struct task_struct *task) {
    struct member *member = member_of(task);
    return member ? member : member_of(task->group_leader);
}

/* The job, unless its slot was given to another since. */
ALWAYS_INLINE struct job *job_of(u64 handle) {
    struct job *job = &shared.jobs[handle & (MAX_JOBS - 1)];
    return job->handle == handle && job->state == RUNNING ? job : NULL;
}

ALWAYS_INLINE void add_member(struct task_struct *task, u64 handle) {
    struct job *job = job_of(handle);
    if (!job)
        return;
    struct member *member = bpf_task_storage_get(&members, task, NULL, CREATE);
    if (!member) {
        ADD(shared.lost_events, 1);
        return;
    }
    if (__sync_val_compare_and_swap(&member->handle, 0, handle) != 0)
        return; /* a pass over the tasks met a new one before its fork was told, or the other way round: it counts once */
    ADD(job->alive, 1);
    ADD(job->unsettled, 1);
}

/* Told at once where a job waits for its name, otherwise when a quarter of the ring is used. */
ALWAYS_INLINE long tell(const void *event, u64 size, bool is_urgent) {
    bool wake = is_urgent || bpf_ringbuf_query(&events, AVAILABLE_DATA) > (128 << 10);
    return bpf_ringbuf_output(&events, event, size, wake ? FORCE_WAKEUP : NO_WAKEUP);
}

/* How long a task waited for block devices, where the kernel accounts for that. */
ALWAYS_INLINE u64 io_wait_of(struct task_struct *task) {
    if (!FIELD_EXISTS(struct task_struct, delays))
        return 0;
    struct task_delay_info *delays = task->delays;
    return delays ? delays->blkio_delay : 0;
}

ALWAYS_INLINE void add_to(bool is_alone, u64 *counter, u64 amount) {
    if (is_alone)
        *counter += amount;
    else
        ADD(*counter, amount);
}

/* What the kernel has counted of one task. Who `is_alone` to add there need not lock each figure. */
ALWAYS_INLINE void fold(struct counters *into, struct task_struct *task, struct member *member, bool is_alone) {
    add_to(is_alone, &into->cpu_ns, task->se.sum_exec_runtime);
    add_to(is_alone, &into->rchar, task->ioac.rchar);
    add_to(is_alone, &into->wchar, task->ioac.wchar);
    add_to(is_alone, &into->read_bytes, task->ioac.read_bytes);
    add_to(is_alone, &into->write_bytes, task->ioac.write_bytes);
    add_to(is_alone, &into->syscr, task->ioac.syscr);
    add_to(is_alone, &into->syscw, task->ioac.syscw);
    add_to(is_alone, &into->minor_faults, task->min_flt);
    add_to(is_alone, &into->major_faults, task->maj_flt);
    add_to(is_alone, &into->voluntary_switches, task->nvcsw);
    add_to(is_alone, &into->involuntary_switches, task->nivcsw);
    if (FIELD_EXISTS(struct task_struct, sched_info.run_delay))
        add_to(is_alone, &into->cpu_wait_ns, task->sched_info.run_delay);
    add_to(is_alone, &into->io_wait_ns, io_wait_of(task));
    add_to(is_alone, &into->other_read, member->other_read);
    add_to(is_alone, &into->other_written, member->other_written);
}

ALWAYS_INLINE void add_traffic(struct traffic *traffic, bool is_write, u64 bytes) {
    if (is_write) {
        ADD(traffic->write_bytes, bytes);
        ADD(traffic->write_ops, 1);
    } else {
        ADD(traffic->read_bytes, bytes);
        ADD(traffic->read_ops, 1);
    }
}
