import type { ShownReport } from "../../src/systems/jobs/schema/shown";
import { Fault } from "../common/fault";
import { useShown } from "./result";
import { Sections } from "./sections";

interface PreviewProps {
  ids: readonly string[];
  type: string;
  title: string;
  note: string;
}

/** What the report will show, drawn at once. */
export function Preview({ ids, type, title, note }: PreviewProps) {
  const { value, fault, retry } = useShown({ ids, reportType: type });
  return (
    <section class="panel preview" aria-label="Preview">
      <h2 class="quiet-text">Preview</h2>
      {ids.length === 0 && <p>No jobs chosen. Choose one or more completed jobs.</p>}
      {ids.length > 0 && fault !== undefined && <Fault report={fault} retry={retry} />}
      {ids.length > 0 && fault === undefined && value === undefined && (
        <p class="quiet-text loading">Loading the preview</p>
      )}
      {ids.length > 0 && fault === undefined && value !== undefined && (
        <>
          <h3 class="preview-title">{title || value.title}</h3>
          {note !== "" && <p>{note}</p>}
          {chaptersOf(value).map(({ heading, sections }, place) => (
            <section key={`${place} ${heading}`}>
              <h3>{heading}</h3>
              <Sections sections={sections} of={`${place + 1} ${heading}`} name={`p${place}`} />
            </section>
          ))}
        </>
      )}
    </section>
  );
}

function chaptersOf({ simulations, comparison }: ShownReport) {
  if (comparison !== undefined) return comparison.map(({ title, sections }) => ({ heading: title, sections }));
  return simulations.map(({ title, sections }) => ({ heading: title, sections }));
}
