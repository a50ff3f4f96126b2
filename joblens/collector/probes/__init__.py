"""How process trees are observed: the seam (`probe`), its level by `/proc` and its double; eBPF is in `joblens.bpf`."""
