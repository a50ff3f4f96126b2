/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One pass over the tasks reads what the kernel counts of them anyway: nothing is paid for each event. */
#include "dying.h"
#include "messages.h"

enum { FILE_PAGES, ANONYMOUS_PAGES, SWAPPED_PAGES, SHARED_PAGES };

/* Pages as the kernel's own approximate counter has them (off by its batch on each CPU at most), never below 0. The index
   is a constant each time: only then is the size of an element relocated too. */
#define PAGES(mm, kind)                                                                                                \
    ({                                                                                                                 \
        s64 count_ = FIELD_EXISTS(struct mm_struct___before_6_2, rss_stat.count)                                       \
                         ? ((struct mm_struct___before_6_2 *)(mm))->rss_stat.count[kind]                               \
                         : (mm)->rss_stat[kind].count;                                                                 \
        count_ > 0 ? (u64)count_ : 0;                                                                                  \
    })

ALWAYS_INLINE void begin_epoch(struct job *job) {
    job->epoch = shared.epoch;
    job->rss_pages = job->swap_pages = job->processes = job->threads = 0;
    job->passed = job->ended;
}

ALWAYS_INLINE void add_memory(struct job *job, struct mm_struct *mm) {
    job->rss_pages += PAGES(mm, FILE_PAGES) + PAGES(mm, ANONYMOUS_PAGES) + PAGES(mm, SHARED_PAGES);
    job->swap_pages += PAGES(mm, SWAPPED_PAGES);
    if (job->rss_pages > job->peak_pages)
        job->peak_pages = job->rss_pages;
}

/* Threads that no fork was told of, as the workers of io_uring, are of their process. */
ALWAYS_INLINE struct member *found_member(struct task_struct *task) {
    struct member *member = member_of(task);
    if (member || task->pid == task->tgid)
        return member;
    struct member *leader = member_of(task->group_leader);
    if (!leader || leader->is_folded)
        return NULL;
    add_member(task, leader->handle);
    return member_of(task);
}

SEC("iter/task") int sample(struct bpf_iter__task *context) {
    struct task_struct *task = context->task;
    if (!task)
        settle_all(); /* after the last one */
    struct member *member = task ? found_member(task) : NULL;
    struct job *job = member ? job_of(member->handle) : NULL;
    if (!job || member->is_folded)
        return 0;
    if (job->epoch != shared.epoch)
        begin_epoch(job);
    fold(&job->passed, task, member, true);
    struct traffic booked = book_kept(member); /* on the job, but after this epoch began */
    job->passed.net_rx += booked.read_bytes;
    job->passed.net_tx += booked.write_bytes;
    job->threads++;
    if (task->pid != task->tgid)
        return 0;
    job->processes++;
    if (task->mm)
        add_memory(job, task->mm);
    return 0;
}

#define NS_PER_MS 1000000

ALWAYS_INLINE void raise_to(struct counters *told, struct counters *counted) {
    word *most = (word *)told, *now = (word *)counted;
    for (u32 i = 0; i < sizeof *told / sizeof(word); i++)
        most[i] = now[i] > most[i] ? now[i] : most[i];
}

/* Tasks that end while a pass goes on are missed by it and are in the next: what is told of a job that runs never falls.
   Of one that has ended its tasks' last figures are all there is. */
ALWAYS_INLINE struct counters *told_counters(struct job *job, bool has_ended, bool is_met) {
    if (has_ended)
        return &job->ended;
    raise_to(&job->told, is_met ? &job->passed : &job->ended);
    return &job->told;
}

ALWAYS_INLINE void tell_counters(struct usage *usage, struct counters *told) {
    word *to = (word *)&usage->cpu_ns, *from = (word *)told;
    for (u32 i = 0; i <= __builtin_offsetof(struct counters, involuntary_switches) / sizeof(word); i++)
        to[i] = from[i];
    usage->cpu_wait_ms = told->cpu_wait_ns / NS_PER_MS;
    usage->io_wait_ms = told->io_wait_ns / NS_PER_MS;
    usage->other_read = told->other_read;
    usage->other_written = told->other_written;
}

static long tell_usage(u64 slot, void *context) {
    struct job *job = &shared.jobs[slot & (MAX_JOBS - 1)];
    u64 state = job->state;
    if (state != RUNNING && state != ENDED)
        return GO_ON;
    bool has_ended = state == ENDED, is_met = job->epoch == shared.epoch && job->alive;
    struct usage *usage = &shared.usages[shared.told++ & (MAX_JOBS - 1)];
    usage->handle = job->handle;
    tell_counters(usage, told_counters(job, has_ended, is_met));
    usage->rss_bytes = is_met ? job->rss_pages * shared.page_bytes : 0;
    usage->rss_peak_bytes = job->peak_pages * shared.page_bytes;
    usage->swap_bytes = is_met ? job->swap_pages * shared.page_bytes : 0;
    usage->processes = is_met ? job->processes : 0;
    usage->threads = is_met ? job->threads : 0;
    usage->has_ended = has_ended;
    usage->ended_ns = has_ended ? job->quiet_ns : 0;
    usage->other_files = job->other_files;
    usage->rings = job->rings;
    return GO_ON;
}

/* After a pass: what it found of all jobs, one after the other, so that user space reads it at once. */
SEC("syscall") int tell_usages(void *context) {
    shared.told = 0;
    bpf_loop(MAX_JOBS, tell_usage, NULL, 0);
    return 0;
}

struct membership { u64 handle, pid; };

/* Which processes are of which job, as pairs read from the iterator. */
SEC("iter/task") int list_members(struct bpf_iter__task *context) {
    struct task_struct *task = context->task;
    struct member *member = task ? member_of(task) : NULL;
    if (!member || member->is_folded || task->pid != task->tgid)
        return 0;
    struct membership row = {member->handle, task->tgid};
    bpf_seq_write(context->meta->seq, &row, sizeof row);
    return 0;
}
