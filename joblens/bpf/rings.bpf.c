/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* io_uring moves data without system calls; its completions say of which file and how much. */
#include "files.h"

enum ring_operation { RING_READV = 1, RING_WRITEV, RING_READ_FIXED = 4, RING_WRITE_FIXED, RING_READ = 22, RING_WRITE };

ALWAYS_INLINE bool ring_reads(u8 operation) {
    return operation == RING_READV || operation == RING_READ_FIXED || operation == RING_READ;
}

ALWAYS_INLINE bool ring_writes(u8 operation) {
    return operation == RING_WRITEV || operation == RING_WRITE_FIXED || operation == RING_WRITE;
}

/* A worker of the ring is a thread of the process that no fork was told of: its leader says whose it is. */
ALWAYS_INLINE struct member *member_of_process(struct task_struct *task) {
    struct member *member = member_of(task);
    return member ? member : member_of(task->group_leader);
}

SEC("tp_btf/io_uring_complete") int on_ring_complete(u64 *arguments) {
    struct task_struct *task = bpf_get_current_task_btf();
    struct member *member = member_of_process(task);
    struct job *job = member ? job_of(member->handle) : NULL;
    if (!job)
        return 0;
    struct io_kiocb *request = AS(struct io_kiocb, (void *)arguments[1]);
    s32 bytes = request->cqe.res;
    bool is_write = ring_writes(request->opcode);
    if (bytes <= 0 || !(is_write || ring_reads(request->opcode)) || !request->file)
        return 0;
    struct file *file = AS(struct file, request->file);
    if (!is_regular(file))
        return 0;
    add_traffic(&job->rings, is_write, bytes);
    book(job, task, file, is_write, bytes, OF_RINGS);
    return 0;
}
