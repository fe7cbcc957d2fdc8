"""What a cycle adds, or would add in a dry run, by rule: what a person reads before they let it."""

from msgspec import Struct

from movie_sync.models import Show

EXAMPLES = 20  # titles that are kept of each selection


class Proposal(Struct):
    """Counted while the shows that pass are gone through, so that they need not be kept."""

    dry_run: bool
    passing: int = 0
    queued: int = 0
    by_rule: dict[str, int] = {}
    examples: dict[str, list[str]] = {}  # titles, by rule
    nowhere: dict[str, int] = {}  # by rule, for want of a Sonarr

    def count(self, show: Show, rule: str, instance: str | None) -> None:
        """One more show that passes."""
        self.passing += 1
        self.by_rule[rule] = self.by_rule.get(rule, 0) + 1
        if instance is None:
            self.nowhere[rule] = self.nowhere.get(rule, 0) + 1
        some = self.examples.setdefault(rule, [])
        if len(some) < EXAMPLES:
            some.append(str(show))

    def lines(self) -> list[str]:
        """Sentences for a person: first the sum, then each rule with its shows."""
        if not self.passing:
            return ["no show passes that is not in Sonarr already"]
        each = f"{self.passing} show{'s' * (self.passing != 1)}"
        waiting = self.passing - self.queued
        first = (
            f"dry run: {each} would be added; none is, until shows.dry_run is false"
            if self.dry_run
            else f"{self.queued} of {each} queued; {waiting} wait for the next cycle or day"
        )
        told = [first]
        for rule, number in sorted(self.by_rule.items(), key=lambda pair: -pair[1]):
            some = self.examples[rule]
            more = f" and {number - len(some)} more" if number > len(some) else ""
            told.append(f"{rule}: {number}: {', '.join(some)}{more}")
        told += [
            f"{rule}: {number} cannot be added: the selection names no Sonarr that is switched on"
            for rule, number in self.nowhere.items()
        ]
        return told
