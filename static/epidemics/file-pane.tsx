import type { FileAnswer } from "../../src/systems/epistemix/schema/page";
import { downloadText } from "../common/download";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { CodeLines } from "./code-lines";
import { at } from "./session";

/** A file of a run's result. */
export function FilePane({ run, path }: { run: number; path: string }) {
  const file = useLoaded<FileAnswer>(at(`/runs/${run}/file?path=${encodeURIComponent(path)}`));
  return (
    <Loading what="the file" loaded={file}>
      {({ text, isCut }) => (
        <>
          <div class="row">
            <button
              type="button"
              class="quiet"
              onClick={() => downloadText(path.split("/").at(-1)!, "text/plain", text)}
            >
              Save
            </button>
            {isCut && <span class="quiet-text">The file goes on; the ZIP of the run has the whole.</span>}
          </div>
          <CodeLines label={path} text={text === "" ? "(empty)" : text} />
        </>
      )}
    </Loading>
  );
}
