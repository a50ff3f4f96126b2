/* Bytes that each process moved through each descriptor by read and write, counted at every system call of the host. */
#include <uapi/linux/ptrace.h>

struct key { u32 process, descriptor; };
BPF_HASH(bytes, struct key, u64, 65536);

RAW_TRACEPOINT_PROBE(sys_exit) {
    struct pt_regs *registers = (struct pt_regs *)ctx->args[0];
    s64 result = ctx->args[1];
    u64 call = 0, descriptor = 0, none = 0;
    if (result <= 0)
        return 0;
    bpf_probe_read_kernel(&call, sizeof call, &registers->orig_ax);
    if (call != 0 && call != 1 && call != 17 && call != 18) /* read, write, pread64, pwrite64 of x86-64 */
        return 0;
    bpf_probe_read_kernel(&descriptor, sizeof descriptor, &registers->di);
    struct key key = {bpf_get_current_pid_tgid() >> 32, descriptor};
    u64 *sum = bytes.lookup_or_try_init(&key, &none);
    if (sum)
        __sync_fetch_and_add(sum, result);
    return 0;
}
