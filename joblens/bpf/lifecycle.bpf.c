/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Fork, exec and exit: which tasks are of a job, when it began and ended, and what its first program was given. */
#include "dying.h"
#include "messages.h"

#define MAX_ANCESTORS 64
#define MAX_CGROUP_DEPTH 16
#define MAX_GIVEN 64 /* descriptors of a job that begins are looked at */

struct {
    NUMBER(type, PERCPU_ARRAY);
    NUMBER(max_entries, 1);
    TYPE(key, u32);
    TYPE(value, struct executed);
} executed_room SEC(".maps");

struct {
    NUMBER(type, PERCPU_ARRAY);
    NUMBER(max_entries, 1);
    TYPE(key, u32);
    TYPE(value, struct environment);
} environment_room SEC(".maps");

ALWAYS_INLINE bool is_named(const char *name, const char *other) {
    for (int i = 0; i < NAME_LENGTH; i++) {
        if (name[i] != other[i])
            return false;
        if (!name[i])
            return true;
    }
    return true;
}

/* A starter is known by the name of its process, whichever of its threads forks. Anybody can take that name: whose real
   user is not root takes no slot from the jobs. */
ALWAYS_INLINE bool is_starter(struct task_struct *task) {
    if (FIELD(FIELD(task, cred), uid.val) && !shared.any_user_starts)
        return false;
    char name[NAME_LENGTH];
    bpf_probe_read_kernel(name, sizeof name, &FIELD(task, group_leader)->comm);
    for (int i = 0; i < MAX_STARTERS; i++)
        if (shared.starters[i][0] && is_named(name, shared.starters[i]))
            return true;
    return false;
}

struct slot_search { u64 root_pid; u32 first, slot; };

static long try_slot(u64 turn, struct slot_search *search) {
    u32 slot = (search->first + turn) & (MAX_JOBS - 1);
    if (shared.jobs[slot].state != FREE)
        return GO_ON;
    if (__sync_val_compare_and_swap(&shared.jobs[slot].state, FREE, TAKEN) != FREE)
        return GO_ON;
    search->slot = slot;
    return STOP;
}

ALWAYS_INLINE u32 take_slot(void) {
    struct slot_search search = {.first = ADD(shared.next_slot, 1), .slot = MAX_JOBS};
    bpf_loop(MAX_JOBS, try_slot, &search, 0);
    if (search.slot >= MAX_JOBS)
        ADD(shared.lost_events, 1);
    return search.slot;
}

/* The handle of a new job, 0 when every slot is taken. User space has cleared the slot; its handle has the last job's. */
ALWAYS_INLINE u64 new_job(struct task_struct *root, u64 started_ns, bool is_adopted) {
    u32 slot = take_slot();
    if (slot >= MAX_JOBS)
        return 0;
    struct job *job = &shared.jobs[slot];
    u64 handle = job->handle ? job->handle + MAX_JOBS : MAX_JOBS + slot;
    job->handle = handle;
    job->root_pid = FIELD(root, tgid);
    job->starter_pid = FIELD(FIELD(root, real_parent), tgid);
    job->uid = FIELD(FIELD(root, cred), uid.val);
    bpf_probe_read_kernel(job->name, sizeof job->name, &root->comm);
    job->started_ns = started_ns;
    job->adopted = job->named = is_adopted; /* user space names the adopted */
    job->state = RUNNING;
    return handle;
}

SEC("tp_btf/sched_process_fork") int on_fork(u64 *arguments) {
    struct task_struct *parent = (void *)arguments[0], *child = (void *)arguments[1];
    struct member *member = member_of(parent);
    u64 handle = 0;
    if (member)
        handle = member->handle;
    else if (child->tgid != parent->tgid && is_starter(parent))
        handle = new_job(child, bpf_ktime_get_boot_ns(), false);
    if (handle)
        add_member(child, handle);
    return 0;
}

ALWAYS_INLINE struct kernfs_node *parent_of(struct kernfs_node *node) {
    if (FIELD_EXISTS(struct kernfs_node, __parent))
        return FIELD(node, __parent);
    return FIELD((struct kernfs_node___before_6_15 *)node, parent);
}

ALWAYS_INLINE void write_cgroup(struct executed *event, struct task_struct *task) {
    struct kernfs_node *node = FIELD(FIELD(FIELD(task, cgroups), dfl_cgrp), kn);
    u32 length = 0;
    event->parts = 0;
    for (int i = 0; i < MAX_CGROUP_DEPTH && length < PATH_ROOM - 256; i++) {
        struct kernfs_node *parent = parent_of(node);
        if (!parent)
            break;
        long got = bpf_probe_read_kernel_str(event->cgroup + (length & (PATH_ROOM - 1)), 256, FIELD(node, name));
        if (got <= 0)
            break;
        length += got;
        event->parts++;
        node = parent;
    }
    event->length = length;
}

ALWAYS_INLINE long tell_executed(struct task_struct *task, struct job *job) {
    u32 zero = 0;
    struct executed *event = bpf_map_lookup_elem(&executed_room, &zero);
    if (!event)
        return -1;
    event->head = (struct event){EXECUTED, task->tgid, job->handle};
    event->starter_pid = job->starter_pid;
    event->is_first = job->execs == 1;
    event->uid = FIELD(FIELD(task, cred), uid.val);
    event->when_ns = job->started_ns;
    bpf_probe_read_kernel(event->name, sizeof event->name, &task->comm);
    write_cgroup(event, task);
    u32 length = event->length;
    if (length > PATH_ROOM)
        return -1;
    return tell(event, sizeof *event - PATH_ROOM + length, false);
}

/* Read here and not from /proc: a job of a millisecond is gone before anybody could look. */
ALWAYS_INLINE long tell_environment(struct task_struct *task, u64 handle) {
    u32 zero = 0;
    struct environment *event = bpf_map_lookup_elem(&environment_room, &zero);
    if (!event)
        return -1;
    u64 start = FIELD(FIELD(task, mm), env_start), end = FIELD(FIELD(task, mm), env_end);
    event->head = (struct event){ENVIRONMENT, task->tgid, handle};
    for (int i = 0; i < ENVIRONMENT_CHUNKS; i++) {
        u64 left = end > start ? end - start : 0;
        u32 length = left < ENVIRONMENT_CHUNK ? left : ENVIRONMENT_CHUNK;
        event->last = left <= ENVIRONMENT_CHUNK || i == ENVIRONMENT_CHUNKS - 1;
        if (bpf_probe_read_user(event->text, length, (void *)start))
            length = 0;
        event->length = length;
        if (tell(event, sizeof *event - ENVIRONMENT_CHUNK + length, event->last))
            return -1;
        if (event->last)
            break;
        start += length;
    }
    return 0;
}

struct given { struct file **files; u64 connections; };

static long count_if_connection(u64 descriptor, struct given *given) {
    struct file *file = NULL;
    bpf_probe_read_kernel(&file, sizeof file, given->files + descriptor);
    if (!file || (FIELD(FIELD(file, f_inode), i_mode) & MODE_TYPE) != MODE_SOCKET)
        return GO_ON;
    struct socket *socket = FIELD(file, private_data);
    given->connections += FIELD(FIELD(socket, sk), sk_protocol) == PROTOCOL_TCP;
    return GO_ON;
}

ALWAYS_INLINE bool has_connections(struct task_struct *task) {
    struct fdtable *table = task->files->fdt;
    struct given given = {.files = table->fd};
    u32 descriptors = table->max_fds;
    bpf_loop(descriptors < MAX_GIVEN ? descriptors : MAX_GIVEN, count_if_connection, &given, 0);
    return given.connections;
}

SEC("tp_btf/sched_process_exec") int on_exec(u64 *arguments) {
    struct task_struct *task = (void *)arguments[0];
    struct member *member = member_of(task);
    struct job *job = member ? job_of(member->handle) : NULL;
    if (!job)
        return 0;
    if (!ADD(job->execs, 1) && has_connections(task))
        ADD(shared.given, 1);
    if (job->named)
        return 0;
    if (tell_executed(task, job) || tell_environment(task, member->handle))
        ADD(shared.lost_events, 1); /* the next exec tries again */
    else
        job->named = 1;
    return 0;
}

SEC("tp_btf/sched_process_exit") int on_exit(u64 *arguments) {
    struct task_struct *task = (void *)arguments[0];
    struct member *member = member_of(task);
    struct job *job = member ? job_of(member->handle) : NULL;
    if (!job || member->is_folded)
        return 0;
    member->is_folded = 1;
    member->folded_cpu_ns = task->se.sum_exec_runtime;
    fold(&job->ended, task, member, false);
    book_kept(member);
    u64 peak = task->signal->maxrss;
    if (peak > job->peak_pages)
        job->peak_pages = peak;
    await_last_stretch(task, member);
    if (ADD(job->alive, -1) == 1) {
        job->quiet_ns = bpf_ktime_get_boot_ns();
        ADD(shared.fell_quiet, 1);
    }
    return 0;
}

/* Up to ten seconds after the exit. A pass over the tasks has settled most of them long before. */
SEC("tp_btf/sched_process_free") int on_free(u64 *arguments) {
    struct task_struct *task = (void *)arguments[0];
    struct member *member = member_of(task);
    if (!member || (!take_out((u64)task) && member->is_dying))
        return 0;
    settle(member->handle, task->se.sum_exec_runtime - member->folded_cpu_ns);
    return 0;
}

static long is_job_of_root(u64 slot, struct slot_search *search) {
    struct job *job = &shared.jobs[slot & (MAX_JOBS - 1)];
    if (job->state != RUNNING || job->root_pid != search->root_pid)
        return GO_ON;
    search->slot = slot;
    return STOP;
}

struct climb { struct task_struct *task, *root; };

static long climb_to_parent(u64 turn, struct climb *climb) {
    struct task_struct *parent = FIELD(climb->task, real_parent);
    if (!parent || parent == climb->task)
        return STOP;
    if (is_starter(parent) && !is_starter(climb->task)) /* a starter's own child that became nothing else yet is none */
        climb->root = climb->task;
    climb->task = FIELD(parent, group_leader);
    return GO_ON;
}

/* Runs once, at the beginning: the jobs that run already. The outermost starter counts, as it does for a fork. */
SEC("iter/task") int adopt(struct bpf_iter__task *context) {
    struct task_struct *task = context->task;
    if (!task || member_of(task))
        return 0;
    struct climb climb = {.task = FIELD(task, group_leader)};
    bpf_loop(MAX_ANCESTORS, climb_to_parent, &climb, 0);
    if (!climb.root)
        return 0;
    struct slot_search search = {.root_pid = FIELD(climb.root, tgid), .slot = MAX_JOBS};
    bpf_loop(MAX_JOBS, is_job_of_root, &search, 0);
    u64 handle;
    if (search.slot < MAX_JOBS)
        handle = shared.jobs[search.slot & (MAX_JOBS - 1)].handle;
    else
        handle = new_job(climb.root, FIELD(climb.root, start_boottime), true);
    if (handle)
        add_member(task, handle);
    return 0;
}
