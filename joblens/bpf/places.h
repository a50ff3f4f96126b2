/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Fair shares of the tables of files and of peers, which all jobs of the host have together. */
#pragma once
#include "joblens.h"

/* A job may hold a quarter of what is free at most, besides its bound: the more is taken the less it gets, and for who
   comes later there is always a rest. (Dynamic thresholds; Choudhury and Hahne, IEEE/ACM Trans. Netw. 6 (1998) 130.) */
ALWAYS_INLINE bool has_place(u64 held, u64 bound, struct places *places) {
    u64 used = places->taken - places->given_back;
    return held < bound && used < places->all && held < (places->all - used) / 4;
}
