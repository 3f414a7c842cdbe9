# Stands for docker.io/mpioperator/openmpi:v0.6.0. Checked in kubeflow/mpi-operator, build/base/Dockerfile, build/base/openmpi.Dockerfile and
# build/base/sshd_config: Debian with openssh-server, openssh-client and openmpi-bin, user `mpiuser` 1000 with a home and .sshd_config in it, SSH on
# port 2222 without strict modes and without known hosts, /var/run/sshd.
# Differs: Debian 12 (Open MPI 4.1); sshd has no capability of its own, which it needs for ports below 1024 alone.

apt-get update
apt-get install --yes --no-install-recommends openssh-server openssh-client openmpi-bin
rm -f /etc/ssh/ssh_host_*
mkdir -p /var/run/sshd
printf '%s\n' 'Host *' '    Port 2222' '    StrictHostKeyChecking no' '    UserKnownHostsFile /dev/null' >/etc/ssh/ssh_config
printf '%s\n' 'Port 2222' 'StrictModes no' >/etc/ssh/sshd_config.d/mpi.conf
useradd --create-home --shell /bin/bash --uid 1000 mpiuser
cd /home/mpiuser
printf '%s\n' 'PidFile /home/mpiuser/sshd.pid' 'HostKey /home/mpiuser/.ssh/id_rsa' 'StrictModes no' 'Port 2222' >.sshd_config
chown mpiuser: .sshd_config
mpirun --version
