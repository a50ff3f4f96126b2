/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One object of all programs: they share the table of jobs and the membership of tasks. */
#include "lifecycle.bpf.c"
#include "usage.bpf.c"
#include "files.bpf.c"
#include "rings.bpf.c"
#include "net.bpf.c"

char LICENSE[] SEC("license") = "Dual BSD/GPL";
