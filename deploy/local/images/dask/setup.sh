# Stands for ghcr.io/dask/dask:2026.7.1. Checked in dask/dask-docker, base/Dockerfile, base/prepare.sh and docker-compose.yml: Python and Dask in /opt/conda, whose bin is the
# first of the PATH, `tini -g -- /usr/bin/prepare.sh`, which runs what it is given, a folder /opt/app, no user of its own.
# Differs: Debian's Python 3.11 in a virtual environment, without conda, mamba, cmake, streamz and pyarrow; prepare.sh installs nothing.

apt-get update
apt-get install --yes --no-install-recommends python3 python3-venv tini
python3 -m venv /opt/conda
/opt/conda/bin/pip install --no-cache-dir 'dask[array,distributed,diagnostics]==2026.7.1' distributed==2026.7.1 cachey lz4
find /opt/conda -name tests -path '*/site-packages/*' -prune -exec rm -rf {} +
mkdir /opt/app
chmod 755 /usr/bin/prepare.sh
/opt/conda/bin/dask --version
