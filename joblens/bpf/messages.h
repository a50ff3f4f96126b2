/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Messages over internet sockets that are not of TCP, told by calls and by rings. A thread keeps those with one peer to
   itself, because the table of peers costs more than all else. They are booked when it turns to another peer, in each
   pass over the tasks, and at its exit. */
#pragma once
#include "peers.h"

#define IS_COPY (0x2 | 0x2000) /* flags of receiving: to look only (MSG_PEEK), or what was sent itself (MSG_ERRQUEUE) */

/* The thread and a pass never wait for each other: the thread books itself what it cannot keep, the pass comes again. */
ALWAYS_INLINE bool take_hold(struct messages *messages) {
    return !__sync_val_compare_and_swap(&messages->is_held, 0, 1);
}

ALWAYS_INLINE void let_go(struct messages *messages) { ADD(messages->is_held, -1); }

/* By who holds them. */
ALWAYS_INLINE void book_held(struct messages *messages) {
    book_peer(&messages->peer, &messages->traffic);
    messages->traffic = (struct traffic){};
}

/* One whose messages count here; NULL for others. MPTCP goes over connections of TCP. */
ALWAYS_INLINE struct sock *messenger_of(struct file *file) {
    if ((file->f_inode->i_mode & MODE_TYPE) != MODE_SOCKET || !file->private_data)
        return NULL;
    struct sock *socket = AS(struct socket, file->private_data)->sk;
    u16 protocol = socket->sk_protocol;
    return protocol != PROTOCOL_TCP && protocol != PROTOCOL_MPTCP && is_internet(socket) ? socket : NULL;
}

typedef u64 __attribute__((may_alias)) word;

ALWAYS_INLINE bool is_same(struct peer_key *one, struct peer_key *other) {
    word *ones = (word *)one, *others = (word *)other;
    u64 differs = 0;
    for (u32 i = 0; i < sizeof *one / sizeof(word); i++)
        differs |= ones[i] ^ others[i];
    return !differs;
}

/* Of the thread that runs. */
ALWAYS_INLINE void keep_messages(struct member *member, struct sock *socket, struct traffic more) {
    struct messages *kept = &member->messages;
    struct peer_key peer = peer_key_of(socket, member->handle);
    if (!take_hold(kept)) {
        book_peer(&peer, &more);
        return;
    }
    if (!is_same(&kept->peer, &peer)) {
        if (kept->peer.handle)
            book_held(kept);
        kept->peer = peer;
    }
    kept->traffic.read_bytes += more.read_bytes;
    kept->traffic.read_ops += more.read_ops;
    kept->traffic.write_bytes += more.write_bytes;
    kept->traffic.write_ops += more.write_ops;
    let_go(kept);
}

/* What was kept, booked; nothing where the thread is just adding to it. */
ALWAYS_INLINE struct traffic book_kept(struct member *member) {
    struct messages *kept = &member->messages;
    struct traffic booked = {};
    if (!(kept->traffic.read_ops | kept->traffic.write_ops) || !take_hold(kept))
        return booked;
    booked = kept->traffic;
    book_held(kept);
    let_go(kept);
    return booked;
}
