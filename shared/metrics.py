"""What every service counts about itself, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Meter:
    """The standard counters of one service, in a registry of its own so that six can share a process."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "saoluu_http_requests", "Requests answered", ["handler", "code"], registry=self.registry
        )
        self.request_seconds = Histogram(
            "saoluu_http_request_duration_seconds", "Time to answer", ["handler"], registry=self.registry
        )
        self.sent = Counter("saoluu_events_sent", "Events the bus has safe", registry=self.registry)
        self.handled = Counter("saoluu_events_handled", "Events reacted to", ["event"], registry=self.registry)
        self.redelivered = Counter("saoluu_events_redelivered", "Events tried again", registry=self.registry)
        self.dead = Counter("saoluu_events_dead", "Events given up on", ["event"], registry=self.registry)
        self.dead_letters = Gauge("saoluu_dead_letters", "Dead letters that wait for a person", registry=self.registry)
        self.unsent = Gauge("saoluu_outbox_pending_messages", "Events not yet sent", registry=self.registry)
        self.oldest_unsent = Gauge(
            "saoluu_outbox_oldest_unsent_timestamp_seconds",
            "When the oldest unsent event was written; 0 when none waits",
            registry=self.registry,
        )
        self.jobs = Counter("saoluu_jobs", "Jobs ended", ["kind", "state"], registry=self.registry)
        self.jobs_waiting = Gauge("saoluu_jobs_waiting", "Jobs not ended", ["kind"], registry=self.registry)
