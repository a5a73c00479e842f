import type { ModelAnswer } from "../../src/systems/epistemix/schema/page";
import { Empty } from "../common/empty";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { CodeLines } from "./code-lines";
import * as place from "./place";
import { at } from "./session";
import { useShown } from "./shown";

/** The model as it was run, with what it was run with. */
export default function ModelTab() {
  const { job } = useShown();
  const model = useLoaded<ModelAnswer>(at(`/jobs/${job.id}/model`));
  function edit({ main, files }: ModelAnswer): void {
    const given = job.configurations[0];
    place.modelFiles.set(files);
    place.editedFile.set(main);
    if (given === undefined) return;
    place.locations.set(given.locations.join(" "));
    if (given.startDate !== null) place.startDate.set(given.startDate);
    if (given.endDate !== null) place.endDate.set(given.endDate);
    place.parameters.set(
      Object.entries(given.parameters)
        .map(([name, value]) => `${name}=${value}`)
        .join(", "),
    );
  }
  return (
    <Loading what="the model" loaded={model}>
      {(loaded) =>
        Object.keys(loaded.files).length === 0 ? (
          <Empty what="No model was uploaded: the built-in SEIR model ran." />
        ) : (
          <>
            <div class="row">
              <button type="button" onClick={() => edit(loaded)}>
                Edit a copy
              </button>
            </div>
            {Object.entries(loaded.files).map(([path, text]) => (
              <div key={path}>
                <h3>{path}</h3>
                <CodeLines label={path} text={text} />
              </div>
            ))}
          </>
        )
      }
    </Loading>
  );
}
