import { useEffect, useState } from "preact/hooks";
import type { LibraryModel, PullAnswer } from "../../src/systems/forecasting/library/schema";
import { useAction } from "../common/action";
import { postJson } from "../common/api";
import { Badge } from "../common/badge";
import { Fault } from "../common/fault";
import { formatBytes, formatFigure, formatNumber } from "../common/format";
import { Loading } from "../common/loading";
import { Progress } from "../common/progress";
import { useStore } from "../common/store";
import { Sure } from "../common/sure";
import { toast } from "../common/toast";
import { LIBRARY, noteLibraryChange, useLibrary } from "./library";
import { modelId } from "./place";

const REFRESH_MS = 1000;

type Tell = (path: string, body: object) => Promise<void>;

/** The models that can be asked for, those on their way, and how to get more. */
export default function ModelsTab() {
  const library = useLibrary();
  const isPulling = library.value?.pulls.some(({ state }) => state === "running") ?? false;
  useEffect(() => {
    if (!isPulling) return;
    const timer = setInterval(() => !document.hidden && noteLibraryChange(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [isPulling]);
  const { running, fault, run } = useAction(`POST ${LIBRARY}`, async (path: string, body: object) => {
    const { message } = await postJson<{ message: string }>(`${LIBRARY}/${path}`, body);
    toast(message);
    noteLibraryChange();
  });
  return (
    <div class="stack" aria-busy={running}>
      {fault !== undefined && <Fault report={fault} />}
      <Loading what="models" loaded={library}>
        {({ models, pulls, hub }) => (
          <>
            {pulls.map((pull) => (
              <PullLine key={pull.id} pull={pull} tell={run} />
            ))}
            <div class="cards models">
              {models.map((model) => (
                <ModelCard key={model.id} model={model} tell={run} />
              ))}
            </div>
            <PullForm hub={hub} tell={run} />
          </>
        )}
      </Loading>
    </div>
  );
}

function ModelCard({ model, tell }: { model: LibraryModel; tell: Tell }) {
  const { id, title, state, licence, digest, sizeBytes, parameters, maxContext, maxHorizon, source } = model;
  const chosen = useStore(modelId()) === id;
  const isBuiltIn = state === "built in";
  return (
    <section class="card model" aria-label={id}>
      <header class="card-head">
        <h2>{title}</h2>
        <Badge tone={state === "loaded" ? "good" : "plain"}>{state}</Badge>
      </header>
      <p class="mono">{id}</p>
      <dl class="model-facts">
        {!isBuiltIn && (
          <>
            <dt>Parameters</dt>
            <dd>{formatFigure(parameters, "", 3)}</dd>
            <dt>{state === "loaded" ? "In memory, about" : "On disk"}</dt>
            <dd>{formatBytes(sizeBytes)}</dd>
            <dt>Licence</dt>
            <dd>{licence ?? "not stated"}</dd>
            <dt>Source</dt>
            <dd>{source}</dd>
            <dt>SHA-256</dt>
            <dd class="mono" title={digest ?? ""}>
              {digest?.slice(0, 12)}
            </dd>
          </>
        )}
        <dt>Looks at</dt>
        <dd>{maxContext === null ? "all points" : `${formatNumber(maxContext, 0)} points`}</dd>
        <dt>Forecasts</dt>
        <dd>up to {formatNumber(maxHorizon, 0)} steps</dd>
      </dl>
      <div class="card-foot">
        <div class="row">
          <button type="button" disabled={chosen} onClick={() => modelId().set(id)}>
            {chosen ? "In use" : "Use it"}
          </button>
          {state === "on disk" && (
            <button type="button" class="quiet" onClick={() => tell("load", { id })}>
              Load
            </button>
          )}
          {state === "loaded" && (
            <button type="button" class="quiet" onClick={() => tell("unload", { id })}>
              Unload
            </button>
          )}
        </div>
        {!isBuiltIn && <Sure label="Remove" question={`Remove ${id}?`} onSure={() => void tell("remove", { id })} />}
      </div>
    </section>
  );
}

const MB = 1e6;

function PullLine({ pull, tell }: { pull: PullAnswer; tell: Tell }) {
  const { id, state, doneBytes, totalBytes, elapsedS, fault, asksForLicence } = pull;
  if (state === "failed") {
    return (
      <div class="fault" role="alert">
        <p class="fault-what">
          {id} was not pulled. {fault}
        </p>
        <div class="row">
          <button type="button" onClick={() => tell("pull", { id, accept_license: asksForLicence === true })}>
            {asksForLicence ? "Accept the licence and pull" : "Go on pulling"}
          </button>
          <button type="button" class="quiet" onClick={() => tell("stop", { id })}>
            Forget
          </button>
        </div>
      </div>
    );
  }
  return (
    <div class="row pull">
      {totalBytes === 0 ? (
        <p class="quiet-text loading">Asking the hub for {id}</p>
      ) : (
        <Progress label={`Pulling ${id}`} unit="MB" done={doneBytes / MB} total={totalBytes / MB} elapsedS={elapsedS} />
      )}
      <button type="button" class="quiet" onClick={() => tell("stop", { id })}>
        Stop
      </button>
    </div>
  );
}

const KNOWN = [
  "google/timesfm-2.0-500m-pytorch",
  "google/timesfm-2.5-200m-pytorch",
  "google/timesfm-1.0-200m-pytorch",
  "amazon/chronos-bolt-tiny",
  "amazon/chronos-bolt-small",
  "amazon/chronos-bolt-base",
];

function PullForm({ hub, tell }: { hub: string; tell: Tell }) {
  const [id, setId] = useState("");
  function submit(event: Event): void {
    event.preventDefault();
    void tell("pull", { id: id.trim() });
  }
  return (
    <form class="panel-tools" onSubmit={submit}>
      <label class="wide">
        Get a larger model from {hub}
        <input
          type="text"
          list="known-models"
          placeholder="OWNER/NAME"
          required
          value={id}
          onInput={(event) => setId(event.currentTarget.value)}
        />
      </label>
      <datalist id="known-models">
        {KNOWN.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <button type="submit">Pull</button>
      <p class="quiet-text">
        Offline: <code>foresight model import DIR</code> takes a folder.
      </p>
    </form>
  );
}
