# Stands for ghcr.io/mlflow/mlflow:v3.17.2. Checked in mlflow/mlflow, docker/Dockerfile: Python's own slim image (3.11, in /usr/local) with `pip install mlflow`, nothing
# else; no entry point, no port, no user, no folder of its own.
# Differs: Debian's Python 3.11; the same packages from PyPI, without their tests.

apt-get update
apt-get install --yes --no-install-recommends python3 python3-pip
pip install --no-cache-dir --break-system-packages mlflow==3.17.2
ln -s /usr/bin/python3 /usr/local/bin/python
find /usr/local/lib/python3.11 -name tests -path '*/dist-packages/*' -prune -exec rm -rf {} +
apt-get purge --yes --auto-remove python3-pip
mlflow --version
