"""Reads every kind of result with the published epx client, unmodified, stops a run, and prints what it saw as JSON."""

import json
import os
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

root, token, outputs, endless = sys.argv[1:5]
home = Path(tempfile.mkdtemp())
os.environ["EPX_STORAGE_DIR"] = str(home)
os.environ["PLATFORM_API_URL"] = root
(home / "config.json").write_text(json.dumps({"api-url": root, "bearer-token": token}))
os.chdir(home)

from epx import FREDJob, FREDModelConfig, SynthPop  # noqa: E402

(home / "outputs.fred").write_text(outputs)
(home / "endless.fred").write_text(endless)
LOVING = SynthPop("US_2010.v5", ["Loving_County_TX"])
told = {}


def rows(frame):
    """A frame as its columns and its rows, dates and numbers as plain values."""
    return [list(frame.columns), json.loads(frame.to_json(orient="values", date_format="iso"))]


config = FREDModelConfig(synth_pop=LOVING, start_date="2020-01-01", end_date="2020-01-05", n_reps=2, seed=[1, 2])
job = FREDJob(fred_files=[home / "outputs.fred"], config=[config], tags=["read"])
job.execute(time_out=60)
# What `results` gives can be read once; the property makes it anew.
told["run_ids"] = list(job.run_ids)
told["status"] = str(job.status)
told["state"] = {kind: rows(job.results.state("COLD", "Caught", kind)) for kind in ("count", "new", "cumulative")}
told["dates"] = rows(job.results.dates())
told["epi_weeks"] = rows(job.results.epi_weeks())
told["pop_size"] = rows(job.results.pop_size())
told["print"] = rows(job.results.print_output())
told["csv"] = rows(job.results.csv_output("people.csv"))
told["file"] = rows(job.results.file_output("notes.txt"))
told["numeric"] = rows(job.results.numeric_var("below"))
told["list"] = rows(job.results.list_var("seen"))
told["wide"] = rows(job.results.list_var("seen", wide=True))
told["list_table"] = rows(job.results.list_table_var("pairs"))
told["table"] = rows(job.results.table_var("depth"))
network = job.results.network("Friends", is_directed=False).iloc[0]
told["network"] = [sorted(network.nodes), [[*sorted(ends), float(weight)] for *ends, weight in network.edges(data="weight")]]
told["network_on_day_0"] = len(job.results.network("Friends", sim_day=0).iloc[1].edges)
told["log"] = job.status.logs[["level", "message"]].values.tolist()


class Refresher(BaseHTTPRequestHandler):
    """The service of a notebook's hub that hands out tokens."""

    def do_GET(self):
        body = json.dumps({"access_token": token}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


hub = HTTPServer(("127.0.0.1", 0), Refresher)
threading.Thread(target=hub.serve_forever, daemon=True).start()
os.environ["EPX_HUB_URL"] = f"http://127.0.0.1:{hub.server_port}/"
os.environ["JPY_API_TOKEN"] = "notebook"
(home / "config.json").write_text(json.dumps({"api-url": root, "bearer-token": "none"}))

long = FREDJob([home / "endless.fred"], [FREDModelConfig(synth_pop=SynthPop("US_2010.v5", ["Jefferson_County_PA"]))], ["long"])
long.execute()
give_up_at = time.monotonic() + 60
while str(long.status) != "RUNNING" and time.monotonic() < give_up_at:
    time.sleep(0.1)
told["stop"] = long.stop()
told["stopped"] = str(long.status)
told["shown"] = [str(FREDJob.get_job_by_id(job.job_id).status), FREDJob.get_latest_job(["read"]).job_id == job.job_id]
long.results
told["stop_log"] = long.status.logs[["level", "message"]].values.tolist()
print("\n" + json.dumps(told))
