"""Drives the published epx client, unmodified, against a server, and prints what came of it as JSON."""

import json
import os
import sys
import tempfile
from pathlib import Path

root, token = sys.argv[1:3]
home = Path(tempfile.mkdtemp())
os.environ["EPX_STORAGE_DIR"] = str(home)
os.environ["PLATFORM_API_URL"] = root
(home / "config.json").write_text(json.dumps({"api-url": root, "bearer-token": token}))
os.chdir(home)

from epx import FREDJob, FREDModelConfig, FREDModelConfigSweep, SynthPop  # noqa: E402

SEEDS = [18446744073709551615, 9441442522235856127, 9007199254740993]
LOVING = SynthPop("US_2010.v5", ["Loving_County_TX"])
told = {}


def failure(call):
    """What a call raises, by the name of its kind and its text."""
    try:
        call()
        return None
    except Exception as error:  # noqa: BLE001
        return [type(error).__name__, str(error)]


(home / "faulty.fred").write_text("condition FLU {\n  states = S\n}\nnonsense here\n")
repeated = FREDModelConfig(
    synth_pop=LOVING, start_date="2020-01-01", end_date="2020-01-31", seed=SEEDS, n_reps=len(SEEDS)
)
job = FREDJob(fred_files=[home / "faulty.fred"], config=[repeated], tags=["trial", "failing"])
told["failed"] = failure(lambda: job.execute(time_out=60))
# The client looks for logs among what it has downloaded, which asking for results does.
job.results
told["status"] = str(job.status)
told["logs"] = job.status.logs[["level", "message"]].values.tolist()
told["seeds"] = job.run_meta["seed"].tolist()
sent = [{arg.flag: arg.value for arg in run.request.fred_args} for run in job.list_runs().runs]
told["sent_seeds"] = [arguments["-s"] for arguments in sent]
told["retried"] = [run.retry_times for run in job._error_runs]

sweep = FREDModelConfigSweep(
    synth_pop=[LOVING], start_date=["2020-01-01"], end_date=["2020-01-02"], model_params=[{"beta": b} for b in (0.1, 0.2)]
)
swept = FREDJob(fred_files=[home / "faulty.fred"], config=sweep, tags=["trial", "sweep"])
swept.execute()
told["sweep_runs"] = len(swept.list_runs().runs)

late = FREDModelConfig(synth_pop=LOVING, start_date="2020-03-02", end_date="2020-03-01")
told["refused"] = failure(lambda: FREDJob([home / "faulty.fred"], [late], ["late"]).execute())
old = FREDModelConfig(synth_pop=LOVING)
told["old_version"] = failure(lambda: FREDJob([home / "faulty.fred"], [old], ["old"], fred_version="10.1.0").execute())

told["by_tags"] = [found.id for found in FREDJob.get_jobs_by_tags(["trial"]).jobs] == [swept.job_id, job.job_id]
told["by_date"] = len(FREDJob.get_jobs_by_tags(end_date="2020-01-01").jobs)
told["latest"] = FREDJob.get_latest_job(["trial"]).job_id == swept.job_id

told["not_running"] = failure(job.stop)
job.delete(interactive=False)
told["deleted_again"] = failure(lambda: job.delete(interactive=False))
(home / "config.json").write_text(json.dumps({"api-url": root, "bearer-token": "???"}))
told["bad_token"] = failure(lambda: swept.list_runs())
print("\n" + json.dumps(told))
