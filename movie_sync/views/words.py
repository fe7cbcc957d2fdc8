"""Times and distances as a person says them."""

from datetime import datetime, timedelta


def ago(at: datetime | None, now: datetime) -> str:
    """ "5 min ago", "in 2 h": a distance that a person reads at a glance."""
    if at is None:
        return "at an unknown time"
    return f"{span(now - at)} ago" if at <= now else f"in {span(at - now)}"


def lasting(problem: str, since: datetime | None, now: datetime) -> str:
    return f"{problem} (for {span(now - since)})" if since else problem


def span(time: timedelta) -> str:
    seconds = max(time.total_seconds(), 0.0)
    for unit_s, name, least in ((86400, "days", 2), (3600, "h", 1), (60, "min", 1)):
        if seconds >= least * unit_s:
            return f"{seconds / unit_s:.0f} {name}"
    return f"{seconds:.0f} s"
