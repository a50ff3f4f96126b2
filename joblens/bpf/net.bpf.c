/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Bytes over internet sockets, of each job and of each peer; loopback is sent and received, so it counts in both. */
#include "membership.h"
#include "places.h"

#define FAMILY_IPV4 2
#define FAMILY_IPV6 10
#define MESSAGE_PEEK 2

struct {
    NUMBER(type, HASH);
    NUMBER(max_entries, MAX_PLACES);
    NUMBER(map_flags, NO_PREALLOC);
    TYPE(key, struct peer_key);
    TYPE(value, struct traffic);
} peers SEC(".maps");

ALWAYS_INLINE bool is_internet(struct sock *socket) {
    u16 family = socket->__sk_common.skc_family;
    return family == FAMILY_IPV4 || family == FAMILY_IPV6;
}

ALWAYS_INLINE struct peer_key key_of(struct sock *socket, u64 handle) {
    struct peer_key key = {.handle = handle};
    key.port = socket->__sk_common.skc_dport;
    key.protocol = socket->sk_protocol;
    key.family = socket->__sk_common.skc_family;
    if (key.family == FAMILY_IPV6)
        bpf_probe_read_kernel(key.address, 16, &socket->__sk_common.skc_v6_daddr);
    else
        bpf_probe_read_kernel(key.address, 4, &socket->__sk_common.skc_daddr);
    return key;
}

/* Peers beyond the bound are what the job's total has more than the table. */
static __attribute__((noinline)) int book_peer(struct peer_key *key, u32 is_write, u64 bytes) {
    struct job *job = key ? job_of(key->handle) : NULL;
    if (!job)
        return 0;
    struct traffic *traffic = bpf_map_lookup_elem(&peers, key);
    if (!traffic) {
        if (!has_place(job->peers, shared.peers_per_job, &shared.peers))
            return 0;
        struct traffic empty = {};
        if (!bpf_map_update_elem(&peers, key, &empty, NOEXIST)) {
            ADD(job->peers, 1);
            ADD(shared.peers.taken, 1);
        }
        traffic = bpf_map_lookup_elem(&peers, key);
        if (!traffic)
            return 0;
    }
    add_traffic(traffic, is_write, bytes);
    return 0;
}

SEC("tp_btf/sock_send_length") int on_send(u64 *arguments) {
    struct sock *socket = (void *)arguments[0];
    s32 bytes = arguments[1];
    if (bytes <= 0 || !is_internet(socket))
        return 0;
    struct member *member = member_of(bpf_get_current_task_btf());
    if (!member)
        return 0;
    member->net_tx += bytes;
    struct peer_key key = key_of(socket, member->handle);
    return book_peer(&key, true, bytes);
}

SEC("tp_btf/sock_recv_length") int on_receive(u64 *arguments) {
    struct sock *socket = (void *)arguments[0];
    s32 bytes = arguments[1], flags = arguments[2];
    if (bytes <= 0 || flags & MESSAGE_PEEK || !is_internet(socket))
        return 0;
    struct member *member = member_of(bpf_get_current_task_btf());
    if (!member)
        return 0;
    member->net_rx += bytes;
    struct peer_key key = key_of(socket, member->handle);
    return book_peer(&key, false, bytes);
}
