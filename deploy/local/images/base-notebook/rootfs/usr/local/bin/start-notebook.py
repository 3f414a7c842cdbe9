#!/usr/bin/env python
"""As upstream: starts `jupyter lab` (or DOCKER_STACKS_JUPYTER_CMD) with NOTEBOOK_ARGS and the arguments given."""

import os
import shlex
import sys

command = ["jupyter", os.environ.get("DOCKER_STACKS_JUPYTER_CMD", "lab")]
command += shlex.split(os.environ.get("NOTEBOOK_ARGS", "")) + sys.argv[1:]
os.execvp(command[0], command)
