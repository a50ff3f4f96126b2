/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* io_uring moves data without system calls; its completions say of which file and how much. */
#include "files.h"
#include "messages.h"

enum ring_operation {
    RING_READV = 1, RING_WRITEV, RING_READ_FIXED = 4, RING_WRITE_FIXED, RING_SENDMSG = 9, RING_RECVMSG,
    RING_READ = 22, RING_WRITE, RING_SEND = 26, RING_RECV, RING_SEND_ZC = 47, RING_SENDMSG_ZC,
};

ALWAYS_INLINE bool ring_reads(u8 operation) {
    return operation == RING_READV || operation == RING_READ_FIXED || operation == RING_READ;
}

ALWAYS_INLINE bool ring_writes(u8 operation) {
    return operation == RING_WRITEV || operation == RING_WRITE_FIXED || operation == RING_WRITE;
}

ALWAYS_INLINE bool ring_receives(u8 operation) {
    return operation == RING_RECVMSG || operation == RING_RECV;
}

ALWAYS_INLINE bool ring_sends(u8 operation) {
    return operation == RING_SENDMSG || operation == RING_SEND || operation == RING_SEND_ZC || operation == RING_SENDMSG_ZC;
}

ALWAYS_INLINE bool looks_only(void *request) {
    return FIELD_EXISTS(struct io_sr_msg, msg_flags) && AS(struct io_sr_msg, request)->msg_flags & IS_COPY;
}

/* At once: who completes may be another thread than who asked. */
ALWAYS_INLINE void book_ring_message(struct job *job, struct file *file, struct traffic more) {
    struct sock *socket = messenger_of(file);
    if (!socket)
        return;
    struct peer_key peer = peer_key_of(socket, job->handle);
    book_peer(&peer, &more);
}

SEC("tp_btf/io_uring_complete") int on_ring_complete(u64 *arguments) {
    struct task_struct *task = bpf_get_current_task_btf();
    struct member *member = member_of_process(task);
    struct job *job = member ? job_of(member->handle) : NULL;
    if (!job)
        return 0;
    struct io_kiocb *request = AS(struct io_kiocb, (void *)arguments[1]);
    s32 bytes = request->cqe.res;
    u8 operation = request->opcode;
    bool is_write = ring_writes(operation) || ring_sends(operation);
    if (bytes <= 0 || !request->file || !(is_write || ring_reads(operation) || ring_receives(operation)))
        return 0;
    if (ring_receives(operation) && looks_only((void *)arguments[1]))
        return 0;
    struct file *file = AS(struct file, request->file);
    if (!is_regular(file)) {
        book_ring_message(job, file, moved(is_write, bytes, 1));
        return 0;
    }
    add_traffic(&job->rings, is_write, bytes);
    book(job, task, file, is_write, bytes, OF_RINGS);
    return 0;
}
