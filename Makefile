# The commands of the project; all the work is in mara_site/run/, in Python.

# The oldest supported Python first: the pins were tried with it. One that can make environments before one that cannot.
# The system's before another of the same version: one compiled on the spot without --enable-optimizations (pyenv's) takes
# half as long again for a call.
PYTHON := $(shell for needs in "sys, ensurepip" "sys"; do for name in /usr/bin/python3.11 python3.11 python3.12 python3.13 python3; do \
	"$$name" -c "import $$needs; sys.exit(sys.version_info < (3, 11))" 2>/dev/null && echo "$$name" && exit; \
	done; done)
PORT ?=
ARGS ?=

.DEFAULT_GOAL := help
FROM ?=
REPLACE ?=

.PHONY: help demo demo-reset dev stop backup restore restore-drill restore-discard upgrade test fuzz check format messages dependencies lock python

help: ## Cette liste
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

demo: python ## Le site de démonstration, servi comme en production (PORT=8080 pour un autre port)
	@$(PYTHON) -m mara_site.run demo $(if $(PORT),--port $(PORT))

demo-reset: python ## Reconstruit la démonstration : efface tout ce qui y a été modifié
	@$(PYTHON) -m mara_site.run demo-reset

dev: python ## Le même site pour développer : rechargement automatique, erreurs détaillées
	@$(PYTHON) -m mara_site.run dev $(if $(PORT),--port $(PORT))

stop: python ## Arrête le site servi depuis ce dossier et ses bases de données
	@$(PYTHON) -m mara_site.run stop

backup: python ## Sauvegarde la base et les fichiers, et envoie la copie chiffrée si un lieu est indiqué
	@$(PYTHON) -m mara_site.run backup

restore: python ## Restaure la dernière sauvegarde (FROM=nom, FROM=copie ; REPLACE=oui pour remplacer)
	@$(PYTHON) -m mara_site.run restore $(if $(filter copie,$(FROM)),--from-copy,$(FROM)) $(if $(REPLACE),--replace)

restore-drill: python ## Essaie la restauration sur un serveur neuf et prouve l'égalité (FROM= de même)
	@$(PYTHON) -m mara_site.run restore-drill $(if $(filter copie,$(FROM)),--from-copy,$(FROM))

restore-discard: python ## Efface ce que les restaurations ont gardé de côté
	@$(PYTHON) -m mara_site.run restore-discard

upgrade: python ## Met l'installation à jour : sauvegarde, composants, base, fichiers, vérifications
	@$(PYTHON) -m mara_site.run upgrade

test: python ## Tous les tests (ARGS="-k agenda" pour en choisir)
	@$(PYTHON) -m mara_site.run test $(ARGS)

fuzz: python ## Des entrées hostiles à toutes les portes du site (INPUTS=100000 SEED=1 ONLY="porte#numéro")
	@$(PYTHON) -m mara_site.run fuzz --inputs "$(or $(INPUTS),100000)" --seed "$(or $(SEED),1)" --only '$(ONLY)'

check: python ## Style, mise en forme, imports, migrations, réglages de production
	@$(PYTHON) -m mara_site.run check

format: python ## Met les fichiers dans la forme que « make check » demande
	@$(PYTHON) -m mara_site.run format

dependencies: python ## Réécrit docs/dependencies.md : les composants et leurs licences
	@.venv/bin/python -m mara_site.run.dependencies

messages: python ## Rassemble les textes à traduire dans mara_site/locale
	@$(PYTHON) -m mara_site.run messages

lock: python ## Recalcule requirements*.txt à partir de requirements*.in
	@$(PYTHON) -m mara_site.run lock

python:
	@if [ -z "$(PYTHON)" ]; then echo "Il faut Python 3.11 ou plus récent : installez-le (https://www.python.org/downloads/), puis recommencez." >&2; exit 1; fi
