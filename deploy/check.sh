#!/usr/bin/env bash
# Everything that can be said of the code without running it. The checks run side by side and are
# told in their order. Stops at nothing, fails at the end.
cd "$(dirname "$0")/.."
failed=0
names=() jobs=()
told=$(mktemp -d)
trap 'rm -rf "$told"' EXIT
begin() {
    local name=$1; shift
    "$@" >"$told/${#names[@]}" 2>&1 &
    names+=("$name") jobs+=($!)
}
export DJANGO_SETTINGS_MODULE=portal.settings
bin=.venv/bin
# the longest first
begin "mypy" env PORTAL_DEMO=1 $bin/mypy portal ethnic_data programs reports
begin "ruff" $bin/ruff check .
begin "ruff format" $bin/ruff format --check .
begin "import-linter" $bin/lint-imports --no-cache
begin "djade" bash -c "git ls-files -z 'templates/*.html' | xargs -0 $bin/djade --check --target-version 5.2"
begin "missing migrations" env PORTAL_DEMO=1 $bin/python manage.py makemigrations --check --dry-run
begin "check --deploy" env DJANGO_SECRET_KEY="$($bin/python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    $bin/python manage.py check --deploy --fail-level WARNING
begin "no addresses in lock files" bash -c "! grep -nE '\"resolved\": *\"http|^--(extra-)?index-url' package-lock.json requirements*.lock"
for place in "${!names[@]}"; do
    if wait "${jobs[$place]}"; then printf 'ok    %s\n' "${names[$place]}"
    else printf 'WRONG %s\n' "${names[$place]}"; cat "$told/$place"; failed=1; fi
done
exit $failed
