"""The manager's settings of a deployment: what follows from it, and the site's own over that, checked as a whole."""

from __future__ import annotations

from typing import Any, cast

from deploy.render.layers import Chosen, origin_in
from deploy.render.model import Deployment
from deploy.render.places import COLLECTOR, DATA, HOMES, MANAGER, NUMBERS, PYTHON, SECRETS, SPAWNER
from deploy.render.yaml_layer import BadDeployment
from ink_core.settings.layers import SettingsError, shipped_profile, validated
from ink_core.settings.merging import Merged, Tree

DATABASE_URL = "postgresql://ink@db/ink"
SCHEDD = "ink@condor"


def manager_settings(chosen: Chosen) -> Tree:
    """The overlay that `ink serve --config` gets. Raises `BadDeployment`, a line for each problem."""
    overlay, origins = Merged(), origin_in(chosen.merged, "settings")
    overlay.add(_implied(chosen.deployment), "the deployment")
    overlay.add(chosen.deployment.settings, lambda key: origins.get(key, "settings"))
    whole = Merged()
    whole.add(shipped_profile("base"), "profile base")
    whole.add(overlay.tree, overlay.source_of)
    try:
        validated(whole)
    except SettingsError as error:
        raise BadDeployment("\n".join(f"settings: {line}" for line in str(error).splitlines())) from None
    return overlay.tree


def _implied(deployment: Deployment) -> Tree:
    clusters = _clusters(deployment)
    accounts = deployment.accounts
    tree: Tree = {
        "data_dir": DATA,
        "server": {
            "host": "0.0.0.0",  # noqa: S104 - of its container
            "port": MANAGER,
            "public_url": deployment.portal_url,
            "trusted_proxies": [deployment.address(NUMBERS["nginx"])],
        },
        "clusters": clusters,
        "agents": {
            "default_cluster": clusters[0].get("name"),
            "python": PYTHON,
            "worker_url": f"ws://manager:{MANAGER}/agents/connect",
            "workspace": f"{HOMES}/{{user}}",
        },
        "spawner": {"kind": "socket", "socket": f"{SPAWNER}/spawner.sock"},
        "apps": {"public_url": deployment.apps_url, "python": PYTHON},
        "sign_in": {
            "one_time_link": False,  # asked for by `stack link`, and not left in a log
            "first_accounts": [
                {"username": name, "is_admin": name in accounts.administrators} for name in accounts.names
            ],
        },
    }
    if deployment.keys.ssh_certificates:
        tree["sign_in"]["ssh_ca_key_file"] = f"{SECRETS}/ssh_ca"
    if deployment.database == "postgresql":
        where = {"url": DATABASE_URL, "password_file": f"{SECRETS}/database"}
        tree |= {"database": where, "ledger": dict(where)}
    return tree


def _clusters(deployment: Deployment) -> list[dict[str, Any]]:
    if deployment.scheduler.kind == "external":
        named = deployment.settings["clusters"]
        return cast(list[dict[str, Any]], named if isinstance(named, list) else [{}])
    pool = {"name": "htcondor", "type": "htcondor", "schedd": SCHEDD, "collector": f"condor:{COLLECTOR}"}
    return [pool | {"poll_interval_s": 5}]
