import os

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

from movie_sync.access import Access
from movie_sync.models import State
from movie_sync.passwords import Cost
from movie_sync.web.api import Document
from movie_sync.web.guard_rules import is_plain
from tests import make
from tests.fakes import FakeIndexer
from tests.web.history_site import put_history, watched
from tests.web.library_site import filled, put_library
from tests.web.shows_site import shows_site

pytestmark = [
    pytest.mark.slow,
    # The program runs in this process too, and its threads draw lots while examples are made.
    pytest.mark.filterwarnings(
        "ignore:Do not use the `random` module:hypothesis.errors.HypothesisDeprecationWarning"
    ),
]
EXAMPLES = int(os.environ.get("API_EXAMPLES", "15"))  # of each route
ENDLESS = "/api/v1/events"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    items = {
        State.COMPLETED: [make.item(n, completed_at=make.NOON) for n in range(1, 30)],
        State.FAILED: [
            make.item(n, last_error="no", permanent=True, attempts=5) for n in range(30, 60)
        ],
    }
    shows = [make.show(number) for number in range(1, 30)]
    folder = tmp_path_factory.mktemp("site")
    (folder / "tv").mkdir()
    library = {
        "enabled": True, "probe": False, "pictures": False,
        "sources": {"tv": {"path": str(folder / "tv")}},
    }  # fmt: skip
    history = {"enabled": True, "zone": "UTC"}
    unstarted = shows_site(folder, shows, items=items, library=library, history=history)
    put_library(unstarted.home, filled)
    put_history(unstarted.home, watched)
    with unstarted as made:
        made.have(indexers=[FakeIndexer(make.release())])
        # Who sits at this machine may read everything while there is no password.
        Access(made.home, cost=Cost(4, 8, 1)).set_password("correct horse")
        yield made


names = (
    st.sampled_from([f"film:letterboxd:{number}" for number in range(1, 60)])
    | st.sampled_from([f"Film {number}" for number in range(1, 60)])
    | st.text(min_size=1).filter(lambda text: is_plain(f"/{text}") and "/" not in text)
)
schemathesis.openapi.format("film", names)
schemathesis.openapi.format("show", st.integers(1, 40).map(str) | names)
schemathesis.openapi.format("selection", st.just("mine") | names)
schemathesis.openapi.format("watchlist", st.just("letterboxd:alice") | names)
schemathesis.openapi.format("viki", st.sampled_from(["36951c", "37000c"]) | names)
for numbered in ("title", "asset", "review", "choice", "play", "sync", "question"):
    schemathesis.openapi.format(numbered, st.integers(0, 30).map(str) | st.just("9999"))
schema = schemathesis.openapi.from_dict(Document("").whole()).exclude(path=ENDLESS)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
def test_every_answer_is_as_the_document_says_whatever_is_asked(case, site):
    # Only the settings themselves say which keys there are.
    checks = [positive_data_acceptance] if case.method == "PATCH" else []
    key = {"Authorization": f"Bearer {site.key}"}
    case.call_and_validate(base_url=site.url, headers=key, excluded_checks=checks)
