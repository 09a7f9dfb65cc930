"""The mean of the squares 1, 4, 9, ..., n*n: each rank adds up its own part of them."""
import json
import socket
import sys

from mpi4py import MPI

n = int(sys.argv[1])
world = MPI.COMM_WORLD
own_sum = sum(i * i for i in range(1 + world.rank, n + 1, world.size))
sums = world.gather((socket.gethostname(), own_sum))
if world.rank == 0:
    total = sum(part for _, part in sums)
    print(json.dumps({"n": n, "sum": str(total), "mean": total / n, "ranks": world.size, "hosts": sorted({host for host, _ in sums})}))
