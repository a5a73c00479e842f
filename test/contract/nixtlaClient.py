"""Drives the unmodified nixtla client against the server whose address and key are given; prints one JSON object."""

import json
import sys
import warnings

import numpy as np
import pandas as pd
from nixtla import NixtlaClient

warnings.simplefilter("ignore")
url, key = sys.argv[1:3]
client = NixtlaClient(base_url=url, api_key=key, max_retries=1, retry_interval=1)
told = {}

t = np.arange(48)
wave = lambda level: level + 10 * np.sin(t * np.pi / 6) + (t * 7) % 5
months = pd.date_range("2020-01-01", periods=48, freq="MS")
one = lambda name, level: pd.DataFrame({"unique_id": name, "ds": months, "y": wave(level)})
df = pd.concat([one("a", 100), one("b", 500)])

told["valid"] = client.validate_api_key()
told["usage"] = client.usage()
told["models"] = client.list_models()

out = client.forecast(df, h=3, freq="MS", level=[80, 95.5])
told["forecast"] = {"columns": list(out.columns), "ids": list(out["unique_id"]), "dates": [str(d)[:10] for d in out["ds"]]}
told["ordered"] = bool(((out["TimeGPT-lo-80"] <= out["TimeGPT"]) & (out["TimeGPT"] <= out["TimeGPT-hi-80"])).all())
told["mean"] = list(out["TimeGPT"])
out = client.forecast(df, h=3, freq="MS", quantiles=[0.1, 0.5, 0.9], model="theta")
told["quantiles"] = list(out.columns)

# y = 10 + 5 * promo exactly: the future of promo decides.
promo = (t % 3 == 0).astype(float)
sales = pd.DataFrame({"unique_id": "a", "ds": months, "y": 10 + 5 * promo, "promo": promo})
ahead = pd.DataFrame({"unique_id": "a", "ds": pd.date_range("2024-01-01", periods=3, freq="MS"), "promo": [1.0, 0.0, 1.0]})
out = client.forecast(sales, h=3, freq="MS", X_df=ahead, model="drift", feature_contributions=True)
told["promo"] = [round(float(v), 3) for v in out["TimeGPT"]]
shares = client.feature_contributions
told["shares"] = float((shares["TimeGPT"] - shares["promo"] - shares["base_value"]).abs().max())
out = client.forecast(df, h=2, freq="MS", add_history=True, level=[90])
told["history"] = [len(out), int(out["TimeGPT"].isna().sum())]

out = client.cross_validation(df, h=3, freq="MS", n_windows=2, level=[80])
told["cross_validation"] = [len(out), sorted({str(c)[:10] for c in out["cutoff"]}), list(out.columns)]
told["actuals"] = bool((out.merge(df, on=["unique_id", "ds"])["y_x"] == out.merge(df, on=["unique_id", "ds"])["y_y"]).all())

spiked = one("a", 100)
spiked.loc[40, "y"] += 80
out = client.detect_anomalies(spiked, freq="MS", level=99)
told["anomalies"] = [str(d)[:10] for d in out.loc[out["anomaly"].astype(bool), "ds"]]
spiked = one("a", 100)
spiked.loc[47, "y"] += 80
out = client.detect_anomalies_online(spiked, h=1, detection_size=4, freq="MS", level=99)
told["online"] = [len(out), [bool(a) for a in out["anomaly"]]]

job = client.jobs.forecast(df, h=3, freq="MS")
told["job"] = list(job.wait(poll_interval=0.1, poll_timeout=60)["TimeGPT"]) == told["mean"]
job = client.jobs.detect_anomalies(spiked, h=1, detection_size=4, freq="MS", level=99)
told["job_anomalies"] = len(job.wait(poll_interval=0.1, poll_timeout=60))
many = pd.concat([one(f"s{i}", 100 + i) for i in range(1500)])
job = client.jobs.forecast(many, h=3, freq="MS", model="auto")
told["cancelled"] = bool(job.cancel())
told["status"] = str(job.status.value)

# More than a megabyte, which the client sends compressed with zstd.
noise = pd.DataFrame({"unique_id": np.repeat(np.arange(1500), 48), "ds": np.tile(months, 1500), "y": np.random.default_rng(1).normal(size=72000)})
out = client.forecast(noise, h=2, freq="MS", model="seasonal_naive")
told["many"] = len(out)
out = client.forecast(noise, h=2, freq="MS", model="seasonal_naive", num_partitions=3)
told["partitions"] = len(out)

def refusal(call):
    try:
        call()
    except Exception as error:
        return [getattr(error, "status_code", None), str(getattr(error, "body", error))]

told["finetune"] = refusal(lambda: client.forecast(df, h=3, freq="MS", finetune_steps=5))
told["simulate"] = refusal(lambda: client.simulate(df, h=3, freq="MS", n_paths=2))
told["no_model"] = refusal(lambda: client.forecast(df, h=3, freq="MS", model="nobody"))
print(json.dumps(told))
