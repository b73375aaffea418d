#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# One run as a Slurm array, and its merge when all tasks are done:
#
#     sbatch --array=0-15 slurm.sh scenario.json 1000000
#     sbatch --dependency=afterok:JOB --wrap 'pricesim merge shards/*.shard -o result.json'
#
# Tasks that failed are run again with the same line: what is there is not run twice. The folder must be on storage that
# all nodes share.
#SBATCH --job-name=pricesim
#SBATCH --cpus-per-task=4
#SBATCH --time=01:00:00
set -eu
scenario=$1 paths=$2
mkdir -p shards
exec pricesim run "$scenario" --paths "$paths" --threads "${SLURM_CPUS_PER_TASK:-1}" --quiet \
    --shard auto -o "shards/$SLURM_ARRAY_TASK_ID.shard"
