"""Kills the manager at every event boundary of recorded flows and looks at what is left: `make bench NAME=crash`.

`killing` wraps the real seams (ledger, model, workers' sockets) so that the process kills itself at one boundary ·
`world` is what effects are counted in · `flows` what is played · `play` one life of the manager · `outcome` what it all
came to · `matrix` plays every flow at every boundary and compares. Nothing in the product knows of it.
"""
