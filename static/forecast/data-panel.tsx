import { useRef } from "preact/hooks";
import type { ReadingAnswer, ReadingOptions, SamplesAnswer } from "../../src/systems/forecasting/page/schema";
import { useLoaded } from "../common/load";
import { useStore } from "../common/store";
import { Choice, Field } from "./field";
import { choose, fileName, goTo, readingChoices, sampleName } from "./place";
import { takeFile } from "./reading";

/** What is forecast: a sample or a file, and what each of its columns is. */
export function DataPanel({ reading }: { reading: ReadingAnswer | undefined }) {
  return (
    <fieldset class="choices">
      <legend>Data</legend>
      <SourceChoice />
      {reading !== undefined && <Columns reading={reading} />}
    </fieldset>
  );
}

const ACCEPTED = ".csv,.tsv,.txt,.json,.xlsx";

function SourceChoice() {
  const samples = useLoaded<SamplesAnswer>("/api/v1/samples").value?.samples ?? [];
  const [name, sample] = [useStore(fileName()), useStore(sampleName())];
  const input = useRef<HTMLInputElement>(null);
  const about = samples.find((one) => one.name === sample)?.about;
  return (
    <>
      <button type="button" class="primary" onClick={() => input.current?.click()}>
        Choose a file
      </button>
      <input
        ref={input}
        type="file"
        accept={ACCEPTED}
        aria-label="File to forecast"
        class="spoken"
        tabIndex={-1}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file !== undefined) takeFile(file);
          event.currentTarget.value = "";
        }}
      />
      <p class="quiet-text">Or drop it anywhere. CSV, JSON or XLSX. It stays on this server.</p>
      <Choice
        label="Sample"
        value={name === "" ? sample : ""}
        choices={[
          ...(name === "" ? [] : [["", name] as const]),
          ...samples.map(({ name: one, title }) => [one, title] as const),
        ]}
        onChange={(next) => next !== "" && goTo({ sample: next })}
      />
      {name === "" && about !== undefined && <p class="quiet-text">{about}</p>}
    </>
  );
}

function Columns({ reading: { read, ids, count, series } }: { reading: ReadingAnswer }) {
  const { columns } = read;
  const others = columns.filter((name) => name !== read.time && name !== read.target && name !== read.id);
  return (
    <>
      <Column label="Date" name="time" guess={read.time} columns={columns} none="no dates" />
      <Column label="Value to forecast" name="target" guess={read.target} columns={columns} />
      <Column label="Series by" name="id" guess={read.id} columns={columns} none="one series" />
      {count > 1 && (
        <Choice
          label="Series shown"
          value={series.id ?? ""}
          choices={ids.map((id) => [id, id] as const)}
          onChange={(id) => choose({ series: id })}
        />
      )}
      {others.length > 0 && <Covariates names={others} chosen={read.covariates} />}
      <HowItIsWritten read={read} />
    </>
  );
}

interface ColumnProps {
  label: string;
  name: "time" | "target" | "id";
  /** What was read. */
  guess: string | undefined;
  columns: readonly string[];
  /** What it means that there is none; absent where there must be one. */
  none?: string;
}

function Column({ label, name, guess, columns, none }: ColumnProps) {
  const chosen = useStore(readingChoices())[name];
  const isGuessed = chosen === undefined && guess !== undefined;
  return (
    <Choice
      label={label}
      {...(isGuessed && { note: "guessed" })}
      value={guess ?? ""}
      choices={[
        ...(none === undefined ? [] : [["", none] as const]),
        ...columns.map((column) => [column, column] as const),
      ]}
      onChange={(value) => choose({ [name]: value || undefined, ...FORGOTTEN[name] })}
    />
  );
}

/** What was chosen for another column says nothing of this one. */
const FORGOTTEN = { time: {}, target: { covariates: undefined }, id: { series: undefined } };

function Covariates({ names, chosen }: { names: readonly string[]; chosen: readonly string[] }) {
  const toggle = (name: string, on: boolean) =>
    choose({ covariates: on ? [...chosen, name] : chosen.filter((one) => one !== name) });
  return (
    <fieldset class="checks-list">
      <legend>Known ahead (covariates)</legend>
      {names.map((name) => (
        <label key={name} class="tick">
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            onChange={(event) => toggle(name, event.currentTarget.checked)}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

type WrittenName = "date_format" | "decimal" | "thousands" | "delimiter" | "duplicates" | "gaps";

/** Choices whose empty one leaves the guess. */
const WRITTEN: { name: WrittenName; label: string; choices: readonly (readonly [value: string, title: string])[] }[] = [
  {
    name: "date_format",
    label: "Dates",
    choices: [
      ["dmy", "day first"],
      ["mdy", "month first"],
    ],
  },
  {
    name: "decimal",
    label: "Decimal sign",
    choices: [
      [".", "point"],
      [",", "comma"],
    ],
  },
  {
    name: "thousands",
    label: "Thousands",
    choices: [
      [",", "comma"],
      [".", "point"],
      [" ", "space"],
      ["'", "apostrophe"],
    ],
  },
  {
    name: "delimiter",
    label: "Between cells",
    choices: [
      [",", "comma"],
      [";", "semicolon"],
      ["\t", "tab"],
      ["|", "bar"],
    ],
  },
  {
    name: "duplicates",
    label: "Rows of one date",
    choices: [
      ["sum", "add up"],
      ["mean", "mean"],
      ["first", "first"],
      ["last", "last"],
    ],
  },
  { name: "gaps", label: "Large gaps", choices: [["fill", "fill"]] },
];

function HowItIsWritten({ read }: { read: ReadingAnswer["read"] }) {
  const choices = useStore(readingChoices());
  const set = (name: keyof ReadingOptions, value: string) => choose({ [name]: value === "" ? undefined : value });
  return (
    <details>
      <summary>How the file is written</summary>
      <div class="choices">
        {WRITTEN.map(({ name, label, choices: known }) => (
          <Choice
            key={name}
            label={label}
            value={choices[name] ?? ""}
            choices={[["", name === "duplicates" || name === "gaps" ? "refuse" : "guess"], ...known]}
            onChange={(value) => set(name, value)}
          />
        ))}
        <Text label="Time zone" value={choices.timezone ?? ""} onChange={(value) => set("timezone", value)} />
        {read.sheet !== undefined && (
          <Text label="Sheet" value={choices.sheet ?? read.sheet} onChange={(value) => set("sheet", value)} />
        )}
        <button type="button" class="quiet" onClick={() => choose({ ...NOTHING })}>
          Back to the guesses
        </button>
      </div>
    </details>
  );
}

/** Taken when it is whole: on Enter, or when somebody goes on. */
function Text({ label, value, onChange }: { label: string; value: string; onChange(value: string): void }) {
  return (
    <Field label={label}>
      {(id) => (
        <input id={id} type="text" value={value} onChange={(event) => onChange(event.currentTarget.value.trim())} />
      )}
    </Field>
  );
}

const NOTHING = Object.fromEntries(
  ["time", "target", "id", "series", "covariates", "timezone", "sheet", ...WRITTEN.map(({ name }) => name)].map(
    (name) => [name, undefined],
  ),
);
