#!/usr/bin/env bash
# One sweep on a Slurm cluster, a part to each task of the array. From the repository's root:
#
#   sbatch --array=1-8 deploy/slurm-array.sh SWEEP.json [FLAGS OF SWEEP]
#
# What ran out of time has saved its state and goes on when the whole array is submitted again; finished runs are skipped.
# Add --gres=gpu:1 where the nodes have GPUs. docs/headless.md tells more.
#SBATCH --job-name=feedback-lab
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --mem=4G
#SBATCH --time=04:00:00
#SBATCH --signal=TERM@60
set -euo pipefail

sweep=${1:?Give the sweep file: sbatch --array=1-8 deploy/slurm-array.sh SWEEP.json}
shift
: "${SLURM_ARRAY_TASK_ID:?Submit it as an array: sbatch --array=1-8 deploy/slurm-array.sh SWEEP.json}"

# srun hands Slurm's signal on to the program itself, which npm and a shell would keep from it.
exec srun node scripts/run.js src/headless/lab.ts sweep "$sweep" \
  --shard "$((SLURM_ARRAY_TASK_ID - SLURM_ARRAY_TASK_MIN + 1))/$SLURM_ARRAY_TASK_COUNT" "$@"
