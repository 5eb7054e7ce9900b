#!/usr/bin/env bash
# Everything that can be said of the code without running it. Stops at nothing, fails at the end.
cd "$(dirname "$0")/.."
failed=0
run() {
    local name=$1; shift
    if out=$("$@" 2>&1); then printf 'ok    %s\n' "$name"
    else printf 'WRONG %s\n%s\n' "$name" "$out"; failed=1; fi
}
export DJANGO_SETTINGS_MODULE=portal.settings
bin=.venv/bin
run "ruff" $bin/ruff check .
run "ruff format" $bin/ruff format --check .
run "import-linter" $bin/lint-imports --no-cache
run "mypy" env PORTAL_DEMO=1 $bin/mypy portal ethnic_data programs reports
run "djade" bash -c "git ls-files -z 'templates/*.html' | xargs -0 $bin/djade --check --target-version 5.2"
run "missing migrations" env PORTAL_DEMO=1 $bin/python manage.py makemigrations --check --dry-run
run "check --deploy" env DJANGO_SECRET_KEY="$($bin/python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    $bin/python manage.py check --deploy --fail-level WARNING
run "no addresses in lock files" bash -c "! grep -nE '\"resolved\": *\"http|^--(extra-)?index-url' package-lock.json requirements*.lock"
exit $failed
