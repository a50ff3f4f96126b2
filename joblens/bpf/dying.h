/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The scheduler books the last stretch of a task's CPU time after its exit. Who takes a task out of this table books it
   on the job: a pass over the tasks, or the freeing of the task, which the kernel may put off for seconds. */
#pragma once
#include "membership.h"

#define TASK_DEAD 0x80
#define NO_SUCH_ENTRY (-2) /* ENOENT */
#define MAX_TAKE_OUTS 4

struct last_stretch { u64 handle, folded_cpu_ns; };

struct {
    NUMBER(type, HASH);
    NUMBER(max_entries, 16384); /* a task that finds no room is settled when it is freed */
    NUMBER(map_flags, NO_PREALLOC);
    TYPE(key, u64); /* the address of a task, which is its own until it is freed */
    TYPE(value, struct last_stretch);
} dying SEC(".maps");

ALWAYS_INLINE void await_last_stretch(struct task_struct *task, struct member *member) {
    u64 address = (u64)task;
    struct last_stretch stretch = {member->handle, member->folded_cpu_ns};
    member->is_dying = !bpf_map_update_elem(&dying, &address, &stretch, 0);
    ADD(shared.dying, member->is_dying);
}

/* Whether it was still there. Other failures are locks that were not to be had in time, on a host that is overrun. */
ALWAYS_INLINE bool take_out(u64 address) {
    for (int i = 0; i < MAX_TAKE_OUTS; i++) {
        long failure = bpf_map_delete_elem(&dying, &address);
        if (failure == NO_SUCH_ENTRY)
            return false;
        if (failure)
            continue;
        ADD(shared.dying, -1);
        return true;
    }
    return false;
}

ALWAYS_INLINE void settle(u64 handle, u64 cpu_ns) {
    struct job *job = job_of(handle);
    if (!job)
        return;
    ADD(job->ended.cpu_ns, cpu_ns);
    if (ADD(job->unsettled, -1) == 1)
        job->state = ENDED;
}

/* What was read is of a task that was there, if it is still in the table afterwards: it leaves that before it is freed. */
static long settle_if_over(void *map, const u64 *key, struct last_stretch *stretch, void *context) {
    u64 address = *key;
    struct task_struct *task = (void *)address;
    if (FIELD(task, __state) != TASK_DEAD || FIELD(task, on_cpu))
        return GO_ON;
    struct last_stretch was = *stretch;
    u64 cpu_ns = FIELD(task, se.sum_exec_runtime);
    if (take_out(address))
        settle(was.handle, cpu_ns - was.folded_cpu_ns);
    return GO_ON;
}

ALWAYS_INLINE void settle_all(void) {
    if (shared.dying) /* to go over a table without entries takes its time, too */
        bpf_for_each_map_elem(&dying, settle_if_over, NULL, 0);
}
