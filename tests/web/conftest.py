import pytest

from tests.web.site import Site


@pytest.fixture
def site(tmp_path):
    with Site(tmp_path) as made:
        yield made
