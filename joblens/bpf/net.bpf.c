/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Bytes over TCP, of each job and of each peer, as the kernel itself counts them: nothing is paid for a message. A
   connection is of the job that made it or listened for it; its figures are read in a pass and when its state changes. */
#include "peers.h"

enum tcp_state { ESTABLISHED = 1, SYN_SENT, SYN_RECEIVED, CLOSED = 7, CLOSE_WAIT, LISTENS = 10 };
#define SOCKET_DONE (1 << 1) /* flag of a socket: its peer has said that nothing more comes */
#define TRIES 4

/* What is booked already: bytes on the job, and bytes and packets that had any on the peer; and the numbers of the first
   bytes, modulo 2^32 as TCP has them. */
struct connection {
    u64 socket, number; /* its address, and its place in the table of those that a pass reads: 0 for none */
    u64 handle, sent, received, told_sent, told_received;
    u32 packets_sent, packets_received, sent_from, received_from;
    u32 has_begun, is_over, has_sent_syn, pad;
};

/* What is accepted gets a copy of the listener's. */
struct {
    NUMBER(type, SK_STORAGE);
    NUMBER(map_flags, NO_PREALLOC | CLONE);
    TYPE(key, int);
    TYPE(value, struct connection);
} sockets SEC(".maps");

/* A pass goes over those that have begun, and it alone removes them: so no memory is used again while it reads. One that
   finds no room is read when its state changes. */
struct {
    NUMBER(type, HASH);
    NUMBER(max_entries, MAX_CONNECTIONS);
    NUMBER(map_flags, NO_PREALLOC);
    TYPE(key, u64);
    TYPE(value, struct connection);
} connections SEC(".maps");

ALWAYS_INLINE struct connection *connection_of(struct sock *socket) {
    struct connection *own = bpf_sk_storage_get(&sockets, socket, NULL, 0);
    if (!own || !own->number)
        return own;
    u64 number = own->number;
    return bpf_map_lookup_elem(&connections, &number);
}

ALWAYS_INLINE void let_a_pass_read(struct sock *socket, struct connection *connection) {
    u64 number = ADD(shared.connections, 1) + 1;
    connection->socket = (u64)socket;
    if (!bpf_map_update_elem(&connections, &number, connection, NOEXIST))
        connection->number = number;
}

/* A count of 64 bits from one that is about right, because it is made of several fields that the kernel changes one
   after the other, and the exact low half of it. */
ALWAYS_INLINE u64 exactly(u64 about, u32 low) { return about + (s32)(low - (u32)about); }

/* What the job has given to TCP, whether it has been acknowledged or not. */
ALWAYS_INLINE u64 sent_by(struct tcp_sock *tcp, struct connection *connection) {
    u32 next = tcp->write_seq;
    return exactly(tcp->bytes_acked + (u32)(next - tcp->snd_una), next - connection->sent_from);
}

/* What the job has read. The end of the stream has a number, too; before that is read, something comes after it. */
ALWAYS_INLINE u64 received_by(struct sock *socket, struct tcp_sock *tcp, struct connection *connection) {
    bool has_end = socket->__sk_common.skc_flags & SOCKET_DONE;
    IN_THIS_ORDER();
    u32 read = tcp->copied_seq;
    IN_THIS_ORDER();
    u32 arrived = tcp->rcv_nxt;
    u64 all = tcp->bytes_received;
    if (!all) /* nothing came, or it was disconnected: its counts begin anew */
        return connection->received;
    return exactly(all - (u32)(arrived - read), read - connection->received_from - (has_end && read == arrived));
}

/* On the job, of one direction, what is new. Where a pass and a change of state meet, one of them books. */
ALWAYS_INLINE void book_until(struct connection *connection, bool is_write, u64 now) {
    u64 *booked = is_write ? &connection->sent : &connection->received;
    for (int i = 0; i < TRIES; i++) {
        u64 before = *booked;
        if (now <= before)
            return;
        if (__sync_val_compare_and_swap(booked, before, now) != before)
            continue;
        struct job *job = job_of(connection->handle);
        if (job)
            ADD(*(is_write ? &job->ended.net_tx : &job->ended.net_rx), now - before);
        return;
    }
}

/* On the peer, what has been booked on the job since: the table of peers takes most of the time, and is read less often. */
ALWAYS_INLINE void tell_peer(struct sock *socket, struct tcp_sock *tcp, struct connection *connection) {
    u64 sent = connection->sent, received = connection->received;
    u32 packets_sent = tcp->data_segs_out, packets_received = tcp->data_segs_in;
    if (sent == connection->told_sent && received == connection->told_received)
        return;
    struct traffic more = {
        .read_bytes = received - EXCHANGE(connection->told_received, received),
        .read_ops = (s32)(packets_received - EXCHANGE(connection->packets_received, packets_received)),
        .write_bytes = sent - EXCHANGE(connection->told_sent, sent),
        .write_ops = (s32)(packets_sent - EXCHANGE(connection->packets_sent, packets_sent)),
    };
    struct peer_key peer = peer_key_of(socket, connection->handle);
    add_to_peer(&peer, &more);
}

/* Later the end of the stream is numbered as well, and nothing more can be sent. */
ALWAYS_INLINE bool may_send(u32 state) { return state == ESTABLISHED || state == CLOSE_WAIT || state == SYN_RECEIVED; }

ALWAYS_INLINE void begin(struct tcp_sock *tcp, struct connection *connection) {
    connection->sent_from = tcp->snd_una - (u32)tcp->bytes_acked + connection->has_sent_syn;
    connection->received_from = tcp->rcv_nxt - (u32)tcp->bytes_received;
    connection->has_begun = 1;
}

/* Who connects or listens does it itself; all other changes may come from the network, whoever runs at the time. */
ALWAYS_INLINE void own(struct sock *socket, bool sends_syn) {
    struct member *member = member_of_process(bpf_get_current_task_btf());
    struct connection *before = connection_of(socket);
    if (before)
        before->is_over = 1;
    struct connection *connection = bpf_sk_storage_get(&sockets, socket, NULL, member ? CREATE : 0);
    if (connection)
        *connection = (struct connection){.handle = member ? member->handle : 0, .has_sent_syn = sends_syn};
    else if (member)
        ADD(shared.lost_events, 1);
}

SEC("tp_btf/inet_sock_set_state") int on_connection(u64 *arguments) {
    struct sock *socket = (void *)arguments[0];
    u32 before = arguments[1], after = arguments[2];
    struct tcp_sock *tcp = bpf_skc_to_tcp_sock(socket);
    if (!tcp)
        return 0;
    if (after == SYN_SENT || after == LISTENS) {
        own(socket, after == SYN_SENT);
        return 0;
    }
    struct connection *connection = connection_of(socket);
    if (!connection)
        return 0;
    if (after == ESTABLISHED || before == SYN_RECEIVED) {
        begin(tcp, connection);
        let_a_pass_read(socket, connection);
        connection = connection_of(socket);
    }
    if (!connection || !connection->has_begun)
        return 0;
    if (may_send(before))
        book_until(connection, true, sent_by(tcp, connection));
    book_until(connection, false, received_by(socket, tcp, connection));
    tell_peer(socket, tcp, connection);
    return 0;
}

/* What had come before the connection was closed may be read until here. */
SEC("tp_btf/tcp_destroy_sock") int on_connection_end(u64 *arguments) {
    struct sock *socket = (void *)arguments[0];
    struct tcp_sock *tcp = bpf_skc_to_tcp_sock(socket);
    struct connection *connection = tcp ? connection_of(socket) : NULL;
    if (!connection)
        return 0;
    connection->is_over = 1;
    if (!connection->has_begun)
        return 0;
    book_until(connection, false, received_by(socket, tcp, connection));
    tell_peer(socket, tcp, connection);
    return 0;
}

/* A socket that is gone may be another already: its entry here says that it is over. */
static long read_connection(void *map, const u64 *number, struct connection *connection, void *context) {
    struct sock *socket = AS(struct sock, (void *)connection->socket);
    struct tcp_sock *tcp = AS(struct tcp_sock, (void *)connection->socket);
    u8 state = socket->__sk_common.skc_state;
    IN_THIS_ORDER();
    u64 sent = sent_by(tcp, connection), received = received_by(socket, tcp, connection);
    IN_THIS_ORDER();
    if (connection->is_over) {
        u64 its = *number;
        bpf_map_delete_elem(&connections, &its);
        return GO_ON;
    }
    if (may_send(state) && socket->__sk_common.skc_state == state)
        book_until(connection, true, sent);
    book_until(connection, false, received);
    if (shared.tells_peers)
        tell_peer(socket, tcp, connection);
    return GO_ON;
}

SEC("syscall") int read_connections(void *context) {
    bpf_for_each_map_elem(&connections, read_connection, NULL, 0);
    return 0;
}

/* Of connections that a job has without having made them here: those from before, and what it was given. They count from
   now on. */
SEC("iter/task_file") int adopt_connections(struct bpf_iter__task_file *context) {
    struct task_struct *task = context->task;
    struct file *file = context->file;
    struct member *member = task && file ? member_of(task) : NULL;
    struct socket *of_file = member && job_of(member->handle) ? bpf_sock_from_file(file) : NULL;
    struct sock *socket = of_file ? of_file->sk : NULL;
    struct tcp_sock *tcp = socket ? bpf_skc_to_tcp_sock(socket) : NULL;
    u8 state = tcp ? socket->__sk_common.skc_state : CLOSED;
    if (state == CLOSED || connection_of(socket))
        return 0;
    struct connection *connection = bpf_sk_storage_get(&sockets, socket, NULL, CREATE);
    if (!connection)
        return 0;
    connection->has_sent_syn = state == SYN_SENT;
    if (state != SYN_SENT && state != LISTENS) {
        begin(tcp, connection);
        connection->told_sent = connection->sent = sent_by(tcp, connection);
        connection->told_received = connection->received = received_by(socket, tcp, connection);
        connection->packets_sent = tcp->data_segs_out;
        connection->packets_received = tcp->data_segs_in;
        let_a_pass_read(socket, connection);
    }
    connection = connection_of(socket);
    if (connection)
        connection->handle = member->handle;
    return 0;
}
