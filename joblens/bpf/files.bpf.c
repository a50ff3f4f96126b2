/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Bytes and operations of each job on each file: exactly, at the end of every system call that moves data, or sampled
   from the positions of open files. */
#include "files.h"
#include "messages.h"

#define MODE_READABLE 1
#define MODE_WRITABLE 2
#define STATUS_COMPAT 2 /* x86-64: a 32-bit call, its numbers are others */
#define MAX_MESSAGE 65535

/* The file of the task that runs. A slot of its table is read as any structure of one pointer. */
ALWAYS_INLINE struct file *file_of(struct task_struct *task, u64 descriptor) {
    struct fdtable *table = task->files->fdt;
    if (descriptor >= table->max_fds)
        return NULL;
    void *address = AS(struct hlist_head, table->fd + descriptor)->first;
    return address ? AS(struct file, address) : NULL;
}

static __attribute__((noinline)) int book_descriptor(struct member *member, u64 descriptor, bool is_write, u64 bytes) {
    struct job *job = member ? job_of(member->handle) : NULL;
    struct task_struct *task = bpf_get_current_task_btf();
    struct file *file = job ? file_of(task, descriptor) : NULL;
    if (!file)
        return 0;
    if (is_regular(file)) {
        book(job, task, file, is_write, bytes, OF_CALLS);
        return 0;
    }
    if (is_write)
        member->other_written += bytes;
    else
        member->other_read += bytes;
    struct sock *socket = messenger_of(file);
    if (socket)
        keep_messages(member, socket, moved(is_write, bytes, 1));
    return 0;
}

struct call { u64 number, first, second, third, fourth; };

ALWAYS_INLINE struct call call_of(struct pt_regs *registers) {
    if (FIELD_EXISTS(struct pt_regs___arm64, syscallno)) {
        struct pt_regs___arm64 *arm = (void *)registers;
        return (struct call){arm->syscallno, arm->orig_x0, arm->regs[1], arm->regs[2], arm->regs[3]};
    }
    return (struct call){registers->orig_ax, registers->di, registers->si, registers->dx, registers->r10};
}

/* As a call on several messages leaves them. */
struct user_message { u64 header[7]; u32 length, pad; };
struct user_messages { u64 at, bytes; };

static long add_message(u64 turn, struct user_messages *messages) {
    u32 length = 0;
    struct user_message *message = (struct user_message *)messages->at + turn;
    bpf_probe_read_user(&length, sizeof length, &message->length);
    messages->bytes += length & MAX_MESSAGE; /* the job may write there, too */
    return GO_ON;
}

ALWAYS_INLINE u64 bytes_of(u64 at, u32 messages) {
    struct user_messages all = {at};
    bpf_loop(messages, add_message, &all, 0);
    return all.bytes;
}

/* Calls that go to sockets alone. */
ALWAYS_INLINE int book_messages(struct member *member, struct call *call, u8 kind, u64 result) {
    bool is_write = kind == SENDS || kind == SENDS_MANY, are_many = kind == SENDS_MANY || kind == RECEIVES_MANY;
    u64 flags = is_write ? 0 : kind == RECEIVES_ONE ? call->third : call->fourth;
    struct file *file = flags & IS_COPY ? NULL : file_of(bpf_get_current_task_btf(), call->first);
    struct sock *socket = file ? messenger_of(file) : NULL;
    if (!socket)
        return 0;
    struct traffic more = are_many ? moved(is_write, bytes_of(call->second, result), result) : moved(is_write, result, 1);
    keep_messages(member, socket, more);
    return 0;
}

SEC("tp_btf/sys_exit") int on_sys_exit(u64 *arguments) {
    s64 result = arguments[1];
    struct pt_regs *registers = (void *)arguments[0];
    if (result <= 0)
        return 0;
    struct call call = call_of(registers);
    if (call.number >= MAX_SYSCALLS)
        return 0;
    u8 kind = shared.syscalls[call.number];
    if (kind == NOT_IO)
        return 0;
    struct task_struct *task = bpf_get_current_task_btf();
    struct member *member = member_of(task);
    if (!member || task->thread_info.status & STATUS_COMPAT)
        return 0;
    if (kind >= SENDS)
        return book_messages(member, &call, kind, result);
    if (kind == READS || kind == COPIES)
        book_descriptor(member, call.first, false, result);
    if (kind == SENDS_FILE)
        book_descriptor(member, call.second, false, result);
    if (kind == WRITES || kind == SENDS_FILE)
        book_descriptor(member, call.first, true, result);
    if (kind == COPIES)
        book_descriptor(member, call.third, true, result);
    return 0;
}

/* Where nothing may be paid for a system call: how far the positions of open files are. */
SEC("iter/task_file") int sample_files(struct bpf_iter__task_file *context) {
    struct task_struct *task = context->task;
    struct file *file = context->file;
    if (!task || !file)
        return 0;
    struct member *member = member_of(task);
    struct job *job = member ? job_of(member->handle) : NULL;
    if (!job || !is_regular(file) || file->f_pos <= 0)
        return 0;
    u64 position = file->f_pos;
    struct inode *inode = file->f_inode;
    struct file_key key = {job->handle, inode->i_ino, inode->i_sb->s_dev, inode->i_generation};
    struct file_value *value = entry_of(&key, job);
    if (!value)
        return 0;
    if (file->f_mode & MODE_READABLE && !(file->f_mode & MODE_WRITABLE) && position > value->traffic.read_bytes)
        value->traffic.read_bytes = position;
    if (file->f_mode & MODE_WRITABLE && position > value->traffic.write_bytes)
        value->traffic.write_bytes = position;
    if (!value->named && !tell_file(&key, OF_SAMPLES, task, file))
        value->named = 1;
    return 0;
}
