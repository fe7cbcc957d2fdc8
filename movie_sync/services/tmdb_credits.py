"""Who played in a title and who made it: from TMDB's lists to credits of ours. Pure."""

from collections.abc import Iterable

from movie_sync.library_models import Credit
from movie_sync.services.tmdb_shapes import Credits, Person

MOST_CAST, MOST_CREW = 40, 20
# Who is named first of a crew; others only while there is room.
FIRST_JOBS = {
    "Creator": 0, "Director": 1, "Screenplay": 2, "Writer": 2, "Story": 3, "Novel": 3,
    "Producer": 4, "Executive Producer": 5, "Original Music Composer": 6,
    "Director of Photography": 7, "Editor": 8,
}  # fmt: skip


def cast(told: Credits) -> tuple[Credit, ...]:
    """In the order of TMDB's own list, the leading parts first."""
    roles = [(one, _joined(one.character, *(role.character for role in one.roles)))
             for one in _in_order(told)[:MOST_CAST]]  # fmt: skip
    return tuple(credit(one, role, None, order) for order, (one, role) in enumerate(roles))


def crew(told: Credits, before: Iterable[Credit] = ()) -> tuple[Credit, ...]:
    """One for each job of each person, the jobs that people look for first."""
    done = [
        credit(one, job, one.department, 0)
        for one in told.crew
        for job in [one.job, *(each.job for each in one.jobs)]
        if job
    ]
    ranked = sorted([*before, *done], key=lambda one: FIRST_JOBS.get(one.role, len(FIRST_JOBS)))
    once: dict[tuple[int, str], Credit] = {}
    for one in ranked:
        once.setdefault((one.person_tmdb_id, one.role), one)
    return tuple(once.values())[:MOST_CREW]


def leading(told: Credits) -> Credits:
    """Those that become credits of ours, and no others."""
    kept = {(one.person_tmdb_id, one.role) for one in crew(told)}
    jobs = [
        one
        for one in told.crew
        if any((one.id, job) in kept for job in (one.job, *(each.job for each in one.jobs)))
    ]
    return Credits(_in_order(told)[:MOST_CAST], jobs)


def credit(person: Person, role: str, department: str | None, order: int) -> Credit:
    return Credit(
        person_tmdb_id=person.id,
        name=person.name or f"person {person.id}",
        role=role,
        department=department or None,
        order=order,
        profile=person.profile_path or None,
    )


def _in_order(told: Credits) -> list[Person]:
    return sorted(told.cast, key=lambda one: (one.order is None, one.order or 0))


def _joined(*roles: str | None) -> str:
    return " / ".join(dict.fromkeys(role for role in roles if role))
