import pytest
from local_aws import LocalAWS


@pytest.fixture
def aws():
    local = LocalAWS()
    yield local
    local.stop()
