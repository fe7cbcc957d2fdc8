"""How the history is told of on a terminal."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from movie_sync.history.wording import play_name, sync_sentence
from movie_sync.library_models import Kind
from movie_sync.models import Moment
from movie_sync.views.history_words import position, source_name, time_of

if TYPE_CHECKING:
    from movie_sync.history.passes import Done
    from movie_sync.history.preview import Preview, Share
    from movie_sync.history.push_models import Proposal
    from movie_sync.history.rows import Counts, OutboxRow, PlayRow, ProgressRow, SyncRow
    from movie_sync.history.shelf_rows import ShelfRow
    from movie_sync.views.history import WatchedTitle
    from movie_sync.views.history_inbox import Asked, Matched, Unmatched

MOST_UNREAD = 10
DECIDED = ("auto", "manual")  # of a match
# What waits for a provider, in the order in which it is told.
SENDING = {
    "waiting": "to be told to Trakt", "sending": "being told", "unknown": "to be looked for there",
    "done": "told", "skipped": "there already", "not_found": "not known there",
    "refused": "refused", "removed": "taken back",
}  # fmt: skip


def counts_lines(counts: "Counts") -> Iterator[str]:
    """The history in figures."""
    of = f"{_count(counts.films, 'film')} and {_count(counts.episodes, 'episode')}"
    yield f"{_count(counts.plays, 'play')} of {of} of {_count(counts.shows, 'show')}"
    if counts.by_source:
        told = (f"{number:,} {source_name(name)}" for name, number in _most(counts.by_source))
        yield f"told by: {', '.join(told)}"
    if counts.undated:
        yield f"{_count(counts.undated, 'play')} of which it is not known when"
    said = [f"{counts.outbox[one]:,} {words}" for one, words in SENDING.items()
            if counts.outbox.get(one)]  # fmt: skip
    if said:
        yield f"Trakt: {', '.join(said)}"
    if counts.unmatched:
        yield f"needs you: {_count(counts.unmatched, 'show')} of Viki without a match: " + (
            "history match list"
        )
    if counts.questions:
        yield f"needs you: {_count(counts.questions, 'question')} which title is meant"


def shelf_lines(rows: "Iterable[ShelfRow]") -> Iterator[str]:
    for row in rows:
        named = f"{row.title} ({row.year})" if row.year else row.title
        of = _count(row.episodes, "episode") if row.kind is Kind.SHOW else "film"
        times = f", {_count(row.plays, 'play')}" if row.plays > max(row.episodes, 1) else ""
        yield f"{row.title_id:>6}  {_day(row.last_at)}  {named}: {of}{times}"


def title_lines(found: "WatchedTitle") -> Iterator[str]:
    named = f"{found.title} ({found.year})" if found.year else found.title
    yield f"{named}: {found.kind} {found.title_id}" + ("" if found.owned else ", not owned")
    for row in found.history.progress:
        yield f"  begun: {_progress(row)}"
    for play in found.plays.rows:
        tellers = [source_name(one.source) for one in found.tellings.get(play.id, ())
                   if one.gone_at is None]  # fmt: skip
        by = ", ".join(dict.fromkeys(tellers)) or source_name(play.source)
        yield f"{play.id:>6}  {_when(play)}  {_part(play)}{by}"
    if not found.plays.rows:
        yield "nothing of it was watched to the end"


def progress_lines(rows: "Iterable[ProgressRow]") -> Iterator[str]:
    for row in rows:
        yield f"{_day(row.at)}  {play_name(row)}: {_progress(row)}"


def pending_lines(rows: "Iterable[OutboxRow]") -> Iterator[str]:
    for row in rows:
        why = f": {row.why}" if row.why else ""
        yield f"{row.play_id:>6}  {_day(row.watched_at)}  {row.work}{why}"


def sync_lines(sync: "SyncRow") -> Iterator[str]:
    yield sync_sentence(sync)
    for problem in sync.problems[:MOST_UNREAD]:
        yield f"  {problem}"
    if len(sync.problems) > MOST_UNREAD:
        yield f"  and {len(sync.problems) - MOST_UNREAD:,} more; --json names all"


def log_lines(rows: "Iterable[SyncRow]") -> Iterator[str]:
    for row in rows:
        yield f"{row.began_at:%Y-%m-%d %H:%M}  {sync_sentence(row)}"


def done_lines(done: "Iterable[Done]") -> Iterator[str]:
    for one in done:
        failed = "needs you: " if one.ran.problem else ""
        yield f"{one.name}: {failed}{one.ran.sentence}"


def preview_lines(found: "Preview") -> Iterator[str]:
    yield f"from {source_name(found.source)}:"
    shares = {
        "films": found.films, "series": found.series, "episodes": found.episodes,
        "plays": found.plays, "on the watchlist": found.watchlist,
    }  # fmt: skip
    for what, share in shares.items():
        yield f"  {what}: {_share(share)}"
    yield f"  ratings: {found.ratings:,}"
    for one in found.unread[:MOST_UNREAD]:
        yield f"  cannot be read: {one}"
    if found.unread_count > MOST_UNREAD:
        yield f"  and {found.unread_count - MOST_UNREAD:,} more that cannot be read"
    yield "nothing was written; `history import start` takes it over"


def proposal_lines(found: "Proposal") -> Iterator[str]:
    if found.problem:
        yield f"needs you: {found.problem}"
    yield f"to {found.account} at Trakt: {found.sentence}"
    for one in found.first:
        yield f"  {one.row.work} of {_day(one.row.watched_at)}: {one.why_not or 'goes'}"
    yield "nothing was told"


def unmatched_lines(rows: "Iterable[Unmatched]") -> Iterator[str]:
    for one in rows:
        kind = one.kind or "unknown"
        yield f"{one.id:>9}  {one.state:<6}  {one.title} ({kind}){_said(one.sentence)}"
        proposed = () if one.state in DECIDED else one.choices
        for number, choice in enumerate(proposed, 1):
            year = f" ({choice.year})" if choice.year else ""
            yield f"           {number}. {choice.title}{year}, {choice.key}, {choice.score:.0%}"


def question_lines(rows: "Iterable[Asked]") -> Iterator[str]:
    for one in rows:
        yield f"question {one.id}: {one.work}: {one.sentence} ({_count(one.plays, 'play')} wait)"


def match_lines(found: "Matched") -> Iterator[str]:
    yield from unmatched_lines([found.container])
    if found.mapping:
        yield f"  its episodes: {found.mapping}"
    for one in found.answers:
        ids = ", ".join(f"{name} {value}" for name, value in one.ids.items())
        by = "a person" if one.made_by == "hand" else f"by itself, {one.confidence:.0%}"
        yield f"  {one.made_at:%Y-%m-%d %H:%M}  {one.state} ({by}): {one.sentence}" + (
            f" [{ids}]" if ids else ""
        )


def _share(share: "Share") -> str:
    left = f", {share.unmatched:,} that cannot be placed" if share.unmatched else ""
    return f"{share.total:,}, {share.new:,} new, {share.known:,} known{left}"


def _progress(row: "ProgressRow") -> str:
    percent = position(row)
    at = f"{percent:.0f} %" if percent is not None else "begun"
    episode = f"{row.season or 0}x{row.episode:02} " if row.episode is not None else ""
    return f"{episode}{at}, {source_name(row.source)}"


def _part(play: "PlayRow") -> str:
    if play.episode is None:
        return ""
    named = f" {play.episode_title}" if play.episode_title else ""
    return f"{play.season or 0}x{play.episode:02}{named}: "


def _when(play: "PlayRow") -> str:
    return f"{play.local_day or 'unknown   '!s} {time_of(play) or '     '}"


def _day(at: Moment | None) -> str:
    return f"{at.astimezone():%Y-%m-%d}" if at else "unknown   "


def _said(sentence: str) -> str:
    return f": {sentence}" if sentence else ""


def _most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: -each[1])


def _count(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:,} {what}s"
