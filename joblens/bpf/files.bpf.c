/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Bytes and operations of each job on each file: exactly, at the end of every system call that moves data, or sampled
   from the positions of open files. */
#include "files.h"

#define MODE_READABLE 1
#define MODE_WRITABLE 2
#define STATUS_COMPAT 2 /* x86-64: a 32-bit call, its numbers are others */

static __attribute__((noinline)) int book_descriptor(struct member *member, u64 descriptor, bool is_write, u64 bytes) {
    struct job *job = member ? job_of(member->handle) : NULL;
    struct task_struct *task = bpf_get_current_task_btf();
    struct fdtable *table = task->files->fdt;
    struct file *address = NULL;
    if (!job || descriptor >= table->max_fds)
        return 0;
    bpf_probe_read_kernel(&address, sizeof address, table->fd + descriptor);
    if (!address)
        return 0;
    struct file *file = AS(struct file, address);
    if (is_regular(file))
        book(job, task, file, is_write, bytes, OF_CALLS);
    else if (is_write)
        member->other_written += bytes;
    else
        member->other_read += bytes;
    return 0;
}

struct call { u64 number, first, second, third; };

ALWAYS_INLINE struct call call_of(struct pt_regs *registers) {
    if (FIELD_EXISTS(struct pt_regs___arm64, syscallno)) {
        struct pt_regs___arm64 *arm = (void *)registers;
        return (struct call){arm->syscallno, arm->orig_x0, arm->regs[1], arm->regs[2]};
    }
    return (struct call){registers->orig_ax, registers->di, registers->si, registers->dx};
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
