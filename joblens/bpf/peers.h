/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The table of peers: an entry for each job and address that its internet sockets talk with. */
#pragma once
#include "membership.h"
#include "places.h"

#define FAMILY_IPV4 2
#define FAMILY_IPV6 10
#define PROTOCOL_TCP 6
#define PROTOCOL_MPTCP 262

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

ALWAYS_INLINE struct peer_key peer_key_of(struct sock *socket, u64 handle) {
    struct peer_key key = {.handle = handle};
    key.port = socket->__sk_common.skc_dport;
    key.protocol = socket->sk_protocol;
    key.family = socket->__sk_common.skc_family;
    if (key.family == FAMILY_IPV4)
        key.address[0] = socket->__sk_common.skc_daddr;
    else
        for (int i = 0; i < 4; i++)
            key.address[i] = socket->__sk_common.skc_v6_daddr.in6_u.u6_addr32[i];
    return key;
}

/* The entry of a peer, a new one within the job's bound. */
ALWAYS_INLINE struct traffic *peer_of(struct peer_key *key, struct job *job) {
    struct traffic *traffic = bpf_map_lookup_elem(&peers, key);
    if (traffic)
        return traffic;
    if (!has_place(job->peers, shared.peers_per_job, &shared.peers))
        return NULL;
    struct traffic empty = {};
    if (!bpf_map_update_elem(&peers, key, &empty, NOEXIST)) {
        ADD(job->peers, 1);
        ADD(shared.peers.taken, 1);
    }
    return bpf_map_lookup_elem(&peers, key);
}

ALWAYS_INLINE struct traffic moved(bool is_write, u64 bytes, u64 operations) {
    return is_write ? (struct traffic){.write_bytes = bytes, .write_ops = operations}
                    : (struct traffic){.read_bytes = bytes, .read_ops = operations};
}

/* To add nothing takes as long as to add something. */
ALWAYS_INLINE void add_some(u64 *counter, u64 amount) {
    if (amount)
        ADD(*counter, amount);
}

/* Peers beyond the bound are what the job's total has more than the table. */
__attribute__((noinline)) int add_to_peer(struct peer_key *key, struct traffic *more) {
    struct job *job = key && more ? job_of(key->handle) : NULL;
    struct traffic *traffic = job ? peer_of(key, job) : NULL;
    if (!traffic)
        return 0;
    add_some(&traffic->read_bytes, more->read_bytes);
    add_some(&traffic->read_ops, more->read_ops);
    add_some(&traffic->write_bytes, more->write_bytes);
    add_some(&traffic->write_ops, more->write_ops);
    return 0;
}

/* On the job as well. */
ALWAYS_INLINE void book_peer(struct peer_key *key, struct traffic *more) {
    struct job *job = job_of(key->handle);
    if (!job)
        return;
    add_some(&job->ended.net_rx, more->read_bytes);
    add_some(&job->ended.net_tx, more->write_bytes);
    add_to_peer(key, more);
}
