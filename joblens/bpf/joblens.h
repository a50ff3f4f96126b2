/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the programs and their readers share; `layout.py` mirrors it, and a test compares the two. */
#pragma once

#define MAX_JOBS 2048 /* a power of two: the low bits of a handle are its slot */
#define MAX_STARTERS 8
#define NAME_LENGTH 16
#define MAX_SYSCALLS 512
#define MAX_PLACES 16384 /* of files on a host, and as many of peers */
#define MAX_CONNECTIONS 16384 /* of a host that a pass reads */
#define ENVIRONMENT_CHUNK 8192
#define ENVIRONMENT_CHUNKS 16
#define PATH_ROOM 4096

enum job_state { FREE, RUNNING, ENDED, TAKEN }; /* user space alone frees */
enum event_type { EXECUTED = 1, ENVIRONMENT, FILE_NAMED };
enum syscall_kind { NOT_IO, READS, WRITES, SENDS_FILE, COPIES, SENDS, RECEIVES, RECEIVES_ONE, SENDS_MANY, RECEIVES_MANY };

struct counters {
    u64 cpu_ns, rchar, wchar, read_bytes, write_bytes, syscr, syscw;
    u64 net_rx, net_tx; /* of the job's sockets, whoever uses them: in `ended` at once */
    u64 minor_faults, major_faults, voluntary_switches, involuntary_switches;
    u64 cpu_wait_ns, io_wait_ns; /* 0 where the kernel keeps none */
    u64 other_read, other_written; /* by calls on what is no regular file: pipes, terminals, sockets */
};

struct traffic { u64 read_bytes, read_ops, write_bytes, write_ops; };

struct job {
    u64 state, handle, root_pid, starter_pid, uid, started_ns, adopted, alive, unsettled, execs, named;
    char name[NAME_LENGTH];
    u64 epoch, rss_pages, swap_pages, processes, threads, peak_pages;
    u64 quiet_ns;               /* since when nothing of it is alive, by the clock of boot */
    u64 files, peers;           /* entries in the tables of files and of peers */
    struct counters ended;      /* of tasks that are no more: exact */
    struct counters passed;     /* `ended` when this epoch's pass first met the job, and the tasks that it met */
    struct counters told;       /* the most that was told of it while it ran */
    struct traffic other_files; /* beyond the bound */
    struct traffic rings;       /* by io_uring, booked on files as well */
};

/* A job as it is told: the figures of `Usage` in its order, then what readers of files need besides. */
struct usage {
    u64 handle, cpu_ns, rchar, wchar, read_bytes, write_bytes, syscr, syscw, net_rx, net_tx;
    u64 minor_faults, major_faults, voluntary_switches, involuntary_switches, cpu_wait_ms, io_wait_ms;
    u64 rss_bytes, rss_peak_bytes, swap_bytes, processes, threads, has_ended, ended_ns;
    u64 other_read, other_written;
    struct traffic other_files, rings;
};

struct places { u64 all, taken, given_back; }; /* `taken` rises here alone, the others are user space's */

struct shared { /* the one global: mapped by user space */
    u64 epoch, next_slot, lost_events, fell_quiet; /* the last: jobs of which nothing is alive any more, ever */
    u64 given;                                         /* jobs that began with somebody else's connections, ever */
    u64 connections;                                   /* that were numbered, ever */
    u64 dying;                                         /* tasks whose last stretch is awaited */
    u64 files_per_job, peers_per_job, any_user_starts, tells_peers, page_bytes;
    struct places files, peers;
    char starters[MAX_STARTERS][NAME_LENGTH];
    u8 syscalls[MAX_SYSCALLS]; /* enum syscall_kind, by number, of this machine's architecture */
    struct job jobs[MAX_JOBS];
    u64 told; /* so many of the next are of the last telling */
    struct usage usages[MAX_JOBS];
};

struct file_key { u64 handle, inode; u32 device, generation; };
struct file_value { struct traffic traffic; u64 named; };

struct peer_key { u64 handle; u32 address[4]; u16 port, protocol, family, pad; };

struct event { u32 type, pid; u64 handle; };
struct executed { struct event head; u64 starter_pid, uid, when_ns, is_first; char name[NAME_LENGTH]; u32 length, parts; char cgroup[PATH_ROOM]; };
struct environment { struct event head; u32 length, last; char text[ENVIRONMENT_CHUNK]; };
struct file_named {
    struct event head;
    struct file_key key;
    char type[NAME_LENGTH], subtype[2 * NAME_LENGTH], source[2 * NAME_LENGTH]; /* of the file system */
    u32 length, parts, below_mount, truncated; /* parts: names from the file upwards, each with its NUL */
    char path[PATH_ROOM];
};
