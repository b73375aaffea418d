#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# One run by the ranks of one job, eight cores each:
#
#     sbatch --nodes=4 --ntasks-per-node=4 slurm_mpi.sh scenario.json 1000000
#
# A job that was cut off goes on with the same line, with any number of nodes. The folder must be on storage that the first
# node reaches; the scenario's files must be readable on all. Open MPI has to be built with Slurm's support (Debian's is).
#SBATCH --job-name=pricesim
#SBATCH --cpus-per-task=8
#SBATCH --time=01:00:00
set -eu
scenario=$1 paths=$2
exec mpirun --map-by "slot:PE=$SLURM_CPUS_PER_TASK" \
    --mca oob_tcp_keepalive_time 10 --mca oob_tcp_keepalive_intvl 2 --mca oob_tcp_keepalive_probes 3 \
    pricesim-mpi run "$scenario" --paths "$paths" --mpi --threads "$SLURM_CPUS_PER_TASK" --quiet \
    --checkpoint parts -o result.json
