import hypothesis
import pytest

from movie_sync.queues import QueueManager

# `make test` looks at as many examples as hypothesis thinks right, `make test-fast` at a few.
hypothesis.settings.register_profile("fast", max_examples=10)


@pytest.fixture
def queue(tmp_path):
    opened = QueueManager(tmp_path, idle_s=60)
    yield opened
    opened.close()
