"""A known load on a GPU, by the CUDA driver alone (`libcuda.so.1`): holds some memory and sets it, over and over.

`python3 cuda_load.py MIB BUSY`: BUSY is the share of time (0 to 1) in which the card works. It prints `ready`.
"""

from __future__ import annotations

import ctypes
import sys
import time

SLICE_S = 0.05


def checked(result: int, call: str) -> None:
    if result:
        raise SystemExit(f"{call} failed with {result}")


def allocate(cuda: ctypes.CDLL, size: int) -> ctypes.c_uint64:
    device, context, memory = ctypes.c_int(), ctypes.c_void_p(), ctypes.c_uint64()
    checked(cuda.cuInit(0), "cuInit")
    checked(cuda.cuDeviceGet(ctypes.byref(device), 0), "cuDeviceGet")
    checked(cuda.cuDevicePrimaryCtxRetain(ctypes.byref(context), device), "cuDevicePrimaryCtxRetain")
    checked(cuda.cuCtxSetCurrent(context), "cuCtxSetCurrent")
    checked(cuda.cuMemAlloc_v2(ctypes.byref(memory), ctypes.c_size_t(size)), "cuMemAlloc")
    return memory


def work(cuda: ctypes.CDLL, memory: ctypes.c_uint64, size: int, busy: float) -> None:
    until = time.monotonic() + SLICE_S * busy
    while time.monotonic() < until:
        checked(cuda.cuMemsetD32_v2(memory, ctypes.c_uint(7), ctypes.c_size_t(size // 4)), "cuMemsetD32")
        checked(cuda.cuCtxSynchronize(), "cuCtxSynchronize")


def main(mib: int, busy: float) -> None:
    cuda, size = ctypes.CDLL("libcuda.so.1"), mib * 1024 * 1024
    memory = allocate(cuda, size)
    print("ready", flush=True)
    while True:
        work(cuda, memory, size, busy)
        time.sleep(SLICE_S * (1 - busy))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
