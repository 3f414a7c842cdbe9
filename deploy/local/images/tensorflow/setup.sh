# Stands for docker.io/tensorflow/tensorflow:2.20.0. Checked in tensorflow/build, tensorflow_runtime_dockerfiles/cpu.Dockerfile, and in the package tensorflow 2.20.0 (it
# asks for tensorboard ~=2.20.0): `tensorboard` in /usr/local/bin, its command is a shell, no entry point, no user of its own.
# Differs: Debian's Python 3.11; TensorBoard and what it needs, without TensorFlow, which TensorBoard works without.

apt-get update
apt-get install --yes --no-install-recommends python3 python3-pip python3-setuptools
pip install --no-cache-dir --break-system-packages tensorboard==2.20.0 tensorboardX==2.6.4
find /usr/local/lib/python3.11 -name tests -path '*/dist-packages/*' -prune -exec rm -rf {} +
apt-get purge --yes --auto-remove python3-pip
ln -s /usr/bin/python3 /usr/local/bin/python
tensorboard --version
