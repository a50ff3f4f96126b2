/* Jobs that count themselves: `load JOBS WORKERS SECONDS FOLDER THINK_MS STARTER`. Each job has a starter of its own, in
   whose title Slurm's job number stands. Every worker writes a file, reads a shared one, talks over loopback and computes;
   at its end it adds a line to FOLDER/truth, and the starter one with the CPU time that the kernel told it of the job. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BLOCKS = 110, BLOCK = 4096 };

struct counts { unsigned long long read, reads, written, writes, sent, received; };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void say(const char *folder, const char *line) {
    char path[512];
    snprintf(path, sizeof path, "%s/truth", folder);
    int file = open(path, O_CREAT | O_WRONLY | O_APPEND, 0644);
    if (write(file, line, strlen(line)) < 0)
        exit(1);
    close(file);
}

static int listener(struct sockaddr_in *address) {
    socklen_t length = sizeof *address;
    int file = socket(AF_INET, SOCK_STREAM, 0);
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(file, (void *)address, length) || listen(file, 1) || getsockname(file, (void *)address, &length))
        exit(1);
    return file;
}

static void turn(int out, int in, int client, int server, unsigned *seed, struct counts *counts) {
    static char room[65536];
    long done = pwrite(out, room, rand_r(seed) % 16384 + 1, rand_r(seed) % 64 * 16384);
    counts->written += done, counts->writes++;
    done = pread(in, room, rand_r(seed) % 32768 + 1, rand_r(seed) % 100 * BLOCK);
    counts->read += done, counts->reads++;
    long sent = send(client, room, rand_r(seed) % 8192 + 1, 0), received = 0;
    counts->sent += sent;
    while (received < sent)
        received += read(server, room, sent - received);
    counts->received += received;
    for (volatile int each = 0; each < 100000; each++) {
    }
}

static void work(int job, int worker, double seconds, const char *folder, int think_ms) {
    char path[512], line[1024];
    unsigned seed = job * 31 + worker;
    struct counts counts = {};
    struct sockaddr_in here, there;
    socklen_t length = sizeof there;
    snprintf(path, sizeof path, "%s/shared", folder);
    int in = open(path, O_RDONLY);
    snprintf(path, sizeof path, "%s/job%d.%d", folder, job, worker);
    int out = open(path, O_CREAT | O_RDWR | O_TRUNC, 0644), listening = listener(&here);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(client, (void *)&here, sizeof here))
        exit(1);
    int server = accept(listening, (void *)&there, &length);
    for (double end = now() + seconds; now() < end;) {
        turn(out, in, client, server, &seed, &counts);
        usleep((think_ms / 2 + rand_r(&seed) % think_ms) * 1000);
    }
    snprintf(line, sizeof line, "worker %d %s %llu %llu %llu %llu %d %d %llu %llu\n", job, path, counts.read, counts.reads,
             counts.written, counts.writes, ntohs(here.sin_port), ntohs(there.sin_port), counts.sent, counts.received);
    say(folder, line);
    exit(0);
}

static int run_job(int job, char **argv) {
    for (int worker = 0; worker < atoi(argv[1]); worker++)
        if (!fork())
            work(job, worker, atof(argv[2]), argv[3], atoi(argv[4]));
    while (wait(NULL) > 0) {
    }
    return 0;
}

static int run_starter(char *number, char **argv) {
    char line[128];
    struct rusage used;
    prctl(PR_SET_NAME, argv[5]);
    if (!fork()) {
        setenv("SLURM_JOB_ID", number, 1);
        execl("/proc/self/exe", "job", "--job", number, argv[1], argv[2], argv[3], argv[4], argv[5], NULL);
        exit(1);
    }
    if (wait3(NULL, 0, &used) < 0)
        return 1;
    snprintf(line, sizeof line, "cpu %s %lld\n", number,
             (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000LL + used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    say(argv[3], line);
    return 0;
}

int main(int count, char **argv) {
    if (count > 7 && !strcmp(argv[1], "--job"))
        return run_job(atoi(argv[2]), argv + 2);
    if (count > 7 && !strcmp(argv[1], "--starter"))
        return run_starter(argv[2], argv + 2);
    char path[512], title[64], number[16], block[BLOCK] = {1};
    snprintf(path, sizeof path, "%s/shared", argv[4]);
    int shared = open(path, O_CREAT | O_WRONLY, 0644);
    for (int each = 0; each < BLOCKS; each++)
        if (write(shared, block, BLOCK) < 0)
            return 1;
    for (int job = 1; job <= atoi(argv[1]); job++) {
        snprintf(title, sizeof title, "slurmstepd: [%d.0]", job);
        snprintf(number, sizeof number, "%d", job);
        if (!fork()) {
            execl("/proc/self/exe", title, "--starter", number, argv[2], argv[3], argv[4], argv[5], argv[6], NULL);
            exit(1);
        }
    }
    while (wait(NULL) > 0) {
    }
    return 0;
}
