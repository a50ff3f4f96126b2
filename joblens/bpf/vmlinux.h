/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The kernel as far as JobLens reads it. Only names and types count here: every offset is relocated when the object is
   loaded, from the BTF of the running kernel. `___` begins the mark of a layout that other kernels have. */
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
typedef long long s64;
typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct hlist_node {};
struct hlist_head { struct hlist_node *first; };

struct qstr { const unsigned char *name; };
struct file_system_type { const char *name; };
struct super_block { u32 s_dev; struct file_system_type *s_type; const char *s_subtype; };
enum inode_mode { MODE_TYPE = 0170000, MODE_SOCKET = 0140000, MODE_REGULAR = 0100000 };
struct inode { u16 i_mode; u32 i_generation; unsigned long i_ino; struct super_block *i_sb; };
struct dentry { struct dentry *d_parent; struct qstr d_name; };
struct vfsmount { struct dentry *mnt_root; };
struct mount { struct mount *mnt_parent; struct dentry *mnt_mountpoint; struct vfsmount mnt; const char *mnt_devname; };
struct path { struct vfsmount *mnt; struct dentry *dentry; };
struct file { struct inode *f_inode; u32 f_mode; s64 f_pos; struct path f_path; void *private_data; };
struct fdtable { u32 max_fds; struct file **fd; };
struct files_struct { struct fdtable *fdt; };
struct fs_struct { struct path root; };

struct percpu_counter { s64 count; };
struct mm_struct { unsigned long env_start, env_end; struct percpu_counter rss_stat[4]; };
struct mm_rss_stat___before_6_2 { s64 count[4]; };
struct mm_struct___before_6_2 { struct mm_rss_stat___before_6_2 rss_stat; };

struct kernfs_node { const char *name; struct kernfs_node *__parent; };
struct kernfs_node___before_6_15 { struct kernfs_node *parent; };
struct cgroup { struct kernfs_node *kn; };
struct css_set { struct cgroup *dfl_cgrp; };

typedef struct { u32 val; } kuid_t;
struct cred { kuid_t uid; };
struct sched_entity { u64 sum_exec_runtime; };
struct sched_info { u64 run_delay; };
struct task_delay_info { u64 blkio_delay; };
struct task_io_accounting { u64 rchar, wchar, syscr, syscw, read_bytes, write_bytes; };
struct signal_struct { unsigned long maxrss; };
struct thread_info { u32 status; };
struct task_struct {
    struct thread_info thread_info;
    u32 __state;
    s32 on_cpu;
    int pid, tgid;
    u64 start_boottime;
    unsigned long min_flt, maj_flt, nvcsw, nivcsw;
    struct task_struct *real_parent, *group_leader;
    struct mm_struct *mm;
    struct files_struct *files;
    struct fs_struct *fs;
    struct signal_struct *signal;
    struct css_set *cgroups;
    struct cred *cred;
    struct sched_entity se;
    struct task_io_accounting ioac;
    struct sched_info sched_info;
    struct task_delay_info *delays;
    char comm[16];
};

struct in6_addr { union { u32 u6_addr32[4]; } in6_u; };
struct sock_common { u16 skc_family, skc_dport; u32 skc_daddr; struct in6_addr skc_v6_daddr; u8 skc_state; unsigned long skc_flags; };
struct sock { struct sock_common __sk_common; u16 sk_protocol; };
struct tcp_sock { u64 bytes_received, bytes_acked; u32 rcv_nxt, copied_seq, write_seq, snd_una, data_segs_in, data_segs_out; };
struct socket { struct sock *sk; };

struct pt_regs { unsigned long r10, dx, si, di, orig_ax; };            /* x86-64 */
struct pt_regs___arm64 { u64 regs[31]; u64 orig_x0; s32 syscallno; };

struct io_cqe { s32 res; };
struct io_kiocb { struct file *file; u8 opcode; struct io_cqe cqe; };
struct io_sr_msg { u32 msg_flags; };

struct seq_file;
struct bpf_iter_meta { struct seq_file *seq; };
struct bpf_iter__task { struct bpf_iter_meta *meta; struct task_struct *task; };
struct bpf_iter__task_file { struct bpf_iter_meta *meta; struct task_struct *task; u32 fd; struct file *file; };

#pragma clang attribute pop
