/* A job that talks by io_uring alone: sends 40 bytes by UDP and 5,000 by TCP to itself, and takes them after a look.
   `ring FILE` writes the ports of the UDP receiver, the UDP sender, the listener and the client to FILE. */
#include <arpa/inet.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct io_uring_params params;
static int ring;
static char *queue, *completions;
static struct io_uring_sqe *entries;

static void *mapped(size_t size, off_t at) {
    void *found = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, at);
    if (found == MAP_FAILED)
        exit(2);
    return found;
}

static int number(char *base, unsigned offset) { return *(volatile unsigned *)(base + offset); }

/* One operation, to its end: what it moved. */
static int done(int operation, int socket, void *room, unsigned size, unsigned flags) {
    unsigned tail = number(queue, params.sq_off.tail), slot = tail & number(queue, params.sq_off.ring_mask);
    entries[slot] = (struct io_uring_sqe){
        .opcode = operation, .fd = socket, .addr = (unsigned long)room, .len = size, .msg_flags = flags};
    ((unsigned *)(queue + params.sq_off.array))[slot] = slot;
    __atomic_store_n((unsigned *)(queue + params.sq_off.tail), tail + 1, __ATOMIC_RELEASE);
    if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
        exit(3);
    unsigned head = number(completions, params.cq_off.head);
    struct io_uring_cqe *all = (void *)(completions + params.cq_off.cqes);
    int result = all[head & number(completions, params.cq_off.ring_mask)].res;
    __atomic_store_n((unsigned *)(completions + params.cq_off.head), head + 1, __ATOMIC_RELEASE);
    return result;
}

static int bound(int kind, struct sockaddr_in *address) {
    socklen_t size = sizeof *address;
    int found = socket(AF_INET, kind, 0);
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(found, (void *)address, size) || getsockname(found, (void *)address, &size))
        exit(4);
    return found;
}

static void moves(int from, int to, unsigned size) {
    static char room[8192];
    if (done(IORING_OP_SEND, from, room, size, 0) != size || done(IORING_OP_RECV, to, room, size, MSG_PEEK) != size ||
        done(IORING_OP_RECV, to, room, size, MSG_WAITALL) != size)
        exit(5);
}

int main(int count, char **argv) {
    struct sockaddr_in one, other, listening, connecting;
    ring = syscall(SYS_io_uring_setup, 4, &params);
    if (ring < 0 || count < 2)
        return 77;
    queue = mapped(params.sq_off.array + params.sq_entries * sizeof(unsigned), IORING_OFF_SQ_RING);
    completions = mapped(params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe), IORING_OFF_CQ_RING);
    entries = mapped(params.sq_entries * sizeof *entries, IORING_OFF_SQES);
    int sender = bound(SOCK_DGRAM, &one), receiver = bound(SOCK_DGRAM, &other);
    int listener = bound(SOCK_STREAM, &listening), client = bound(SOCK_STREAM, &connecting);
    if (connect(sender, (void *)&other, sizeof other) || connect(receiver, (void *)&one, sizeof one) ||
        listen(listener, 1) || connect(client, (void *)&listening, sizeof listening))
        return 6;
    moves(sender, receiver, 40);
    moves(client, accept(listener, NULL, NULL), 5000);
    FILE *file = fopen(argv[1], "w");
    fprintf(file, "%d %d %d %d\n", ntohs(other.sin_port), ntohs(one.sin_port), ntohs(listening.sin_port), ntohs(connecting.sin_port));
    return fclose(file);
}
