"""Jobs: one effect each, whatever happens to workers and broker."""

from __future__ import annotations

import datetime
import time

import pytest
from celery import Celery
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.jobs import registry, services
from portal.jobs.lease import Lease, LeaseLost
from portal.jobs.models import Job
from portal.jobs.registry import MOST_ATTEMPTS
from portal.units.models import UnitList


@pytest.fixture
def declared():
    """Declare a job for one test."""
    names: list[str] = []

    def declare(name, work):
        registry.job(name)(work)
        names.append(name)

    yield declare
    for name in names:
        del registry._works[name]


def mark(code: str) -> UnitList:
    return UnitList.objects.create(code=code, name=code, decision="thử")


def test_asking_twice_opens_one_job(db):
    assert services.ask("anything", 7) == services.ask("anything", 7)
    assert Job.objects.count() == 1


def test_asking_rings_only_when_the_transaction_is_through(
    db, monkeypatch, django_capture_on_commit_callbacks
):
    rung = []
    monkeypatch.setattr(services, "ring", rung.append)
    with django_capture_on_commit_callbacks(execute=True):
        job = services.ask("anything", 7)
        assert rung == []
    assert rung == [job.pk]


@pytest.mark.machine
def test_a_silent_broker_is_no_error_and_holds_nobody_up(monkeypatch, settings, caplog):
    away = Celery("away", broker="redis+socket:///nowhere/redis.sock")
    away.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    monkeypatch.setattr("portal.celery.app", away)
    monkeypatch.setattr(services, "_quiet_until", 0.0)
    start = time.monotonic()
    for job_id in range(40):
        services.ring(job_id)
    assert time.monotonic() - start < 1
    assert len(caplog.records) == 1  # one try, then quiet for a while


def test_a_broker_that_came_back_is_rung_again(monkeypatch):
    rung = []

    class Back:
        def send_task(self, name, args, **how):
            rung.append(args)

    monkeypatch.setattr("portal.celery.app", Back())
    monkeypatch.setattr(services, "_quiet_until", time.monotonic() - 0.1)
    services.ring(7)
    assert rung == [[7]]


def test_effect_and_done_are_one_transaction(db, declared):
    def work(lease, subject_id):
        with lease.effect():
            mark("một")

    declared("mark", work)
    job = services.ask("mark", 1)
    assert services.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt) == (Job.State.DONE, 1)
    assert not services.run(job.pk)
    assert UnitList.objects.filter(code="một").count() == 1


def test_a_worker_that_lost_its_lease_leaves_no_effect(db):
    job = services.ask("anything", 1)
    slow = Lease.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
    fast = Lease.claim(job.pk)
    assert slow
    assert fast
    assert fast.attempt == 2
    with pytest.raises(LeaseLost), slow.effect():
        mark("chậm")
    with fast.effect():
        mark("nhanh")
    assert list(
        UnitList.objects.filter(code__in=["chậm", "nhanh"]).values_list("code", flat=True)
    ) == ["nhanh"]


def test_a_held_job_cannot_be_claimed(db):
    job = services.ask("anything", 1)
    assert Lease.claim(job.pk)
    assert Lease.claim(job.pk) is None


def test_a_failing_job_is_tried_five_times_then_marked_failed(db, declared, caplog):
    def work(lease, subject_id):
        with lease.effect():
            mark("nửa chừng")
            raise ValueError("hỏng")

    declared("fails", work)
    job = services.ask("fails", 1)
    ends = [services.run(job.pk) for _ in range(MOST_ATTEMPTS)]
    job.refresh_from_db()
    assert ends == [False] * (MOST_ATTEMPTS - 1) + [True]
    assert job.state == Job.State.FAILED
    assert "hỏng" in job.error
    assert len(job.support_code) == 4
    assert not UnitList.objects.filter(code="nửa chừng").exists()


def test_an_undeclared_job_fails_at_once(db, caplog):
    job = services.ask("nobody.declared.this", 1)
    assert services.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED


def test_the_sweeper_rings_for_waiting_and_abandoned_jobs(db, monkeypatch):
    rung = []
    monkeypatch.setattr(services, "ring", rung.append)
    waiting = services.ask("anything", 1)
    abandoned = services.ask("anything", 2)
    held = services.ask("anything", 3)
    Lease.claim(abandoned.pk)
    Job.objects.filter(pk=abandoned.pk).update(
        lease_until=timezone.now() - datetime.timedelta(seconds=1)
    )
    Lease.claim(held.pk)
    assert services.sweep() == 2
    assert rung == [waiting.pk, abandoned.pk]


def test_the_database_refuses_a_second_open_job(db):
    Job.objects.create(name="x", subject_id=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(name="x", subject_id=1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_hold_on_a_job_outlives_a_restart_of_the_database(monkeypatch):
    monkeypatch.setattr("portal.jobs.lease.HEARTBEAT_SECONDS", 0.05)
    lease = Lease.claim(services.ask("anything", 7).pk)

    def beats():
        """Wait until the lease was renewed once more."""
        before = Job.objects.get(pk=lease.job_id).lease_until
        end = time.monotonic() + 30
        while Job.objects.get(pk=lease.job_id).lease_until == before:
            assert time.monotonic() < end
            time.sleep(0.02)

    with lease.kept():
        beats()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        beats()
