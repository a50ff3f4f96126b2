/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the kernel offers to a BPF program: helpers by their numbers in the kernel's interface, and the sections and
   map declarations that libbpf understands. */
#pragma once
#include "vmlinux.h"

#define SEC(name) __attribute__((section(name), used))
#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum map_type { HASH = 1, PERCPU_ARRAY = 6, SK_STORAGE = 24, RINGBUF = 27, TASK_STORAGE = 29 };
enum { NO_PREALLOC = 1, CLONE = 512, NOEXIST = 1, CREATE = 1, NO_WAKEUP = 1, FORCE_WAKEUP = 2, AVAILABLE_DATA = 0 };

/* Fields of a map's declaration: a number is the length of an array type, a type that of a pointer. */
#define NUMBER(name, value) int (*name)[value]
#define TYPE(name, value) value *name

#define HELPER(number, result, name, ...) static result (*const name)(__VA_ARGS__) = (void *)(number)
HELPER(1, void *, bpf_map_lookup_elem, void *map, const void *key);
HELPER(2, long, bpf_map_update_elem, void *map, const void *key, const void *value, u64 flags);
HELPER(3, long, bpf_map_delete_elem, void *map, const void *key);
HELPER(107, void *, bpf_sk_storage_get, void *map, struct sock *socket, void *value, u64 flags);
HELPER(112, long, bpf_probe_read_user, void *to, u32 size, const void *from);
HELPER(113, long, bpf_probe_read_kernel, void *to, u32 size, const void *from);
HELPER(115, long, bpf_probe_read_kernel_str, void *to, u32 size, const void *from);
HELPER(125, u64, bpf_ktime_get_boot_ns, void);
HELPER(127, long, bpf_seq_write, struct seq_file *seq, const void *data, u32 size);
HELPER(130, long, bpf_ringbuf_output, void *ring, const void *data, u64 size, u64 flags);
HELPER(134, u64, bpf_ringbuf_query, void *ring, u64 what);
HELPER(137, struct tcp_sock *, bpf_skc_to_tcp_sock, struct sock *socket);
HELPER(156, void *, bpf_task_storage_get, void *map, struct task_struct *task, void *value, u64 flags);
HELPER(158, struct task_struct *, bpf_get_current_task_btf, void);
HELPER(162, struct socket *, bpf_sock_from_file, struct file *file);
HELPER(164, long, bpf_for_each_map_elem, void *map, void *body, void *context, u64 flags);
HELPER(181, long, bpf_loop, u32 turns, void *body, void *context, u64 flags);

extern void *bpf_rdonly_cast(const void *object, u32 btf_id) __attribute__((section(".ksyms"), weak));

/* An address as a typed, readable object: its fields are read as in plain C, and a bad address reads 0. */
#define AS(type, address) ((type *)bpf_rdonly_cast((address), __builtin_btf_type_id(*(type *)0, 1)))

/* One field of an object that the verifier does not know. */
#define FIELD(object, field)                                                                                           \
    ({                                                                                                                 \
        typeof((object)->field) value_;                                                                                \
        bpf_probe_read_kernel(&value_, sizeof value_, &(object)->field);                                               \
        value_;                                                                                                        \
    })
#define FIELD_EXISTS(type, field) __builtin_preserve_field_info(((type *)0)->field, 2)
#define FIELD_OFFSET(type, field) __builtin_preserve_field_info(((type *)0)->field, 0)

/* What the body of a `bpf_loop` returns. */
enum { GO_ON, STOP };

/* Fields of what another CPU changes meanwhile are read in the order in which they stand. */
#define IN_THIS_ORDER() asm volatile("" ::: "memory")

#define EXCHANGE(counter, value) __sync_lock_test_and_set(&(counter), (value))
#define ADD(counter, amount) __sync_fetch_and_add(&(counter), (amount))
