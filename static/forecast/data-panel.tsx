import { useRef } from "preact/hooks";
import type { ReadingAnswer, ReadingOptions, SamplesAnswer } from "../../src/systems/forecasting/page/schema";
import { useLoaded } from "../common/load";
import { useStore } from "../common/store";
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
      <label>
        Sample
        <select
          value={name === "" ? sample : ""}
          onChange={(event) => event.currentTarget.value !== "" && goTo({ sample: event.currentTarget.value })}
        >
          {name !== "" && <option value="">{name}</option>}
          {samples.map(({ name: one, title }) => (
            <option key={one} value={one}>
              {title}
            </option>
          ))}
        </select>
      </label>
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
        <label>
          Series shown
          <select value={series.id} onChange={(event) => choose({ series: event.currentTarget.value })}>
            {ids.map((id) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
          </select>
        </label>
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
    <label>
      <span>
        {label} {isGuessed && <span class="quiet-text">guessed</span>}
      </span>
      <select
        value={guess ?? ""}
        onChange={(event) => choose({ [name]: event.currentTarget.value || undefined, ...FORGOTTEN[name] })}
      >
        {none !== undefined && <option value="">{none}</option>}
        {columns.map((column) => (
          <option key={column} value={column}>
            {column}
          </option>
        ))}
      </select>
    </label>
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
        <label key={name} class="check">
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
          <label key={name}>
            {label}
            <select value={choices[name] ?? ""} onChange={(event) => set(name, event.currentTarget.value)}>
              <option value="">{name === "duplicates" || name === "gaps" ? "refuse" : "guess"}</option>
              {known.map(([value, title]) => (
                <option key={value} value={value}>
                  {title}
                </option>
              ))}
            </select>
          </label>
        ))}
        <label>
          Time zone
          <input
            type="text"
            placeholder="Europe/Berlin"
            value={choices.timezone ?? ""}
            onChange={(event) => set("timezone", event.currentTarget.value.trim())}
          />
        </label>
        {read.sheet !== undefined && (
          <label>
            Sheet
            <input
              type="text"
              value={choices.sheet ?? read.sheet}
              onChange={(event) => set("sheet", event.currentTarget.value.trim())}
            />
          </label>
        )}
        <button type="button" class="quiet" onClick={() => choose({ ...NOTHING })}>
          Back to the guesses
        </button>
      </div>
    </details>
  );
}

const NOTHING = Object.fromEntries(
  ["time", "target", "id", "series", "covariates", "timezone", "sheet", ...WRITTEN.map(({ name }) => name)].map(
    (name) => [name, undefined],
  ),
);
