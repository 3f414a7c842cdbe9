# Stands for quay.io/jupyter/base-notebook:2026-07-28. Checked in jupyter/docker-stacks, images/docker-stacks-foundation and
# images/base-notebook: user `jovyan` 1000 in group `users` (100), home /home/jovyan with `work`, both writable by group 100, Python and
# Jupyter in /opt/conda (writable by group 100, so that `pip install` works in a notebook), `tini -g -- start.sh`, command
# start-notebook.py, port 8888 by JUPYTER_PORT, settings in /etc/jupyter, hooks in /usr/local/bin/{start,before}-notebook.d,
# /etc/passwd writable by group 0.
# Differs: Debian's Python 3.11 in a virtual environment, without conda, mamba, notebook, nbclassic, jupyterhub, pandoc and sudo.

apt-get update
apt-get install --yes --no-install-recommends netbase python3 python3-venv tini
useradd --no-log-init --create-home --shell /bin/bash --uid 1000 --gid 100 jovyan
chmod g+w /etc/passwd
mkdir /usr/local/bin/start-notebook.d /usr/local/bin/before-notebook.d

# With the user's own packages, as conda has it.
python3 -m venv --system-site-packages /opt/conda
/opt/conda/bin/pip install --no-cache-dir jupyterlab==4.6.6
find /opt/conda -name tests -path '*/site-packages/*' -prune -exec rm -rf {} +

mkdir /home/jovyan/work /home/jovyan/.cache
chown -R 1000:100 /home/jovyan /opt/conda
chmod -R g+rwX /home/jovyan /opt/conda
find /home/jovyan /opt/conda -type d -exec chmod g+s {} +
/opt/conda/bin/jupyter lab --version
