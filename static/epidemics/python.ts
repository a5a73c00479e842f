/** What the lines of Python do. */
export interface PythonOrder {
  token: string;
  apiUrl: string;
  /** The job whose model is fetched; nought where it lies beside the notebook. */
  jobId: number;
  locations: readonly string[];
  startDate: string;
  endDate: string;
  runs: number;
  seed: string;
  /** As `name=value, name=value`. */
  parameters: string;
}

/** The published client is told of this server in a folder of its own, so that no other setting of it is touched. */
export function pythonLines(order: PythonOrder): string {
  const { token, apiUrl, jobId, locations, startDate, endDate, runs, seed, parameters } = order;
  const places = locations.map(quoted).join(", ");
  const first = /^\d{1,20}$/.test(seed) ? BigInt(seed) : 1n;
  const seeds = `range(${first}, ${first + BigInt(runs)})`;
  const period = `${quoted(startDate)}, ${quoted(endDate)}`;
  return [
    `import json, os, pathlib, urllib.request as web; api, token = ${quoted(apiUrl)}, ${quoted(token)}`,
    "os.makedirs('foresight', exist_ok=True); json.dump({'api-url': api, 'bearer-token': token}, open('foresight/config.json', 'w'))",
    `os.environ.update(EPX_STORAGE_DIR='foresight', PLATFORM_API_URL=api)${modelLine(apiUrl, jobId)}; from epx import FREDJob, FREDModelConfig, SynthPop`,
    `config = FREDModelConfig(SynthPop('US_2010.v5', [${places}]), ${period}${parametersOf(parameters)}, seed=${seeds}, n_reps=${runs})`,
    "job = FREDJob(['main.fred'], [config], ['notebook']); job.execute(300); print(job.status)",
    "",
  ].join("\n");
}

/** Fetches the model of a job into the file that is run. */
function modelLine(apiUrl: string, jobId: number): string {
  if (jobId === 0) return "";
  const from = quoted(`${new URL(apiUrl).origin}/api/epidemics/jobs/${jobId}/main.fred`);
  const request = `web.Request(${from}, headers={'Authorization': 'Bearer ' + token})`;
  return `; pathlib.Path('main.fred').write_bytes(web.urlopen(${request}).read())`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&").replace(/[\r\n]/g, " ")}'`;
}

function parametersOf(text: string): string {
  const pairs = [...text.matchAll(/(\w+)\s*=\s*([^,;\n]+)/g)].map(
    ([, name, value]) => `${quoted(name!)}: ${written(value!.trim())}`,
  );
  return pairs.length === 0 ? "" : `, model_params={${pairs.join(", ")}}`;
}

function written(text: string): string {
  return /^-?\d+(\.\d+)?$/.test(text) ? text : quoted(text);
}
