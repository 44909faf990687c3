#!/usr/bin/env bash
# A Slurm of one node out of Debian's packages, to try deploy/slurm-array.sh on: bash deploy/slurm-single-node.sh, as root.
set -euo pipefail

config=/etc/slurm/slurm.conf
if [ -e "$config" ]; then
  echo "$config is there already: this machine has a Slurm." >&2
  exit 1
fi
apt-get update -qq
apt-get install -y -qq --no-install-recommends slurmctld slurmd slurm-client munge

cat >"$config" <<CONF
ClusterName=single
SlurmctldHost=$(hostname -s)
SlurmUser=root
StateSaveLocation=/var/lib/slurm/slurmctld
SlurmdSpoolDir=/var/lib/slurm/slurmd
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
$(slurmd -C | head -n 1) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
mkdir -p /var/lib/slurm/slurmctld /var/lib/slurm/slurmd /run/munge
chown munge: /run/munge

# Started by hand, because a container has no service manager.
pgrep -x munged >/dev/null || runuser -u munge -- munged
slurmctld
slurmd
sinfo
