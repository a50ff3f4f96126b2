/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The table of files: an entry for each job and file, told by its path once. */
#pragma once
#include "membership.h"
#include "places.h"

#define MAX_DEPTH 64

struct {
    NUMBER(type, HASH);
    NUMBER(max_entries, MAX_PLACES);
    NUMBER(map_flags, NO_PREALLOC);
    TYPE(key, struct file_key);
    TYPE(value, struct file_value);
} files SEC(".maps");

struct {
    NUMBER(type, PERCPU_ARRAY);
    NUMBER(max_entries, 3); /* one for each program: one may interrupt another */
    TYPE(key, u32);
    TYPE(value, struct file_named);
} file_named_room SEC(".maps");

enum room { OF_CALLS, OF_RINGS, OF_SAMPLES };

struct walk {
    struct file_named *event;
    struct dentry *dentry, *root;
    struct mount *mount, *root_mount;
    u32 length, is_crossed;
};

static struct mount *mount_of(struct vfsmount *inner) {
    return (void *)inner - FIELD_OFFSET(struct mount, mnt);
}

/* A mount's root goes on at its mount point. */
static long walk_over_mount(struct walk *walk) {
    struct mount *above = FIELD(walk->mount, mnt_parent);
    if (above == walk->mount) {
        walk->event->truncated = 0;
        return STOP;
    }
    if (!walk->is_crossed)
        walk->event->below_mount = walk->event->parts;
    walk->is_crossed = 1;
    walk->dentry = FIELD(walk->mount, mnt_mountpoint);
    walk->mount = above;
    return GO_ON;
}

static long walk_up(u64 turn, struct walk *walk) {
    struct dentry *dentry = walk->dentry;
    if (dentry == walk->root && walk->mount == walk->root_mount) {
        walk->event->truncated = 0;
        return STOP;
    }
    struct dentry *parent = FIELD(dentry, d_parent);
    if (dentry == parent || dentry == FIELD(walk->mount, mnt.mnt_root))
        return walk_over_mount(walk);
    u32 length = walk->length;
    if (length >= PATH_ROOM - 256)
        return STOP;
    long got = bpf_probe_read_kernel_str(walk->event->path + length, 256, FIELD(dentry, d_name.name));
    if (got <= 0)
        return STOP;
    walk->length = length + got;
    walk->event->parts++;
    walk->dentry = parent;
    return GO_ON;
}

/* The path as the job sees it: up to its own root, over mount points. */
ALWAYS_INLINE void write_path(struct file_named *event, struct task_struct *task, struct file *file) {
    struct walk walk = {
        .event = event,
        .dentry = FIELD(file, f_path.dentry),
        .mount = mount_of(FIELD(file, f_path.mnt)),
        .root = FIELD(FIELD(task, fs), root.dentry),
        .root_mount = mount_of(FIELD(FIELD(task, fs), root.mnt)),
    };
    event->parts = event->below_mount = 0;
    event->truncated = 1;
    bpf_loop(MAX_DEPTH, walk_up, &walk, 0);
    if (!walk.is_crossed)
        event->below_mount = event->parts;
    event->length = walk.length;
}

ALWAYS_INLINE void read_text(char *to, u32 size, const char *from) {
    to[0] = 0;
    if (from)
        bpf_probe_read_kernel_str(to, size, from);
}

static __attribute__((noinline)) long tell_file(struct file_key *key, u32 room, struct task_struct *task, struct file *file) {
    struct file_named *event = bpf_map_lookup_elem(&file_named_room, &room);
    if (!event || !key)
        return -1;
    event->head = (struct event){FILE_NAMED, FIELD(task, tgid), key->handle};
    event->key = *key;
    struct super_block *super = FIELD(FIELD(file, f_inode), i_sb);
    read_text(event->type, sizeof event->type, FIELD(FIELD(super, s_type), name));
    read_text(event->subtype, sizeof event->subtype, FIELD(super, s_subtype));
    read_text(event->source, sizeof event->source, FIELD(mount_of(FIELD(file, f_path.mnt)), mnt_devname));
    write_path(event, task, file);
    u32 length = event->length;
    if (length > PATH_ROOM)
        return -1;
    return tell(event, sizeof *event - PATH_ROOM + length, false);
}

/* The entry of a file, a new one within the job's bound; NULL where the job's sum of other files has to do. */
ALWAYS_INLINE struct file_value *entry_of(struct file_key *key, struct job *job) {
    struct file_value *value = bpf_map_lookup_elem(&files, key);
    if (value)
        return value;
    if (!has_place(job->files, shared.files_per_job, &shared.files))
        return NULL;
    struct file_value empty = {};
    if (!bpf_map_update_elem(&files, key, &empty, NOEXIST)) {
        ADD(job->files, 1);
        ADD(shared.files.taken, 1);
    }
    return bpf_map_lookup_elem(&files, key);
}

ALWAYS_INLINE void book(struct job *job, struct task_struct *task, struct file *file, bool is_write, u64 bytes, u32 room) {
    struct inode *inode = file->f_inode;
    struct file_key key = {job->handle, inode->i_ino, inode->i_sb->s_dev, inode->i_generation};
    struct file_value *value = entry_of(&key, job);
    if (!value) {
        add_traffic(&job->other_files, is_write, bytes);
        return;
    }
    add_traffic(&value->traffic, is_write, bytes);
    if (!value->named && !tell_file(&key, room, task, file)) /* a full ring: the next operation names it */
        value->named = 1;
}

ALWAYS_INLINE bool is_regular(struct file *file) {
    return (file->f_inode->i_mode & MODE_TYPE) == MODE_REGULAR;
}
