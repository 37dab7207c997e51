#!/usr/bin/env bash
# The whole family, one command: the teacher, then the four students, JOBS at a time, then the export.
# Resumable: run it again after a cut-off; finished epochs are kept in fashion_mnist/.work.
#   JOBS=2 DEVICE=cpu SEED=0 models/training/fashion_mnist/run-all.sh [--data DIR]
set -euo pipefail
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-/usr/bin/python3}
common=(--device "${DEVICE:-cpu}" --seed "${SEED:-0}" --teacher-seed "${SEED:-0}" "$@")
"$PYTHON" -m fashion_mnist.train teacher "${common[@]}"
printf '%s\n' bi-vit scaling baseline ranking |
  xargs -P "${JOBS:-2}" -I{} "$PYTHON" -m fashion_mnist.train {} "${common[@]}"
"$PYTHON" -m fashion_mnist.export --seed "${SEED:-0}" "$@"
