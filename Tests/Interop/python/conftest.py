import pytest
from local_aws import LocalAWS


@pytest.fixture
def aws():
    local = LocalAWS()
    yield local
    local.stop()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """The files run beside each other, but for those of Terraform, whose plugin cache does not take two at once."""
    for item in items:
        name = item.path.name
        item.add_marker(pytest.mark.xdist_group("terraform" if name.startswith("test_terraform") else name))
